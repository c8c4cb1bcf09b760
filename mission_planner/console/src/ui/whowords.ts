/** Who has an incident, in words: the one who was sent, else the one who took it, else its state. */
import type { Incident } from '../api/types';
import { isActive } from '../logic/order';
import { t } from '../messages';
import { called } from '../state/names';

export function whoText(incident: Incident): string {
  const m = t().incidents;
  const state = m.state[incident.state];
  if (!isActive(incident.state) || incident.state === 'open') return state;
  if (incident.assignee) return `${incident.assignee.display_name} · ${state}`;
  return incident.owner ? m.ownedBy(called(incident, incident.owner)) : state;
}
