/** People as their colleagues call them: by the name that an incident itself tells, else by the user name. Pure. */
import type { Incident } from '../api/types';

interface Named {
  username: string;
  display_name: string;
}

type Telling = Pick<Incident, 'assignee' | 'orders'>;

/** `more` are others whose names are known: whoever is logged in. */
export function nameOf(incident: Telling, username: string, more: readonly Named[] = []): string {
  const known = [incident.assignee, ...incident.orders, ...more];
  return known.find((person) => person?.username === username)?.display_name || username;
}
