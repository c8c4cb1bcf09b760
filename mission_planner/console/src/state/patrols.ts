/** The patrols of the site, and deleting one with a way back. */
import { computed, effect, signal } from '@preact/signals';
import { patrols as calls } from '../api/calls';
import type { Patrol } from '../api/types';
import { t } from '../messages';
import { explain } from '../messages/explain';
import { patrolsChanged } from './live';
import { resource } from './resource';
import { session } from './session';
import { toast } from './toasts';

export const patrols = resource<Patrol[]>(calls.all);

const RELOAD_PAUSE_MS = 250; // several events in a row ask once
let reloading: ReturnType<typeof setTimeout> | undefined;

effect(() => {
  void patrolsChanged.value;
  if (session.value.state !== 'in') return;
  clearTimeout(reloading);
  reloading = setTimeout(() => void patrols.reload(), RELOAD_PAUSE_MS);
});

/** Ids that are being deleted: hidden already, gone when the time to undo is over. */
const leaving = signal<ReadonlySet<string>>(new Set());

export const visiblePatrols = computed<Patrol[]>(() => {
  const all = patrols.value;
  if (all.state !== 'ready') return [];
  return all.data.filter((p) => !leaving.value.has(p.patrol_id)).sort(byNextRun);
});

function byNextRun(a: Patrol, b: Patrol): number {
  const at = (p: Patrol) => (p.enabled && p.next_runs[0] ? Date.parse(p.next_runs[0]) : Infinity);
  return at(a) - at(b) || a.name.localeCompare(b.name);
}

const UNDO_MS = 8_000;

/** Hides the patrol at once and deletes it when nobody takes it back; leaving the page deletes it too. */
export function removePatrol(patrol: Patrol): void {
  const { patrol_id } = patrol;
  const without = () => {
    const rest = new Set(leaving.peek());
    rest.delete(patrol_id);
    leaving.value = rest;
  };
  const remove = async (keepalive = false) => {
    settle();
    try {
      await calls.remove(patrol_id, keepalive);
      await patrols.reload();
    } catch (error) {
      toast('problem', t().errors.notDone(t().patrols.remove, explain(error)));
    } finally {
      without();
    }
  };
  const onLeave = () => void remove(true);
  const timer = setTimeout(() => void remove(), UNDO_MS);
  const settle = () => {
    clearTimeout(timer);
    removeEventListener('pagehide', onLeave);
  };
  leaving.value = new Set(leaving.peek()).add(patrol_id);
  addEventListener('pagehide', onLeave);
  toast('done', t().patrols.removed(patrol.name), {
    label: t().common.undo,
    run: () => {
      settle();
      without();
    },
  });
}
