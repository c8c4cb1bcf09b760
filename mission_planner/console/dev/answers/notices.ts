/** Development only: what the account was told. */
import type { Play } from '../play';
import { DONE, ok, page, type Answer, type Asked } from './answer';

export function notices(play: Play, { id, verb }: Asked): Answer {
  if (id === 'unread') return ok({ unread: 2 });
  if (id || verb) return DONE;
  const told = [...play.incidents].reverse().map((i, n) => ({
    ...i,
    seq: 100 - n,
    at: i.opened_at,
    action: i.closed_at ? 'resolve' : 'trigger',
    text: i.closed_at ? { zh: '已经结束', en: 'it is over' } : { zh: '请有人接手', en: 'somebody must act' },
    read: n > 1,
  }));
  return page(told);
}
