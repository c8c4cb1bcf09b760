/** What would prove that an incident is over. The center judges; this says beforehand how it will. Pure. */
import type { Incident } from '../api/types';

/** A device must say normal for so long before its word is proof, as the center has it. */
export const RECOVERED_FOR_S = 600;

export type Proof = 'photo' | 'recovered';

/** Which proof is there at `now_ms` (site time); null where only words would do. */
export function proofOf(incident: Pick<Incident, 'evidence' | 'source_cleared_at'>, now_ms: number): Proof | null {
  if (incident.evidence.length > 0) return 'photo';
  const cleared_ms = Date.parse(incident.source_cleared_at ?? '');
  return now_ms - cleared_ms >= RECOVERED_FOR_S * 1000 ? 'recovered' : null;
}
