/** An incident's way from its opening to its end as a line of steps, each with who and when. Pure. */
import type { Incident, IncidentState, TimelineEntry } from '../api/types';
import { isActive } from './order';

export interface Step {
  state: IncidentState;
  look: 'done' | 'now' | 'coming';
  at: string | null;
  by: string | null;
}

const WAY: readonly IncidentState[] = [
  'open',
  'acknowledged',
  'verifying',
  'dispatched',
  'on_scene',
  'resolved',
  'closed',
];
const ALWAYS: ReadonlySet<IncidentState> = new Set(['open', 'acknowledged', 'closed']);

/** The kinds of timeline lines that say that it came to a state. */
const LINE: Partial<Record<IncidentState, string>> = { on_scene: 'arrived', dispatched: 'dispatched' };

/** The newest line of the timeline about this state. */
function line(incident: Incident, state: IncidentState): TimelineEntry | undefined {
  return incident.timeline.findLast((e) => e.kind === (LINE[state] ?? state));
}

function moment(incident: Incident, state: IncidentState): string | null {
  const known: Partial<Record<IncidentState, string | null>> = {
    open: incident.opened_at,
    dispatched: incident.assigned_at,
    on_scene: incident.arrived_at,
    resolved: incident.resolved_at,
    closed: incident.closed_at,
    false_alarm: incident.closed_at,
    merged: incident.closed_at,
  };
  return known[state] ?? line(incident, state)?.at ?? null;
}

/**
 * The steps: those it took, where it is, and those that come. What was left out on the way is not shown;
 * a false alarm or a merge takes the place of the end.
 */
export function steps(incident: Incident): Step[] {
  const { state } = incident;
  const end: IncidentState = isActive(state) ? 'closed' : state;
  const way = [...WAY.slice(0, -1), end];
  const here = way.indexOf(state);
  const shown: Step[] = [];
  way.forEach((at, i) => {
    const when = moment(incident, at);
    const look = i === here ? 'now' : i < here ? 'done' : 'coming';
    const entry = line(incident, at);
    const taken = look === 'now' || (look === 'done' && (at === 'open' || when !== null));
    const next = look === 'coming' && (ALWAYS.has(at) || isActive(state)) && at !== 'verifying';
    if (!taken && !next) return;
    const who = at === 'dispatched' || at === 'on_scene' ? incident.assignee?.display_name : undefined;
    shown.push({
      state: at,
      look,
      at: look === 'coming' ? null : when,
      by: look === 'coming' ? null : (who ?? entry?.by ?? null),
    });
  });
  return shown;
}
