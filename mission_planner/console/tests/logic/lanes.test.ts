import type { Feature, LineString } from 'geojson';
import { describe, expect, it } from 'vitest';
import { lanesOf, wayBetween, wayThrough } from '../../src/logic/lanes';

function lane(start: string, end: string, coordinates: [number, number][], two_way = true): Feature<LineString> {
  return { type: 'Feature', properties: { start, end, two_way }, geometry: { type: 'LineString', coordinates } };
}

// a - b - c along the bottom, a longer way a - d - c above, and a one-way street c -> e
const LANES = lanesOf([
  lane('a', 'b', [
    [0, 0],
    [1, 0],
  ]),
  lane('b', 'c', [
    [1, 0],
    [2, 0],
  ]),
  lane('a', 'd', [
    [0, 0],
    [1, 3],
  ]),
  lane('d', 'c', [
    [1, 3],
    [2, 0],
  ]),
  lane(
    'c',
    'e',
    [
      [2, 0],
      [3, 0],
    ],
    false,
  ),
]);

describe('the way along the lanes', () => {
  it('is the shortest', () => {
    expect(wayBetween(LANES, [0, 0.1], [2, 0.1])).toEqual([
      [0, 0.1],
      [0, 0],
      [1, 0],
      [1, 0],
      [2, 0],
      [2, 0.1],
    ]);
  });

  it('does not go against a one-way street; where no lane leads there it is the straight line', () => {
    expect(wayBetween(LANES, [3, 0], [0, 0])).toEqual([
      [3, 0],
      [0, 0],
    ]);
  });

  it('is the straight line where there are no lanes', () => {
    expect(wayBetween(lanesOf([]), [0, 0], [1, 1])).toEqual([
      [0, 0],
      [1, 1],
    ]);
  });

  it('goes through the stops in their order', () => {
    const way = wayThrough(LANES, [
      [0, 0],
      [2, 0],
      [1, 3],
    ]);
    expect(way[0]).toEqual([0, 0]);
    expect(way.at(-1)).toEqual([1, 3]);
  });
});
