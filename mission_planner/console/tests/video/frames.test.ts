import { describe, expect, it } from 'vitest';
import {
  ageOfFrame_s,
  frameTime_ms,
  rtpDifference,
  stillFor_s,
  tenths,
  withStamp,
  type Stamp,
} from '../../src/video/frames';

const T0 = Date.parse('2026-03-02T10:00:00Z');
const stamp = (rtp: number, at_ms: number, part: Partial<Stamp> = {}): Stamp => ({
  rtp,
  at_ms,
  age_ms: null,
  heard_ms: 0,
  ...part,
});

describe('the time of a frame', () => {
  it('is its own stamp', () => {
    const stamps: Stamp[] = [stamp(90_000, T0), stamp(99_000, T0 + 100)];
    expect(frameTime_ms(stamps, 99_000, 1)).toBe(T0 + 100);
  });

  it('is carried on from the nearest stamp, with the site clock and its speed', () => {
    expect(frameTime_ms([stamp(0, T0)], 45_000, 1)).toBe(T0 + 500);
    expect(frameTime_ms([stamp(0, T0)], 45_000, 4)).toBe(T0 + 2_000);
  });

  it('survives the counter coming round', () => {
    expect(rtpDifference(5, 0xffff_fffb)).toBe(10);
    expect(rtpDifference(0xffff_fffb, 5)).toBe(-10);
    expect(frameTime_ms([stamp(0xffff_ffff - 8_999, T0)], 0, 1)).toBe(T0 + 100);
  });

  it('is unknown without a stamp near it, never guessed', () => {
    expect(frameTime_ms([], 5, 1)).toBeNull();
    expect(frameTime_ms([stamp(0, T0)], 90_000 * 60, 1)).toBeNull();
  });

  it('is that of the newest stamp where the browser does not say which frame it shows', () => {
    expect(frameTime_ms([stamp(7, T0)], null, 1)).toBe(T0);
  });

  it('is kept for a bounded number of frames, the oldest dropped', () => {
    let stamps: Stamp[] = [];
    for (let i = 0; i < 500; i++) stamps = withStamp(stamps, stamp(i, T0 + i));
    expect(stamps).toHaveLength(120);
    expect(stamps[0]?.rtp).toBe(380);
  });
});

describe('the age of a picture', () => {
  const clocks = { now_ms: 0, siteNow_ms: T0 + 1_200, speed: 1 };

  it('is in real seconds however fast site time runs', () => {
    expect(ageOfFrame_s([stamp(0, T0)], 0, clocks)).toBeCloseTo(1.2);
    expect(ageOfFrame_s([stamp(0, T0)], 0, { ...clocks, siteNow_ms: T0 + 12_000, speed: 10 })).toBeCloseTo(1.2);
  });

  it('is the older of what the site clock and the robot say', () => {
    const told = [stamp(0, T0, { age_ms: 2_000, heard_ms: 700 })];
    expect(ageOfFrame_s(told, 0, { ...clocks, now_ms: 1_000 })).toBeCloseTo(2.3);
    expect(ageOfFrame_s(told, 0, { ...clocks, now_ms: 1_000, siteNow_ms: T0 + 5_000 })).toBeCloseTo(5);
  });

  it('is unknown where the frame carries no time, and never negative', () => {
    expect(ageOfFrame_s([], 0, clocks)).toBeNull();
    expect(ageOfFrame_s([stamp(0, T0)], 0, { ...clocks, siteNow_ms: T0 - 300 })).toBe(0);
  });

  it.each([
    [0.04, '0.0'],
    [1.24, '1.2'],
    [9.94, '9.9'],
    [9.97, '10'],
    [12.4, '12'],
  ])('%f s reads %s', (seconds, text) => expect(tenths(seconds)).toBe(text));
});

describe('a picture that stands still', () => {
  it.each([
    ['nothing came yet', null, null, null],
    ['a frame came just now', 9_900, null, null],
    ['exactly two seconds are not yet frozen', 8_000, null, null],
    ['no frame for three seconds', 7_000, null, 3],
    ['frames come, but their own time stands', 9_900, 6_000, 4],
    ['frames come and their time goes on', 9_900, 9_900, null],
  ] as const)('%s', (_, frame_ms, moment_ms, still_s) => {
    expect(stillFor_s({ now_ms: 10_000, frame_ms, moment_ms })).toBe(still_s);
  });
});
