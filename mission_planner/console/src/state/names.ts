/** Names of people, with that of whoever is logged in. */
import type { Incident } from '../api/types';
import { nameOf } from '../logic/names';
import { session } from './session';

export function called(incident: Pick<Incident, 'assignee' | 'orders'>, username: string): string {
  const now = session.value;
  return nameOf(incident, username, now.state === 'in' ? [now.account] : []);
}
