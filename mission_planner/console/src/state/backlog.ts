/** Open incidents that the stream's snapshot left out: on a day with very many it carries the newest only, and an old one
 *  may be the more urgent. They are asked for in the order of the center's queue. */
import { effect, signal } from '@preact/signals';
import { incidents as calls } from '../api/calls';
import { isActive } from '../logic/order';
import { t } from '../messages';
import { explain } from '../messages/explain';
import { snapshots, tellIncident, world } from './live';
import { toast } from './toasts';

const SNAPSHOT_HOLDS = 200; // open incidents, as the center has it

export const backlog = signal<{ next: string | null; busy: boolean }>({ next: null, busy: false });

const open = () => [...world.peek().incidents.values()].filter((i) => isActive(i.state)).length;

/** The next part of the queue; what of it is not known yet is read. */
export async function loadBacklog(after?: string): Promise<void> {
  if (backlog.peek().busy) return;
  backlog.value = { next: after ?? null, busy: true };
  try {
    const page = await calls.queue(after);
    const missing = page.items.filter((row) => !world.peek().incidents.has(row.incident_id));
    (await Promise.all(missing.map((row) => calls.read(row.incident_id)))).forEach(tellIncident);
    backlog.value = { next: page.next, busy: false };
  } catch (error) {
    backlog.value = { next: after ?? null, busy: false };
    toast('problem', t().errors.notDone(t().common.more, explain(error)));
  }
}

effect(() => {
  if (snapshots.value === 0) return;
  if (open() >= SNAPSHOT_HOLDS) void loadBacklog();
  else backlog.value = { next: null, busy: false };
});
