/** A robot in a list: its latest picture, what it does, its battery, its mission's progress, and the age of it all. */
import type { KnownRobot } from '../logic/world';
import { say, t } from '../messages';
import { hrefOf } from '../state/route';
import { Icon } from './icon';
import { Progress } from './panel';
import { batteryText, isStale, robotSentence, silentFor_s } from './robotwords';
import { ageText } from './time';

export function Battery({ robot }: { robot: KnownRobot }) {
  const m = t();
  const text = batteryText(robot);
  const low = robot.battery_pct !== null && robot.battery_pct < 20;
  return (
    <span class={`battery ${low ? 'battery-low' : ''}`} title={m.robots.battery}>
      <svg width="22" height="12" viewBox="0 0 22 12" aria-hidden="true">
        <rect
          x="0.7"
          y="0.7"
          width="18.1"
          height="10.6"
          rx="2.4"
          fill="none"
          stroke="currentColor"
          stroke-width="1.4"
        />
        <rect x="20" y="3.8" width="1.8" height="4.4" rx="0.9" fill="currentColor" />
        <rect x="2.6" y="2.6" width={(14.3 * (robot.battery_pct ?? 0)) / 100} height="6.8" rx="1" fill="currentColor" />
      </svg>
      <span class="num">{text ?? m.common.unknown}</span>
      {robot.charging && <Icon name="electric" size={14} />}
      <span class="unseen">{robot.charging ? m.robots.charging : ''}</span>
    </span>
  );
}

/** Why the robot's values may not be believed; nothing while it is heard. */
export function LinkNote({ robot }: { robot: KnownRobot }) {
  const m = t().robots;
  if (!isStale(robot)) return null;
  const silent_s = silentFor_s(robot);
  return (
    <p class="notice notice-warn">
      <Icon name="offline" size={16} />
      <span>{robot.link === 'never' || silent_s === null ? m.neverHeard : m.lostFor(ageText(silent_s))}</span>
    </p>
  );
}

export function RobotCard({ robot }: { robot: KnownRobot }) {
  const m = t();
  const silent_s = silentFor_s(robot);
  const stale = isStale(robot);
  const picture = robot.latest_picture;
  return (
    <li>
      <a
        class={`card ${stale ? 'card-stale' : ''}`}
        href={hrefOf('robots', robot.robot_id)}
        data-robot={robot.robot_id}
      >
        <span class="card-photo">
          {picture && picture.complete !== false ? (
            <img src={picture.url} alt="" width={640} height={480} loading="lazy" />
          ) : (
            <Icon name="robots" size={30} />
          )}
        </span>
        <span class="card-main">
          <span class="card-title">
            <b>{say(robot.name)}</b>
            <Battery robot={robot} />
          </span>
          <span class="card-line">{robotSentence(robot)}</span>
          {robot.mission && (
            <span class="card-mission">
              <Progress
                done={robot.mission.done}
                total={robot.mission.total}
                label={m.robots.progress(robot.mission.done, robot.mission.total)}
              />
              <span class="num">{m.robots.progress(robot.mission.done, robot.mission.total)}</span>
            </span>
          )}
          <span class={`age ${stale ? 'age-stale' : ''}`}>
            {stale
              ? [robot.link !== 'never' && m.robots.link.lost, silent_s !== null && ageText(silent_s)]
                  .filter(Boolean)
                  .join(' · ')
              : silent_s !== null && m.robots.lastHeard(ageText(silent_s))}
          </span>
        </span>
      </a>
    </li>
  );
}
