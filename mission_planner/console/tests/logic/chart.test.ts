import { describe, expect, it } from 'vitest';
import type { HistoryPoint } from '../../src/api/types';
import { chart, ticksOf } from '../../src/logic/chart';

const FRAME = { left: 0, top: 0, width: 100, height: 50 };
const at = (minute: number, value: number | null, state: HistoryPoint['state'] = 'normal'): HistoryPoint => ({
  at: new Date(minute * 60_000).toISOString(),
  value,
  state,
});

describe('figures at the side', () => {
  it.each([
    [0, 1, [0, 0.5, 1]],
    [0.12, 0.31, [0.1, 0.2, 0.3, 0.4]],
    [-4, 3, [-5, 0, 5]],
    [21, 21, [20, 30]],
  ])('are round and hold %d to %d', (low, high, ticks) => {
    expect(ticksOf(low, high)).toEqual(ticks);
  });
});

describe('a chart', () => {
  it('breaks its line where nothing was heard for long', () => {
    const points = [at(0, 1), at(1, 2), at(2, 1), at(30, 2), at(31, 1)];
    expect(chart(points, 0, 31 * 60_000, FRAME).lines).toHaveLength(2);
  });

  it('marks each alarm once, and how long it lasted', () => {
    const points = [at(0, 1), at(10, 5, 'alarm'), at(20, 6, 'alarm'), at(30, 1), at(40, 7, 'alarm')];
    const { alarms, bands } = chart(points, 0, 50 * 60_000, FRAME);
    expect(alarms.map((a) => a.value)).toEqual([5, 7]);
    expect(bands).toEqual([
      { x: 20, w: 40 },
      { x: 80, w: 20 },
    ]);
  });

  it('of states without figures steps between normal and alarm, and has no figures at its side', () => {
    const points = [at(0, null), at(10, null, 'alarm'), at(15, null), at(18, null, 'unknown'), at(20, null)];
    const drawn = chart(points, 0, 20 * 60_000, FRAME);
    expect(drawn.lines).toEqual(['M0.0 50.0H50.0V0.0H75.0V50.0', 'M100.0 50.0']);
    expect([drawn.ticks, drawn.alarms.length, drawn.bands]).toEqual([[], 1, [{ x: 50, w: 25 }]]);
    expect(drawn.dots.map((dot) => dot.point)).toEqual(points);
  });

  it('of figures leaves out the signs of life between them', () => {
    const drawn = chart([at(0, null), at(10, 3, 'alarm'), at(15, 1), at(20, null)], 0, 20 * 60_000, FRAME);
    expect(drawn.dots.map((dot) => dot.point.value)).toEqual([3, 1]);
  });
});
