/** The order of the incident queue, and holding it still while someone points at it. */
import type { Incident, IncidentState } from '../api/types';

export const isActive = (state: IncidentState): boolean => state === 'open' || state === 'acknowledged';

/** Priority first, then what nobody has yet, then the oldest; the id settles the rest so the order never flickers. */
export function byUrgency(a: Incident, b: Incident): number {
  return (
    a.priority - b.priority ||
    Number(a.state !== 'open') - Number(b.state !== 'open') ||
    Date.parse(a.opened_at) - Date.parse(b.opened_at) ||
    (a.incident_id < b.incident_id ? -1 : 1)
  );
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
