/** What this account was told: how much of it is unread, renewed when something is told. */
import { effect } from '@preact/signals';
import { notices as calls } from '../api/calls';
import type { Notice } from '../api/types';
import { noticeTold } from './live';
import { resource } from './resource';
import { session } from './session';

export const unread = resource<number>(async () => (await calls.unread()).unread);
export const told = resource<Notice[]>(async () => (await calls.newest()).items);

const PAUSE_MS = 300; // several tellings in a row ask once
let asking: ReturnType<typeof setTimeout> | undefined;

effect(() => {
  void noticeTold.value;
  if (session.value.state !== 'in') return;
  clearTimeout(asking);
  asking = setTimeout(() => {
    void unread.reload();
    if (told.peek().state === 'ready') void told.reload();
  }, PAUSE_MS);
});

/** Everything up to the newest that is shown has been read. */
export async function readAll(): Promise<void> {
  const known = told.peek();
  if (known.state !== 'ready' || known.data.length === 0) return;
  await calls.read(Math.max(...known.data.map((n) => n.seq)));
  await Promise.all([unread.reload(), told.reload()]);
}
