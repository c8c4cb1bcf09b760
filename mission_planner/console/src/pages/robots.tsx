/** Robots: the list, and one robot with what it does, why, and what one can tell it. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { missions as missionCalls, robots as calls } from '../api/calls';
import type { KnownRobot } from '../logic/world';
import { flyTo, tourOf, tours } from '../map/focus';
import { say, t } from '../messages';
import { snapshotSeen, tellMission, world } from '../state/live';
import { useKey } from '../state/keys';
import { useMission } from '../state/missions';
import { language, onPhone } from '../state/prefs';
import { go, hrefOf } from '../state/route';
import { may } from '../state/session';
import { toast } from '../state/toasts';
import { useResource } from '../state/useresource';
import { Actions, Button, useAct } from '../ui/button';
import { Confirm } from '../ui/dialog';
import { Icon } from '../ui/icon';
import { Ledger } from '../ui/ledger';
import { Fact, Facts, Panel, Progress, Section } from '../ui/panel';
import { Parts, useFreshParts } from '../ui/parts';
import { LatestPhoto } from '../ui/photos';
import { Battery, LinkNote, RobotCard } from '../ui/robotcard';
import { isStale, nextStopName, placeOf, robotSentence, silentFor_s } from '../ui/robotwords';
import { SpeakButton, SpeechLine } from '../ui/speak';
import { Blank, Loading, When } from '../ui/states';
import { Age, ageText } from '../ui/time';
import { ACTIONS } from '../state/actions';
import { RobotTile } from '../video/tile';

export function Robots({ id }: { id: string | null }) {
  const m = t();
  const robot = id ? world.value.robots.get(id) : undefined;
  if (!snapshotSeen.value) {
    return (
      <Panel title={m.robots.title} label={m.robots.title}>
        <Loading />
      </Panel>
    );
  }
  if (robot) return <RobotPanel key={robot.robot_id} robot={robot} />;
  const all = [...world.value.robots.values()];
  return (
    <Panel title={m.robots.title} label={m.robots.title}>
      {all.length === 0 ? (
        <Blank icon="robots" title={m.robots.empty} why={m.robots.emptyWhy} />
      ) : (
        <ul class="cards">
          {all.map((r) => (
            <RobotCard key={r.robot_id} robot={r} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function RobotPanel({ robot }: { robot: KnownRobot }) {
  const m = t();
  const { mission } = useMission(robot.mission?.mission_id ?? null);
  const silent_s = silentFor_s(robot);
  const place = placeOf(robot);
  useFreshParts([robot.robot_id]);

  useEffect(() => {
    if (robot.pose) flyTo(robot.pose);
  }, [robot.robot_id]);
  useEffect(() => {
    tours.value = [tourOf(mission)];
    return () => void (tours.value = []);
  }, [mission, language.value]);

  return (
    <Panel
      title={say(robot.name)}
      label={say(robot.name)}
      focusKey={robot.robot_id}
      back={() => go('robots')}
      aside={<Battery robot={robot} />}
      lead={
        <>
          <p>{robotSentence(robot)}</p>
          <Because robot={robot} />
        </>
      }
    >
      <LinkNote robot={robot} />
      {say(robot.refused) && <p class="notice notice-warn">{m.robots.refused(say(robot.refused))}</p>}
      <RobotTile robot={robot} auto={!onPhone.value} keyed />
      <RobotActs robot={robot} />
      <SpeechLine speech={robot.speech} />
      <Section title={m.robots.latestPicture}>
        {robot.latest_picture ? (
          <LatestPhoto picture={robot.latest_picture} />
        ) : (
          <p class="hint">{m.robots.noPicture}</p>
        )}
      </Section>
      {robot.mission && (
        <Section
          title={`${m.robots.missionKind[robot.mission.kind]} · ${say(robot.mission.name)}`}
          aside={<span class="aside num">{m.robots.progress(robot.mission.done, robot.mission.total)}</span>}
        >
          <Progress
            done={robot.mission.done}
            total={robot.mission.total}
            label={m.robots.progress(robot.mission.done, robot.mission.total)}
          />
          <p class="hint">
            {m.robots.missionState[robot.mission.state]}
            {mission && mission.state !== 'underway' && say(mission.because) && ` — ${say(mission.because)}`}
          </p>
          {mission && say(mission.chosen_because) && <p class="hint">{m.robots.chosen(say(mission.chosen_because))}</p>}
          {mission ? <Ledger mission={mission} /> : <Loading rows={2} />}
        </Section>
      )}
      <Section title={m.robots.what}>
        <Facts>
          <Fact name={m.robots.link_}>
            {m.robots.link[robot.link]}
            {silent_s !== null && (
              <span class={`age ${isStale(robot) ? 'age-stale' : ''}`}> · {ageText(silent_s)}</span>
            )}
          </Fact>
          <Fact name={m.robots.place}>{place || m.common.unknown}</Fact>
          <Fact name={m.robots.lights}>
            {robot.lights_on === null ? m.common.unknown : robot.lights_on ? m.robots.lightsOn : m.robots.lightsOff}
          </Fact>
          <Fact name={m.robots.speed}>
            {robot.speed_mps === null ? m.common.unknown : m.robots.speedValue(robot.speed_mps.toFixed(1))}
          </Fact>
        </Facts>
      </Section>
      <Section title={m.robots.parts}>
        <Parts robot={robot} />
      </Section>
      <RecentMissions robotId={robot.robot_id} current={robot.mission?.mission_id ?? null} />
    </Panel>
  );
}

/** The robot's own reason, unless the sentence above has said it already. */
function Because({ robot }: { robot: KnownRobot }) {
  const why = say(robot.because);
  const next = nextStopName(robot);
  return why && !(next && robot.activity === 'travelling') ? <p class="because">{why}</p> : null;
}

