import { describe, expect, it } from 'vitest';
import { ageOf, secondsSince, stopwatch } from '../../src/logic/age';
import { heard, siteAt } from '../../src/logic/siteclock';

describe('ages', () => {
  it('are told in the largest unit that keeps their meaning', () => {
    expect(ageOf(4)).toEqual({ value: 4, unit: 'second' });
    expect(ageOf(119)).toEqual({ value: 1, unit: 'minute' });
    expect(ageOf(3 * 3600)).toEqual({ value: 3, unit: 'hour' });
    expect(ageOf(47 * 3600)).toEqual({ value: 47, unit: 'hour' });
    expect(ageOf(50 * 3600)).toEqual({ value: 2, unit: 'day' });
  });

  it('are never negative, though clocks differ', () => {
    expect(ageOf(-3)).toEqual({ value: 0, unit: 'second' });
  });

  it('are unknown where the time is', () => {
    expect(secondsSince(null, 0)).toBeNull();
    expect(secondsSince('yesterday', 0)).toBeNull();
    expect(secondsSince('1970-01-01T00:00:10Z', 70_000)).toBe(60);
  });

  it('read as a stopwatch', () => {
    expect(stopwatch(42)).toBe('0:42');
    expect(stopwatch(725)).toBe('12:05');
    expect(stopwatch(11_229)).toBe('3:07:09');
  });
});

describe('site time', () => {
  const anchor = { site_ms: 1_000_000, wall_ms: 5_000, speed: 10 };

  it('runs on between two words from the center, at its own speed', () => {
    expect(siteAt(anchor, 6_000)).toBe(1_010_000);
  });

  it('jumps to what the center says', () => {
    expect(heard(anchor, '1970-01-01T01:00:00Z', 9_000)).toEqual({ site_ms: 3_600_000, wall_ms: 9_000, speed: 10 });
  });

  it('keeps running where the center does not know the time', () => {
    expect(heard(anchor, null, 9_000)).toBe(anchor);
  });
});
