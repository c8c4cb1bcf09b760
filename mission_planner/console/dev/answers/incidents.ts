/** Development only: the queue and its archive, what people do with an incident, and how fast they were. */
import type { Flood, Incident } from '../../src/api/types';
import { isActive } from '../../src/logic/order';
import { release } from '../fall';
import { dispatchable, handlingOf } from '../people';
import type { Play } from '../play';
import { iso } from '../robots';
import { UNTOUCHED } from '../things';
import { ok, page, wrong, type Answer, type Asked } from './answer';

const FLOOD: Flood = { active: false, since: null, alarms_in_10_min: 3, limit: 10, operators: 1, bundled: 0 };

export function incidents(play: Play, asked: Asked): Answer {
  const { id, verb, query } = asked;
  if (!id) return page(play.incidents.filter((i) => i.closed_at));
  if (id === 'flood') return ok(FLOOD);
  if (id === 'handling') return ok(handlingOf(Number(query.get('days') ?? 7)));
  if (verb === 'people') return ok(dispatchable());
  if (verb === 'merge-candidates') return ok(candidates(play, id));
  return incident(play, asked);
}

function incident(play: Play, { id, verb, body }: Asked): Answer {
  const incident = play.incidents.find((i) => i.incident_id === id);
  if (!incident) return wrong(404, 'not_found', id);
  const note = String(body['note'] ?? '');
  const moves: Record<string, [Incident['state'], string, string]> = {
    acknowledge: ['acknowledged', '已接手', 'Taken'],
    close: ['closed', `已关闭：${note}`, `Closed: ${note}`],
    'false-alarm': ['false_alarm', `误报：${note}`, `False alarm: ${note}`],
    reopen: ['open', '重新打开', 'Reopened'],
    dispatch: ['dispatched', '已派人', 'Somebody was sent'],
    verify: ['verifying', '请求核实', 'A look was asked for'],
    arrive: ['on_scene', '已到现场', 'Arrived'],
    resolve: ['resolved', '已处置', 'Dealt with'],
    merge: ['merged', '并入另一起事件', 'Merged'],
  };
  const move = moves[verb];
  if (!verb) return ok(incident);
  if (verb === 'release') release(play, incident);
  if (move)
    Object.assign(incident, {
      state: move[0],
      owner: 'admin',
      because: note,
      closed_at: isActive(move[0]) ? null : iso(Date.now()),
      assignee: verb === 'dispatch' ? { username: 'wang.gang', display_name: '王刚' } : incident.assignee,
      assigned_at: verb === 'dispatch' ? iso(Date.now()) : incident.assigned_at,
      may: isActive(move[0]) ? [...UNTOUCHED.may.slice(1), 'arrive', 'resolve'] : ['reopen'],
      sla: incident.sla && { ...incident.sla, next_at: null },
    });
  const said = verb === 'release' ? ['放行机器人', 'Robot released'] : [move?.[1] ?? note, move?.[2] ?? note];
  play.note(incident, verb === 'release' ? 'released' : verb, { zh: said[0] ?? note, en: said[1] ?? note }, 'admin');
  play.emit('incident', incident);
  return ok(incident);
}

function candidates({ incidents }: Play, id: string): unknown[] {
  return incidents
    .filter((i) => i.incident_id !== id && !i.closed_at)
    .map((i) => ({
      ...i,
      sources_total: i.sources.length,
      why: { zh: '同一楼栋，相隔 12 分钟', en: 'same building, 12 minutes apart' },
    }));
}
