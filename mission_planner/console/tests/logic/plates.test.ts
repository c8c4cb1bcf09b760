import { describe, expect, it } from 'vitest';
import { around, plateAt, sideFor, stepAside, type PlateSide, type Rect } from '../../src/logic/plates';

const ROOM: Rect = { x: 0, y: 0, w: 1000, h: 600 };
const PLATE = { w: 100, h: 40 };
const at = (x: number, y: number) => ({ x, y });
const choose = (spot: { x: number; y: number }, ...taken: Rect[]) => sideFor(spot, 30, PLATE, 5, ROOM, taken);

describe('the side of a plate', () => {
  it.each<[string, { x: number; y: number }, Rect[], PlateSide]>([
    ['right where there is room', at(500, 300), [], 'right'],
    ['left at the right edge', at(950, 300), [], 'left'],
    ['left where a marker stands at the right', at(500, 300), [around(at(560, 300), 40)], 'left'],
    ['below where both sides are taken', at(500, 300), [around(at(560, 300), 40), around(at(440, 300), 40)], 'below'],
    ['above at the lower edge', at(500, 580), [around(at(560, 580), 40), around(at(440, 580), 40)], 'above'],
  ])('%s', (_, spot, taken, side) => expect(choose(spot, ...taken)).toBe(side));

  it('loses as little as can be where everything is taken', () => {
    const whole = (side: PlateSide) => plateAt(side, at(500, 300), 30, PLATE, 5);
    const half = { ...whole('above'), h: 10 };
    expect(choose(at(500, 300), whole('right'), whole('left'), whole('below'), half)).toBe('above');
  });
});

describe('a marker beside another', () => {
  it.each([
    ['stays where it is far enough', at(100, 100), [at(200, 100)], at(0, 0)],
    ['steps away from it', at(110, 100), [at(100, 100)], at(20, 0)],
    ['steps up from the very same spot', at(100, 100), [at(100, 100)], at(0, -30)],
  ])('%s', (_, spot, others, step) => {
    const moved = stepAside(spot, others, 30);
    expect(moved.x).toBeCloseTo(step.x);
    expect(moved.y).toBeCloseTo(step.y);
  });
});