function RobotActs({ robot }: { robot: KnownRobot }) {
  const m = t().robots;
  const asking = useSignal(false);
  const name = say(robot.name);
  const dock = useAct(
    () => m.dock,
    async () => {
      await calls.dock(robot.robot_id);
      toast('done', m.dockDone(name));
    },
  );
  const pause = useAct(
    () => m.pause,
    async () => {
      await calls.pause(robot.robot_id);
      toast('done', m.pauseDone(name), { label: m.resume, run: () => void resume.run() });
    },
  );
  const resume = useAct(
    () => m.resume,
    async () => {
      await calls.resume(robot.robot_id);
      toast('done', m.resumeDone(name));
    },
  );
  const cancel = useAct(
    () => m.cancel,
    async () => {
      if (!robot.mission) return;
      tellMission(await missionCalls.cancel(robot.mission.mission_id, ''));
      toast('done', m.cancelDone);
    },
  );
  const may_ = may(ACTIONS.robotOrder);
  useKey('d', may_ ? () => void dock.run() : null);
  if (!may_) return <p class="hint">{t().common.notPermitted}</p>;
  const paused = robot.mission?.state === 'paused';
  const docked = robot.activity === 'charging' || robot.activity === 'returning';
  return (
    <Actions>
      {paused ? (
        <Button kind="primary" icon="play" label={m.resume} busy={resume.busy} onClick={() => void resume.run()} />
      ) : (
        robot.mission && <Button icon="pause" label={m.pause} busy={pause.busy} onClick={() => void pause.run()} />
      )}
      <Button
        icon="dock"
        label={m.dock}
        shortcut="D"
        busy={dock.busy}
        disabled={docked}
        onClick={() => void dock.run()}
      />
      <SpeakButton robot={robot} />
      <LightsButton robot={robot} />
      {robot.mission && may(ACTIONS.missionOrder) && (
        <Button kind="quiet" label={m.cancel} onClick={() => (asking.value = true)} />
      )}
      {asking.value && (
        <Confirm
          title={m.cancelAsk}
          why={m.cancelAskWhy}
          confirm={m.cancel}
          keep={m.keep}
          busy={cancel.busy}
          onClose={() => (asking.value = false)}
          onConfirm={() => void cancel.run().then(() => (asking.value = false))}
        />
      )}
    </Actions>
  );
}

/** The other way round from what they are; both where that is not known. */
function LightsButton({ robot }: { robot: KnownRobot }) {
  const m = t().speech;
  const lights = useAct(
    () => m.onLights,
    async (on: boolean) => {
      await calls.lights(robot.robot_id, on);
      toast('done', m.lightsAsked(say(robot.name)));
    },
  );
  const ways = robot.lights_on === null ? [true, false] : [!robot.lights_on];
  return (
    <>
      {ways.map((on) => (
        <Button
          key={String(on)}
          icon={on ? 'lamp' : 'lampOff'}
          label={on ? m.onLights : m.offLights}
          busy={lights.busy}
          onClick={() => void lights.run(on)}
        />
      ))}
    </>
  );
}

function RecentMissions({ robotId, current }: { robotId: string; current: string | null }) {
  const m = t();
  const recent = useResource(`${robotId}/${current ?? ''}`, () => missionCalls.ofRobot(robotId));
  return (
    <Section title={m.robots.recentMissions}>
      <When of={recent} what={m.robots.mission}>
        {({ items }) => {
          const past = items.filter((x) => x.mission_id !== current).slice(0, 5);
          if (past.length === 0) return <p class="hint">{m.robots.noMission}</p>;
          return (
            <ul class="rows">
              {past.map((x) => {
                const href = x.patrol_id
                  ? hrefOf('patrols', x.patrol_id)
                  : x.incident_id
                    ? hrefOf('incidents', x.incident_id)
                    : hrefOf('robots', robotId);
                return (
                  <li key={x.mission_id}>
                    <a class="row row-slim" href={href}>
                      <Icon name={x.kind === 'verify' ? 'incidents' : 'patrols'} size={16} />
                      <span class="row-main">
                        <b>{say(x.name)}</b>
                        <span>
                          {m.robots.missionState[x.state]} · {m.robots.progress(x.done, x.total)}
                        </span>
                      </span>
                      <span class="row-end">
                        <Age iso={x.ended_at ?? x.ordered_at} />
                      </span>
                    </a>
                  </li>
                );
              })}
            </ul>
          );
        }}
      </When>
    </Section>
  );
}
