import { describe, expect, it } from 'vitest';
import type { Shift } from '../../src/api/types';
import { addDays, momentOf, mondayOf, roster, uncovered_h, weekOf } from '../../src/logic/roster';

const SHANGHAI = 'Asia/Shanghai';
const shift = (id: string, starts_at: string, ends_at: string, username = 'wang'): Shift => ({
  shift_id: id,
  username,
  display_name: username,
  role: 'field',
  starts_at,
  ends_at,
});

describe('local times', () => {
  it('are moments of the site’s zone', () => {
    expect(momentOf('2026-03-02', '08:00', SHANGHAI).toISOString()).toBe('2026-03-02T00:00:00.000Z');
  });

  it('hold on both sides of a change of the clock', () => {
    expect(momentOf('2026-03-28', '20:00', 'Europe/Berlin').toISOString()).toBe('2026-03-28T19:00:00.000Z');
    expect(momentOf('2026-03-29', '20:00', 'Europe/Berlin').toISOString()).toBe('2026-03-29T18:00:00.000Z');
  });

  it('a week begins on Monday', () => {
    expect(mondayOf('2026-03-08')).toBe('2026-03-02');
    expect(mondayOf('2026-03-02')).toBe('2026-03-02');
    expect(weekOf('2026-02-23').at(-1)).toBe('2026-03-01');
    expect(addDays('2026-02-28', 1)).toBe('2026-03-01');
  });
});

describe('the roster', () => {
  it('puts a night shift on the day it begins, and counts its hours', () => {
    const night = shift('s1', '2026-03-03T12:00:00Z', '2026-03-04T00:00:00Z');
    const [row] = roster([night], [], '2026-03-02', SHANGHAI);
    expect(row?.days.map((d) => d.length)).toEqual([0, 1, 0, 0, 0, 0, 0]);
    expect(row?.hours).toBe(12);
  });

  it('a night that runs into the week or out of it stands in both, each with its own hours', () => {
    const night = shift('s1', '2026-03-08T12:00:00Z', '2026-03-09T00:00:00Z');
    const [before] = roster([night], [], '2026-03-02', SHANGHAI);
    expect([before?.days.map((d) => d.length), before?.hours]).toEqual([[0, 0, 0, 0, 0, 0, 1], 4]);
    const [after] = roster([night], [], '2026-03-09', SHANGHAI);
    expect([after?.days.map((d) => d.length), after?.hours]).toEqual([[1, 0, 0, 0, 0, 0, 0], 8]);
    expect(roster([night], [], '2026-03-16', SHANGHAI)).toEqual([]);
  });

  it('names people without shifts, too', () => {
    const rows = roster([], [{ username: 'li', display_name: '李' }], '2026-03-02', SHANGHAI);
    expect(rows.map((r) => [r.username, r.hours])).toEqual([['li', 0]]);
  });
});

it('hours without anybody are counted once, whoever overlaps', () => {
  const from = Date.parse('2026-03-02T00:00:00Z');
  const shifts = [
    shift('a', '2026-03-02T01:00:00Z', '2026-03-02T05:00:00Z'),
    shift('b', '2026-03-02T04:00:00Z', '2026-03-02T06:00:00Z', 'li'),
  ];
  expect(uncovered_h(shifts, from, from + 8 * 3_600_000)).toBe(3);
});
