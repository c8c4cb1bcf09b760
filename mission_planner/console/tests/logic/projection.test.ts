import { describe, expect, it } from 'vitest';
import { bearingOf, centroid, toLonLat, toMap } from '../../src/logic/projection';

const ORIGIN = { lat_deg: 30.2936, lon_deg: 120.0731 };

describe('between the site frame and the globe', () => {
  it('returns to where it came from', () => {
    const there = toLonLat(ORIGIN, { x_m: 342, y_m: -17 });
    const back = toMap(ORIGIN, there);
    expect(back.x_m).toBeCloseTo(342, 6);
    expect(back.y_m).toBeCloseTo(-17, 6);
  });

  it('a hundred metres north is about 0.0009 degrees of latitude', () => {
    const [lon, lat] = toLonLat(ORIGIN, { x_m: 0, y_m: 100 });
    expect(lon).toBe(ORIGIN.lon_deg);
    expect(lat - ORIGIN.lat_deg).toBeCloseTo(0.000898, 6);
  });

  it('agrees with the core about a known viewpoint', () => {
    const [lon, lat] = toLonLat(ORIGIN, { x_m: 86.30527344442898, y_m: 87.1408973929344 });
    expect(lon).toBeCloseTo(120.0739979, 7);
    expect(lat).toBeCloseTo(30.2943828, 7);
  });
});

describe('headings', () => {
  it.each([
    [0, 90],
    [Math.PI / 2, 0],
    [Math.PI, 270],
    [-Math.PI / 2, 180],
  ])('%f rad counter-clockwise from east is %f degrees clockwise from north', (heading, bearing) => {
    expect(bearingOf(heading)).toBeCloseTo(bearing, 9);
  });
});

describe('the middle of a house', () => {
  it('is its area centroid', () => {
    const square = [
      [120, 30],
      [120.002, 30],
      [120.002, 30.002],
      [120, 30.002],
    ];
    expect(centroid(square)[0]).toBeCloseTo(120.001, 9);
    expect(centroid(square)[1]).toBeCloseTo(30.001, 9);
  });

  it('is the mean of its points where it has no area', () => {
    expect(
      centroid([
        [1, 1],
        [3, 3],
      ]),
    ).toEqual([2, 2]);
  });
});
