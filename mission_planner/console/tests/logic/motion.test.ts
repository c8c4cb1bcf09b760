import { describe, expect, it } from 'vitest';
import { arrived, at, standing, towards, turn } from '../../src/logic/motion';

const pose = (x_m: number, heading_rad = 0) => ({ x_m, y_m: 0, heading_rad });

describe('gliding', () => {
  it('goes from pose to pose over the time between the two words', () => {
    const track = towards(standing(pose(0), 0), pose(1), 200);
    expect(at(track, 200).x_m).toBe(0);
    expect(at(track, 300).x_m).toBeCloseTo(0.5);
    expect(at(track, 400).x_m).toBe(1);
    expect(arrived(track, 400)).toBe(true);
  });

  it('never runs ahead of what was heard', () => {
    const track = towards(standing(pose(0), 0), pose(1), 200);
    expect(at(track, 60_000).x_m).toBe(1);
  });

  it('starts from where the marker is, so that it never jumps back', () => {
    const first = towards(standing(pose(0), 0), pose(1), 200);
    const second = towards(first, pose(2), 300);
    expect(at(second, 300).x_m).toBeCloseTo(0.5);
  });

  it('shows a jump as a jump', () => {
    const track = towards(standing(pose(0), 0), pose(100), 200);
    expect(at(track, 200).x_m).toBe(100);
  });

  it('turns the shorter way round', () => {
    expect(turn(3, -3)).toBeCloseTo(2 * Math.PI - 6);
    const track = towards(standing(pose(0, 3), 0), pose(0, -3), 200);
    expect(Math.abs(at(track, 300).heading_rad)).toBeGreaterThan(3);
  });
});
