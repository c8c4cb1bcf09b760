/** What an incident's clock says: how long until more people are told, or until it should be over. Pure. */
import type { Incident, Sla } from '../api/types';
import { isActive } from './order';

export interface Countdown {
  until: 'telling' | 'end'; // what happens when it runs out
  left_s: number; // below 0: over
  late_s: number | null; // how long somebody should have had it, or it should have been over; null while in time
}

/** The countdown at `now_ms` (site time); null for what has ended or has no clock. */
export function countdown(incident: Pick<Incident, 'sla' | 'state'>, now_ms: number): Countdown | null {
  const { sla } = incident;
  if (!sla || !isActive(incident.state) || incident.state === 'resolved') return null;
  const left = (iso: string) => (Date.parse(iso) - now_ms) / 1000;
  const late = (iso: string) => (left(iso) < 0 ? -left(iso) : null);
  if (sla.next_at) return { until: 'telling', left_s: left(sla.next_at), late_s: late(sla.acknowledge_by) };
  return { until: 'end', left_s: left(sla.resolve_by), late_s: late(sla.resolve_by) };
}

/** Who is new among those told next; everybody at the first telling, nobody when it only repeats. */
export function newlyTold(sla: Sla): string[] {
  const next = sla.next_tell ?? [];
  if (sla.told === 0) return next;
  return next.filter((role) => !sla.tell.includes(role));
}
