/** Whether the center itself is well: asked again and again, also while nobody looks at the settings. */
import { computed, signal } from '@preact/signals';
import { probe } from '../api/probe';
import type { Component } from '../api/types';
import { partsOf, troubles } from '../logic/trouble';
import { connection, status } from './live';
import { session } from './session';

const RENEW_MS = 10_000;

const probed = signal<Component[] | null>(null); // instead of the status, which needs the database; null while that is told

/** The parts that alarms hang on and that are not well, the worst first; none while the center has not answered yet. */
export const trouble = computed(() => {
  if (probed.value) return troubles(probed.value);
  return status.value.state === 'ready' && connection.value.state === 'up'
    ? troubles(status.value.data.components)
    : [];
});

async function renew(): Promise<void> {
  await status.reload();
  const read = status.peek();
  probed.value = read.state === 'failed' || (read.state === 'ready' && read.stale) ? partsOf(await probe()) : null;
}

setInterval(() => {
  if (session.peek().state === 'in' && !document.hidden) void renew();
}, RENEW_MS);
