/** The live page's panel: how things stand right now. */
import { byUrgency, isActive } from '../logic/order';
import { say, t } from '../messages';
import { snapshotSeen, world } from '../state/live';
import { patrols, visiblePatrols } from '../state/patrols';
import { go, hrefOf } from '../state/route';
import { ACTIONS } from '../state/actions';
import { may } from '../state/session';
import { trouble } from '../state/trouble';
import { Button } from '../ui/button';
import { Icon } from '../ui/icon';
import { Panel, Section } from '../ui/panel';
import { RobotCard } from '../ui/robotcard';
import { isStale } from '../ui/robotwords';
import { Blank, Loading, When } from '../ui/states';
import { Mark } from '../ui/mark';
import { Age, Moment } from '../ui/time';
import { placeText } from '../ui/placewords';

const COMING = 4;

export function Overview() {
  const m = t();
  const robots = [...world.value.robots.values()];
  return (
    <Panel title={m.live.overview} label={m.live.overview}>
      {!snapshotSeen.value ? (
        <Loading rows={5} />
      ) : (
        <>
          <Standing />
          <Section
            title={m.live.robotsNow}
            aside={
              robots.length > 0 && (
                <span class="aside">{m.live.onlineOf(robots.filter((r) => !isStale(r)).length, robots.length)}</span>
              )
            }
          >
            {robots.length === 0 ? (
              <Blank icon="robots" title={m.robots.empty} why={m.robots.emptyWhy} />
            ) : (
              <ul class="cards">
                {robots.map((robot) => (
                  <RobotCard key={robot.robot_id} robot={robot} />
                ))}
              </ul>
            )}
          </Section>
          <Section title={m.live.nextPatrols}>
            <When of={patrols} what={m.patrols.what}>
              {() => <Coming />}
            </When>
          </Section>
        </>
      )}
    </Panel>
  );
}

/** The most urgent incident, or the good word that there is none. */
function Standing() {
  const m = t();
  const active = [...world.value.incidents.values()].filter((i) => isActive(i.state)).sort(byUrgency);
  const robots = [...world.value.robots.values()];
  if (active.length === 0) {
    const quiet = robots.length > 0 && !robots.some(isStale) && trouble.value.length === 0;
    return (
      <div class="standing">
        <Icon name="done" size={26} />
        <div>
          <strong>{quiet ? m.live.allQuiet : m.incidents.emptyActive}</strong>
          <p>{quiet ? m.live.allQuietWhy : m.incidents.emptyActiveWhy}</p>
        </div>
      </div>
    );
  }
  return (
    <ul class="rows">
      {active.slice(0, 3).map((incident) => (
        <li key={incident.incident_id}>
          <a class="row" href={hrefOf('incidents', incident.incident_id)}>
            <Mark priority={incident.priority} state={incident.state} size={22} />
            <span class="row-main">
              <b>{say(incident.kind_name)}</b>
              <span>{placeText(incident)}</span>
            </span>
            <span class="row-end">
              <Age iso={incident.opened_at} />
              <span>{m.incidents.state[incident.state]}</span>
            </span>
          </a>
        </li>
      ))}
    </ul>
  );
}

function Coming() {
  const m = t();
  const coming = visiblePatrols.value
    .filter((p) => p.enabled)
    .flatMap((p) => p.next_runs.slice(0, 3).map((at) => ({ patrol: p, at })))
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at))
    .slice(0, COMING);
  if (coming.length === 0) {
    return (
      <Blank icon="patrols" title={m.live.noPatrols} why={m.patrols.emptyWhy}>
        {may(ACTIONS.patrolEdit) && <Button label={m.live.planOne} icon="plus" onClick={() => go('patrols', 'new')} />}
      </Blank>
    );
  }
  return (
    <ul class="rows">
      {coming.map(({ patrol, at }) => (
        <li key={patrol.patrol_id + at}>
          <a class="row row-slim" href={hrefOf('patrols', patrol.patrol_id)}>
            <Moment iso={at} />
            <span class="row-main">{patrol.name}</span>
            <span class="row-end">{m.patrols.viewpoints(patrol.viewpoint_ids.length)}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
