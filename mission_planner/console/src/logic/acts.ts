/** What people do to incidents, one table: its key, the right it needs, what it leads to, how it is taken back. Pure. */
import type { Incident, IncidentAct, IncidentState } from '../api/types';
import { isActive } from './order';

export interface ActRule {
  key: 'a' | 'd' | 'm' | 'f' | 'c' | null;
  right: string; // of the account
  leads: IncidentState | null; // null: the center decides
  asks: 'nothing' | 'words' | 'person' | 'incident';
  undo: 'reopen' | null;
}

export const ACT_RULES: Readonly<Record<IncidentAct, ActRule>> = {
  acknowledge: { key: 'a', right: 'incident.acknowledge', leads: 'acknowledged', asks: 'nothing', undo: null },
  verify: { key: null, right: 'incident.verify', leads: 'verifying', asks: 'nothing', undo: null },
  dispatch: { key: 'd', right: 'incident.dispatch', leads: 'dispatched', asks: 'person', undo: null },
  arrive: { key: null, right: 'incident.arrive', leads: 'on_scene', asks: 'nothing', undo: null },
  resolve: { key: null, right: 'incident.resolve', leads: 'resolved', asks: 'words', undo: 'reopen' },
  merge: { key: 'm', right: 'incident.merge', leads: 'merged', asks: 'incident', undo: 'reopen' },
  'false-alarm': { key: 'f', right: 'incident.false_alarm', leads: 'false_alarm', asks: 'words', undo: 'reopen' },
  close: { key: 'c', right: 'incident.close', leads: 'closed', asks: 'words', undo: 'reopen' },
  reopen: { key: null, right: 'incident.reopen', leads: 'open', asks: 'nothing', undo: null },
  release: { key: null, right: 'incident.release', leads: null, asks: 'nothing', undo: null },
};

export type WhyNot = 'right' | 'ended' | 'state';

/** Why the account cannot do this now; null when it can. */
export function whyNot(
  incident: Pick<Incident, 'may' | 'state'>,
  act: IncidentAct,
  rights: readonly string[],
): WhyNot | null {
  if (!rights.includes(ACT_RULES[act].right)) return 'right';
  if (incident.may.includes(act)) return null;
  return isActive(incident.state) ? 'state' : 'ended';
}

/** The next sensible act: the first of these that can be done. */
const SENSIBLE: readonly IncidentAct[] = ['acknowledge', 'dispatch', 'arrive', 'resolve', 'close'];
const AFTER: Partial<Record<IncidentState, IncidentAct>> = {
  open: 'acknowledge',
  acknowledged: 'dispatch',
  verifying: 'dispatch',
  dispatched: 'arrive',
  on_scene: 'resolve',
  resolved: 'close',
};

export function sensibleAct(incident: Pick<Incident, 'may' | 'state'>, rights: readonly string[]): IncidentAct | null {
  const can = (act: IncidentAct | undefined): act is IncidentAct => act !== undefined && !whyNot(incident, act, rights);
  const next = AFTER[incident.state];
  if (can(next)) return next;
  return isActive(incident.state) ? (SENSIBLE.find(can) ?? null) : null;
}

interface Extra {
  by: string;
  to?: { username: string; display_name: string } | null;
  into?: string;
}

/** The incident as it will be once the center has done it: shown at once, replaced by its answer. */
export function expected(incident: Incident, act: IncidentAct, extra: Extra): Incident {
  const state = ACT_RULES[act].leads;
  if (!state) return incident;
  const next: Incident = { ...incident, state, may: [] };
  if (act === 'acknowledge') next.owner = extra.by;
  if (act === 'reopen') return { ...next, owner: null, closed_at: null, merged_into: null };
  if (act === 'dispatch' && extra.to) next.assignee = extra.to;
  if (act === 'merge') next.merged_into = extra.into ?? null;
  if (next.sla && state !== 'open') next.sla = { ...next.sla, next_at: null };
  return next;
}
