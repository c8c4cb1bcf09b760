import { describe, expect, it } from 'vitest';
import { fromRrule, hoursOf, problemOf, toRrule, type Recurrence } from '../../src/logic/recurrence';

const RULES: [Recurrence, string][] = [
  [{ every: 'minutes', interval: 30, window: null }, 'FREQ=MINUTELY;INTERVAL=30'],
  [{ every: 'hours', interval: 2, window: null }, 'FREQ=HOURLY;INTERVAL=2'],
  [{ every: 'hours', interval: 1, window: { from: 22, to: 6 } }, 'FREQ=HOURLY;INTERVAL=1;BYHOUR=0,1,2,3,4,5,22,23'],
  [{ every: 'days', times: ['08:30', '20:30'], days: [] }, 'FREQ=DAILY;BYHOUR=8,20;BYMINUTE=30;BYSECOND=0'],
  [
    { every: 'days', times: ['08:00'], days: ['MO', 'TU', 'WE', 'TH', 'FR'] },
    'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=8;BYMINUTE=0;BYSECOND=0',
  ],
];

describe('a rhythm and its rule', () => {
  it.each(RULES)('%j is written as %s', (recurrence, rrule) => {
    expect(problemOf(recurrence)).toBeNull();
    expect(toRrule(recurrence)).toBe(rrule);
  });

  it.each(RULES)('%j is read back from its rule', (recurrence, rrule) => {
    expect(fromRrule(rrule)).toEqual(recurrence);
  });

  it('writes all seven days as every day', () => {
    const days = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
    expect(toRrule({ every: 'days', times: ['08:00'], days: [...days] })).toMatch(/^FREQ=DAILY/);
  });

  it.each([
    'FREQ=MONTHLY;BYMONTHDAY=1',
    'FREQ=DAILY;BYHOUR=8;BYMINUTE=0;COUNT=3',
    'FREQ=HOURLY;INTERVAL=1;BYHOUR=8,10',
    'FREQ=WEEKLY;BYDAY=1MO;BYHOUR=8;BYMINUTE=0',
    'nonsense',
  ])('leaves %s as it is written, since the form cannot hold it', (rrule) => {
    expect(fromRrule(rrule)).toEqual({ every: 'rule', rrule });
  });
});

describe('what cannot be a rule', () => {
  it.each<[Recurrence, string]>([
    [{ every: 'minutes', interval: 2, window: null }, 'interval'],
    [{ every: 'hours', interval: NaN, window: null }, 'interval'],
    [{ every: 'hours', interval: 1, window: { from: 6, to: 6 } }, 'window'],
    [{ every: 'days', times: [], days: [] }, 'times_missing'],
    [{ every: 'days', times: ['25:00'], days: [] }, 'times_missing'],
    [{ every: 'days', times: ['08:00', '20:30'], days: [] }, 'times_minutes'],
    [{ every: 'rule', rrule: '  ' }, 'rule_empty'],
  ])('%j is told as "%s"', (recurrence, problem) => {
    expect(problemOf(recurrence)).toBe(problem);
  });
});

it('a window over midnight holds the hours of both days', () => {
  expect(hoursOf({ from: 22, to: 2 })).toEqual([22, 23, 0, 1]);
});
