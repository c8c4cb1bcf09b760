/** One patrol: its plan, its runs with their ledgers and photos, and what one can do with it. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { patrols as calls } from '../api/calls';
import type { Patrol, Run } from '../api/types';
import { fitSite, tourOf, tours, type TourStop } from '../map/focus';
import { named } from '../map/features';
import { toMap } from '../logic/projection';
import { say, t } from '../messages';
import { ACTIONS } from '../state/actions';
import { site, world } from '../state/live';
import { useMission } from '../state/missions';
import { patrols, removePatrol } from '../state/patrols';
import { language } from '../state/prefs';
import { go } from '../state/route';
import { may } from '../state/session';
import { toast } from '../state/toasts';
import { useResource } from '../state/useresource';
import { Actions, Button, IconButton, useAct } from '../ui/button';
import { Switch } from '../ui/form';
import { Icon } from '../ui/icon';
import { Ledger, MissionPhotos } from '../ui/ledger';
import { Fact, Facts, Panel, Progress, Section } from '../ui/panel';
import { rhythmText } from '../ui/rhythm';
import { stopName } from '../ui/robotwords';
import { Loading, When } from '../ui/states';
import { Age, Moment, whenText } from '../ui/time';

export function PatrolPanel({ patrol }: { patrol: Patrol }) {
  const m = t().patrols;
  const next = patrol.next_runs[0];
  const planned = patrol.viewpoint_ids.join(',');
  useEffect(fitSite, [patrol.patrol_id]);
  const run = useSignal<readonly string[]>([]); // missions of the run that is open
  const missions = run.value.flatMap((id) => world.value.missions.get(id) ?? []);
  useEffect(() => {
    tours.value = missions.length > 0 ? missions.map(tourOf) : [plannedTour(patrol.viewpoint_ids)];
    return () => void (tours.value = []);
  }, [planned, missions.map((x) => `${x.mission_id} ${x.state} ${x.done}`).join(), site.value, language.value]);
  const robots = patrol.robot_ids.map((id) => say(world.value.robots.get(id)?.name) || id);
  return (
    <Panel
      title={patrol.name}
      label={patrol.name}
      focusKey={patrol.patrol_id}
      back={() => go('patrols')}
      aside={may(ACTIONS.patrolEdit) && <PatrolTools patrol={patrol} />}
      lead={
        <>
          <p class="lead-place">{rhythmText(patrol.rrule)}</p>
          <p>
            {!patrol.enabled ? m.disabled : next ? `${m.next} ${whenText(next)}` : m.noNext}
            {patrol.enabled && patrol.next_runs.length > 1 && (
              <span class="faint num">
                {' '}
                ·{' '}
                {patrol.next_runs
                  .slice(1, 4)
                  .map((at) => whenText(at))
                  .join(t().common.list)}
              </span>
            )}
          </p>
          {say(patrol.because) && <p class="because">{say(patrol.because)}</p>}
        </>
      }
    >
      <PatrolActs patrol={patrol} />
      <Runs patrol={patrol} onOpen={(open) => (run.value = open)} />
      <Section
        title={t().patrolForm.viewpoints}
        aside={<span class="aside num">{m.viewpoints(patrol.viewpoint_ids.length)}</span>}
      >
        <ol class="stops">
          {patrol.viewpoint_ids.map((id, i) => (
            <li key={id}>
              <i class="num">{i + 1}</i>
              {stopName(id)}
            </li>
          ))}
        </ol>
      </Section>
      <Section title={t().patrolForm.robots}>
        <Facts>
          <Fact name={t().patrolForm.robots}>
            {robots.length > 0 ? robots.join(t().common.list) : m.anyRobot} · {m.robotsWanted(patrol.robots_wanted)}
          </Fact>
          <Fact name={t().patrolForm.missed}>{t().patrolForm.missedChoice[patrol.missed]}</Fact>
          <Fact name={t().patrolForm.overlap}>{t().patrolForm.overlapChoice[patrol.overlap]}</Fact>
          <Fact name={t().settings.timezone}>{patrol.timezone}</Fact>
        </Facts>
      </Section>
    </Panel>
  );
}

/** The plan as a tour nobody has begun. */
function plannedTour(ids: readonly string[]): TourStop[] {
  const known = site.peek();
  if (known.state !== 'ready') return [];
  const points = new Map(named(known.data.map, 'viewpoint').map((v) => [v.id, v]));
  return ids.flatMap((id) => {
    const v = points.get(id);
    return v ? [{ id, name: say(v.name), at: toMap(known.data.origin, v.at), look: 'waiting' as const }] : [];
  });
}

function PatrolTools({ patrol }: { patrol: Patrol }) {
  const m = t().patrols;
  return (
    <>
      <IconButton label={m.edit} icon="edit" onClick={() => go('patrols', patrol.patrol_id, 'edit')} />
      <IconButton
        label={m.remove}
        icon="trash"
        onClick={() => {
          removePatrol(patrol);
          go('patrols');
        }}
      />
    </>
  );
}

