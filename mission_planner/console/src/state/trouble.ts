/** Whether the center itself is well: asked again and again, also while nobody looks at the settings. */
import { computed } from '@preact/signals';
import { troubles } from '../logic/trouble';
import { status } from './live';
import { session } from './session';

const RENEW_MS = 10_000;

/** The parts that alarms hang on and that are not well, the worst first; none while the center has not answered yet. */
export const trouble = computed(() => (status.value.state === 'ready' ? troubles(status.value.data.components) : []));

setInterval(() => {
  if (session.peek().state === 'in' && !document.hidden) void status.reload();
}, RENEW_MS);
