/** Who is logged in, and what they may do. */
import { signal } from '@preact/signals';
import { ApiError, onUnauthorised } from '../api/client';
import { session as calls } from '../api/calls';
import type { Account } from '../api/types';

export type Session =
  | { state: 'asking' }
  | { state: 'out'; ended: boolean } // ended: the center ended a session that had been open
  | { state: 'in'; account: Account }
  | { state: 'unreachable'; error: ApiError };

export const session = signal<Session>({ state: 'asking' });

export async function askSession(): Promise<void> {
  try {
    const { account } = await calls.read();
    session.value = { state: 'in', account };
  } catch (error) {
    if (error instanceof ApiError && error.status === 401) session.value = { state: 'out', ended: false };
    else if (error instanceof ApiError) session.value = { state: 'unreachable', error };
    else throw error;
  }
}

/** Throws ApiError: 401 wrong, 429 throttled. */
export async function logIn(username: string, password: string): Promise<void> {
  const { account } = await calls.open(username, password);
  session.value = { state: 'in', account };
}

export async function logOut(): Promise<void> {
  try {
    await calls.end();
  } finally {
    session.value = { state: 'out', ended: false };
  }
}

onUnauthorised(() => {
  if (session.peek().state === 'in') session.value = { state: 'out', ended: true };
});

/** Whether the account may do `action`; the center checks again. */
export function may(action: string): boolean {
  const now = session.value;
  return now.state === 'in' && now.account.actions.includes(action);
}
