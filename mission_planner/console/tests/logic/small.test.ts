import { describe, expect, it } from 'vitest';
import { backoff_ms } from '../../src/logic/backoff';
import { everyDay, handlings, median, summary } from '../../src/logic/handling';
import { matches } from '../../src/logic/search';
import { incident } from './make';

describe('waiting before the next attempt', () => {
  it('is short at first and never longer than ten seconds', () => {
    expect(backoff_ms(0, 0.999)).toBeLessThanOrEqual(500);
    expect(backoff_ms(50, 0.999)).toBeLessThanOrEqual(10_000);
    expect(backoff_ms(50, 0)).toBeGreaterThanOrEqual(5_000);
  });
});

describe('searching', () => {
  const words = ['烟感报警', '5 栋 1 单元 1203', 'Building 5, unit 1, flat 1203'];

  it('finds a place with or without the spaces in it', () => {
    expect(matches('5栋1单元', words)).toBe(true);
    expect(matches('5 栋', words)).toBe(true);
  });

  it('needs every part, in any order and case', () => {
    expect(matches('1203 BUILDING', words)).toBe(true);
    expect(matches('烟感 1204', words)).toBe(false);
  });

  it('finds everything with nothing typed', () => {
    expect(matches('  ', [])).toBe(true);
  });
});

describe('days', () => {
  it('without anything handled are there, too', () => {
    const some = { date: '2026-03-01', count: 2, mean_s: 90 };
    expect(everyDay([some], 3, '2026-03-02')).toEqual([
      { date: '2026-02-28', count: 0, mean_s: null },
      some,
      { date: '2026-03-02', count: 0, mean_s: null },
    ]);
  });
});

describe('handling times', () => {
  const taken = { at: '2026-03-02T10:00:40Z', kind: 'acknowledged', text: '', by: 'admin', picture: null };
  const closed = incident({ state: 'closed', closed_at: '2026-03-02T10:10:00Z', timeline: [taken] });
  const wrong = incident({ incident_id: 'i2', kind: 'door', state: 'false_alarm', closed_at: '2026-03-02T10:02:00Z' });

  it('count from the opening, by the record', () => {
    expect(handlings([closed])).toEqual([{ incident: closed, take_s: 40, end_s: 600 }]);
  });

  it('leave out what has not ended', () => {
    expect(handlings([incident()])).toEqual([]);
  });

  it('are summed up by their medians; what nobody took has no time to take', () => {
    expect(summary(handlings([closed, wrong]))).toEqual({ n: 2, take_s: 40, end_s: 360, falseAlarms: 1, withPhoto: 0 });
  });

  it('have no median where there are none', () => {
    expect(median([])).toBeNull();
    expect(median([3, 1, 2])).toBe(2);
    expect(median([1, 2, 3, 4])).toBe(2.5);
  });
});
