/** A robot's parts as they say of themselves, each with its reason and its age. */
import { useEffect } from 'preact/hooks';
import { robots as calls } from '../api/calls';
import type { Part } from '../api/types';
import type { KnownRobot } from '../logic/world';
import { say, t } from '../messages';
import { tell } from '../state/live';
import { wallNow } from '../state/now';
import { Icon } from './icon';
import { isStale } from './robotwords';
import { ageText } from './time';

const RENEW_MS = 5_000; // the stream tells of parts only when something changes; their ages need asking
const OLD_S = 3; // as the center has it: a silent part is unavailable

export const PART_ICON = { ok: 'check', degraded: 'alert', unavailable: 'minus' } as const;

/** Asks for these robots again and again while the component is there. */
export function useFreshParts(robotIds: readonly string[]): void {
  const ids = robotIds.join(' ');
  useEffect(() => {
    const renew = () => {
      if (document.hidden) return;
      for (const id of ids.split(' ').filter(Boolean)) {
        calls.read(id).then(
          (robot) => tell({ type: 'robot-answer', data: robot }),
          () => undefined, // the banner over the map says that the center is not heard; ages go on growing
        );
      }
    };
    renew();
    const timer = setInterval(renew, RENEW_MS);
    return () => clearInterval(timer);
  }, [ids]);
}

export function Parts({ robot }: { robot: KnownRobot }) {
  const m = t().robots;
  if (robot.parts.length === 0) return <p class="hint">{m.noParts}</p>;
  return (
    <ul class="components">
      {robot.parts.map((part) => (
        <PartLine key={part.name} part={part} robot={robot} />
      ))}
    </ul>
  );
}

function PartLine({ part, robot }: { part: Part; robot: KnownRobot }) {
  const m = t();
  const names: Readonly<Record<string, string>> = m.robots.part;
  const why = say(part.because);
  const age_s = part.age_s === null ? null : part.age_s + (wallNow.value - robot.told_ms) / 1000;
  const small = [
    part.version && m.robots.partVersion(part.version),
    age_s !== null && (age_s > OLD_S + RENEW_MS / 1000 || isStale(robot)) && m.robots.partAge(ageText(age_s)),
  ].filter(Boolean);
  return (
    <li class={`component component-${part.state}`} data-part={part.name}>
      <Icon name={PART_ICON[part.state]} size={16} />
      <span>
        {m.settings.component(names[part.name] ?? part.name, m.settings.state[part.state], why)}
        {small.length > 0 && <small class="faint"> · {small.join(' · ')}</small>}
      </span>
    </li>
  );
}
