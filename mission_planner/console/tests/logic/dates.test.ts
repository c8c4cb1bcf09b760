import { expect, it } from 'vitest';
import { dayKey, daysApart, full, localIso, timeOfDay } from '../../src/logic/dates';

const AT = new Date('2026-03-01T23:30:05Z'); // 07:30:05 on the second in Shanghai
const ZONE = 'Asia/Shanghai';

it('tells the time of the site, not of the browser', () => {
  expect(timeOfDay(AT, ZONE, 'zh', true)).toBe('07:30:05');
  expect(full(AT, ZONE, 'en')).toBe('2026-03-02 07:30:05');
});

it('tells midnight as 00, not 24', () => {
  expect(timeOfDay(new Date('2026-03-01T16:00:00Z'), ZONE, 'zh')).toBe('00:00');
});

it('counts days by the calendar of the site', () => {
  expect(dayKey(AT, ZONE)).toBe('2026-03-02');
  expect(daysApart(new Date('2026-03-02T16:30:00Z'), AT, ZONE)).toBe(1);
  expect(daysApart(new Date('2026-03-01T15:59:00Z'), AT, ZONE)).toBe(-1);
});

it('writes the local time as a plan wants it', () => {
  expect(localIso(AT, ZONE)).toBe('2026-03-02T07:30:00');
});