function PatrolActs({ patrol }: { patrol: Patrol }) {
  const m = t().patrols;
  const run = useAct(
    () => m.runNow,
    async () => {
      const { missions } = await calls.run(patrol.patrol_id);
      toast('done', m.runStarted(missions.length));
      void patrols.reload();
    },
  );
  const enable = useAct(
    () => (patrol.enabled ? m.disable : m.enable),
    async (enabled: boolean) => {
      const { patrol_id, next_runs: _next, last_run: _last, because: _because, ...draft } = patrol;
      await calls.update(patrol_id, { ...draft, enabled });
      await patrols.reload();
      toast('done', enabled ? m.enabled(patrol.name) : m.disabledDone(patrol.name));
    },
  );
  if (!may(ACTIONS.patrolRun) && !may(ACTIONS.patrolEdit)) return null;
  return (
    <Actions>
      {may(ACTIONS.patrolRun) && (
        <Button kind="primary" icon="play" label={m.runNow} busy={run.busy} onClick={() => void run.run()} />
      )}
      {may(ACTIONS.patrolEdit) && (
        <Switch
          label={m.enable}
          checked={patrol.enabled}
          disabled={enable.busy}
          onChange={(enabled) => void enable.run(enabled)}
        />
      )}
    </Actions>
  );
}

type OnOpen = (missionIds: readonly string[]) => void;

function Runs({ patrol, onOpen }: { patrol: Patrol; onOpen: OnOpen }) {
  const m = t().patrols;
  const last = patrol.last_run;
  const runs = useResource(`${patrol.patrol_id}/${last?.run_id ?? ''}/${last?.state ?? ''}`, () =>
    calls.runs(patrol.patrol_id),
  );
  const chosen = useSignal<string | null>(null);
  return (
    <Section title={m.runs}>
      <When of={runs} what={m.runs}>
        {({ items }) => {
          if (items.length === 0) return <p class="hint">{m.runsEmpty}</p>;
          const open =
            items.find((r) => r.run_id === chosen.value) ?? items.find((r) => r.mission_ids.length > 0) ?? items[0];
          return (
            <>
              <ul class="runs">
                {items.map((run) => (
                  <li key={run.run_id}>
                    <button
                      type="button"
                      class={`run run-${run.state}`}
                      aria-pressed={run === open}
                      onClick={() => (chosen.value = run.run_id)}
                    >
                      <Icon name={RUN_ICON[run.state]} size={16} />
                      <span>
                        <Moment iso={run.started_at ?? run.due_at} />
                      </span>
                      <span class="faint">{m.runState[run.state]}</span>
                    </button>
                  </li>
                ))}
              </ul>
              {open && <RunDetail key={open.run_id} run={open} onOpen={onOpen} />}
            </>
          );
        }}
      </When>
    </Section>
  );
}

const RUN_ICON = { started: 'play', done: 'check', skipped: 'minus', failed: 'alert' } as const;

function RunDetail({ run, onOpen }: { run: Run; onOpen: OnOpen }) {
  useEffect(() => {
    onOpen(run.mission_ids);
    return () => onOpen([]);
  }, [run.run_id, run.mission_ids.length]);
  return (
    <div class="run-detail">
      {say(run.because) && (
        <p class={`notice ${run.state === 'skipped' || run.state === 'failed' ? 'notice-warn' : ''}`}>
          <Icon name="info" size={16} />
          <span>{say(run.because)}</span>
        </p>
      )}
      {run.mission_ids.map((id) => (
        <MissionPart key={id} missionId={id} />
      ))}
    </div>
  );
}

function MissionPart({ missionId }: { missionId: string }) {
  const m = t();
  const { mission, error } = useMission(missionId);
  if (error) return <p class="hint">{m.errors.loadFailed(m.robots.mission)}</p>;
  if (!mission) return <Loading rows={2} />;
  const robot = say(world.value.robots.get(mission.robot_id)?.name) || mission.robot_id;
  return (
    <article class="mission">
      <header class="section-head">
        <h4>{m.patrols.mission(robot)}</h4>
        <span class="aside num">
          {m.robots.missionState[mission.state]} · {m.robots.progress(mission.done, mission.total)}
        </span>
      </header>
      <Progress done={mission.done} total={mission.total} label={m.robots.progress(mission.done, mission.total)} />
      {mission.state !== 'underway' && say(mission.because) && (
        <p class="hint">
          {say(mission.because)}
          {mission.ended_at && (
            <>
              {' · '}
              <Age iso={mission.ended_at} />
            </>
          )}
        </p>
      )}
      {say(mission.chosen_because) && <p class="hint">{m.robots.chosen(say(mission.chosen_because))}</p>}
      <MissionPhotos mission={mission} />
      <Ledger mission={mission} />
    </article>
  );
}
