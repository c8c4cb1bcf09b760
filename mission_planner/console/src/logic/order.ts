/** The order of the incident queue, and holding it still while someone points at it. */
import type { Incident, IncidentState } from '../api/types';

const ENDED: ReadonlySet<IncidentState> = new Set(['closed', 'false_alarm', 'merged']);

export const isActive = (state: IncidentState): boolean => !ENDED.has(state);

/** The states of an incident that somebody must still do something about, and of one that needs nobody. */
export const ENDED_STATES: readonly IncidentState[] = [...ENDED];

/**
 * The promise that falls due next, as the center orders by it: that somebody has it, and then that it is over. Tellings
 * that repeat do not move it: who waits longest stays first. Never where there is no clock.
 */
export function deadline_ms(incident: Pick<Incident, 'sla'>): number {
  const { sla } = incident;
  const at = Date.parse((sla?.next_at ? sla.acknowledge_by : sla?.resolve_by) ?? '');
  return Number.isNaN(at) ? Infinity : at;
}

/** Priority first, then the promise that falls due first; the id settles the rest so the order never flickers. */
export function byUrgency(a: Incident, b: Incident): number {
  const [da, db] = [deadline_ms(a), deadline_ms(b)];
  const opened = Date.parse(a.opened_at) - Date.parse(b.opened_at); // both without a clock, or promised for one moment
  return a.priority - b.priority || (da === db ? opened : da - db) || (a.incident_id < b.incident_id ? -1 : 1);
}

/** Newest end first. */
export function byEnd(a: Incident, b: Incident): number {
  return (
    Date.parse(b.closed_at ?? b.changed_at) - Date.parse(a.closed_at ?? a.changed_at) ||
    (a.incident_id < b.incident_id ? -1 : 1)
  );
}

/** The queue: everything someone must still act on, then the `recentEnded` newest that ended. */
export function queue(incidents: Iterable<Incident>, recentEnded = 3): Incident[] {
  const all = [...incidents];
  const active = all.filter((i) => isActive(i.state)).sort(byUrgency);
  const ended = all.filter((i) => !isActive(i.state)).sort(byEnd);
  return [...active, ...ended.slice(0, recentEnded)];
}

/**
 * The order to show. While `held` (a pointer or the focus is on it) nothing shown moves or goes: what is new comes to
 * the end, what would go stays. Otherwise the fresh order.
 */
export function hold(shown: readonly string[], fresh: readonly string[], held: boolean): string[] {
  if (!held) return [...fresh];
  const known = new Set(shown);
  return [...shown, ...fresh.filter((id) => !known.has(id))];
}

/** The id `step` places after `current`; the first (or last) where nothing is selected yet. */
export function neighbour(ids: readonly string[], current: string | null, step: 1 | -1): string | null {
  if (ids.length === 0) return null;
  const at = current === null ? -1 : ids.indexOf(current);
  if (at < 0) return (step > 0 ? ids[0] : ids[ids.length - 1]) ?? null;
  return ids[Math.min(ids.length - 1, Math.max(0, at + step))] ?? null;
}
