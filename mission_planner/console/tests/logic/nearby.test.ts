import { describe, expect, it } from 'vitest';
import { beside, type Outline } from '../../src/logic/nearby';

const at = (x_m: number, y_m: number) => ({ x_m, y_m });
const block = (id: string, x: number, y: number): Outline => ({
  id,
  ring: [at(x, y), at(x + 20, y), at(x + 20, y + 10), at(x, y + 10)],
});
const SITE = [block('b1', 0, 0), block('b2', 60, 0)];

describe('a place beside a building', () => {
  it.each([
    ['in front of its east wall', at(25, 5), 'b1', 'e', 5],
    ['behind it', at(10, 14), 'b1', 'n', 4],
    ['off a corner', at(23, -3), 'b1', 'se', Math.hypot(3, 3)],
    ['nearer to the other one', at(50, 5), 'b2', 'w', 10],
    ['inside', at(2, 5), 'b1', 'w', 0],
  ])('%s', (_, point, id, side, distance_m) => {
    const found = beside(point, SITE, 60);
    expect([found?.id, found?.side]).toEqual([id, side]);
    expect(found?.distance_m).toBeCloseTo(distance_m);
  });

  it('is none far from everything', () => expect(beside(at(10, 200), SITE, 60)).toBeNull());
});
