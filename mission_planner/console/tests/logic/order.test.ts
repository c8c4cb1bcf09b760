import { describe, expect, it } from 'vitest';
import { byUrgency, hold, neighbour, queue } from '../../src/logic/order';
import { incident } from './make';

const ids = (list: { incident_id: string }[]) => list.map((i) => i.incident_id);

describe('the queue', () => {
  it('puts life before everything, however old the rest is', () => {
    const old = incident({ incident_id: 'old', priority: 3, opened_at: '2026-03-01T00:00:00Z' });
    const life = incident({ incident_id: 'life', priority: 1 });
    expect(ids(queue([old, life]))).toEqual(['life', 'old']);
  });

  it('puts the clock that runs out first before the others, within a priority', () => {
    const clock = (next_at: string | null, resolve_by: string) => ({
      acknowledge_by: next_at ?? resolve_by,
      resolve_by,
      next_at,
      told: 0,
      tell: [],
    });
    const taken = incident({ incident_id: 'taken', state: 'acknowledged', sla: clock(null, '2026-03-02T10:18:00Z') });
    const open = incident({ incident_id: 'open', sla: clock('2026-03-02T10:01:00Z', '2026-03-02T10:20:00Z') });
    const late = incident({ incident_id: 'late', state: 'on_scene', sla: clock(null, '2026-03-02T09:00:00Z') });
    expect(ids([taken, open, late].sort(byUrgency))).toEqual(['late', 'open', 'taken']);
  });

  it('keeps who was promised first before who rang just now, however often people were told of it', () => {
    const promised = (incident_id: string, acknowledge_by: string, next_at: string) =>
      incident({
        incident_id,
        sla: { acknowledge_by, resolve_by: '2026-03-02T12:00:00Z', next_at, told: 1, tell: [] },
      });
    const waits = promised('waits', '2026-03-02T10:00:15Z', '2026-03-02T10:21:00Z');
    const fresh = promised('fresh', '2026-03-02T10:16:15Z', '2026-03-02T10:16:15Z');
    expect(ids([fresh, waits].sort(byUrgency))).toEqual(['waits', 'fresh']);
  });

  it('puts the oldest first among equals', () => {
    const young = incident({ incident_id: 'a', opened_at: '2026-03-02T11:00:00Z' });
    const old = incident({ incident_id: 'b', opened_at: '2026-03-02T09:00:00Z' });
    expect(ids(queue([young, old]))).toEqual(['b', 'a']);
  });

  it('ends with the newest that were dealt with, and no more of them than asked for', () => {
    const ended = [1, 2, 3].map((n) =>
      incident({ incident_id: `e${n}`, state: 'closed', closed_at: `2026-03-02T1${n}:00:00Z` }),
    );
    expect(ids(queue([...ended, incident({ incident_id: 'open' })], 2))).toEqual(['open', 'e3', 'e2']);
  });
});

describe('holding the order', () => {
  it('follows the fresh order while nobody points at it', () => {
    expect(hold(['a', 'b'], ['c', 'a'], false)).toEqual(['c', 'a']);
  });

  it('moves nothing while someone points at it: what is new comes to the end, what would go stays', () => {
    expect(hold(['a', 'b'], ['c', 'b'], true)).toEqual(['a', 'b', 'c']);
  });
});

describe('walking the queue by keys', () => {
  it('starts at the first going forward and at the last going back', () => {
    expect(neighbour(['a', 'b'], null, 1)).toBe('a');
    expect(neighbour(['a', 'b'], null, -1)).toBe('b');
  });

  it('stops at the ends', () => {
    expect(neighbour(['a', 'b'], 'b', 1)).toBe('b');
    expect(neighbour(['a', 'b'], 'a', -1)).toBe('a');
  });

  it('has nowhere to go in an empty queue', () => {
    expect(neighbour([], null, 1)).toBeNull();
  });
});
