/** Development only: patrols, their preview and their runs. */
import type { PatrolDraft } from '../../src/api/types';
import type { Play } from '../play';
import { freshId, iso } from '../robots';
import { DONE, ok, page, wrong, type Answer, type Asked } from './answer';

export function patrols(play: Play, { method, id, verb, body }: Asked): Answer {
  if (!id && method === 'GET') return page(play.patrols);
  if (id === 'preview') {
    const step = /MINUTELY/.test(String(body['rrule'])) ? 60_000 : 3600_000;
    const n = Number(/INTERVAL=(\d+)/.exec(String(body['rrule']))?.[1] ?? 1);
    return ok({
      next: Array.from({ length: 10 }, (_, i) => ({
        at: iso(Math.ceil(Date.now() / step) * step + i * n * step),
        local: '',
        note: null,
      })),
    });
  }
  const draft = body as unknown as PatrolDraft;
  if (!id) {
    if (play.patrols.some((p) => p.name === draft.name))
      return wrong(422, 'invalid_input', '已有同名的巡逻，请换个名字', 'name');
    const patrol = {
      ...draft,
      patrol_id: freshId('patrol'),
      next_runs: [iso(Date.now() + 7200_000)],
      last_run: null,
      because: '',
    };
    play.patrols.push(patrol);
    return { status: 201, body: patrol };
  }
  const at = play.patrols.findIndex((p) => p.patrol_id === id);
  const patrol = play.patrols[at];
  if (!patrol) return wrong(404, 'not_found', id);
  if (verb === 'run') {
    const run = play.run(patrol);
    play.emit('patrol', patrol);
    return { status: 202, body: { run_id: run.run_id, missions: run.mission_ids } };
  }
  if (verb === 'runs') return page(play.runs.filter((r) => r.patrol_id === id).reverse());
  if (method === 'DELETE') play.patrols.splice(at, 1);
  if (method === 'PUT') Object.assign(patrol, draft);
  return method === 'DELETE' ? DONE : ok(patrol);
}
