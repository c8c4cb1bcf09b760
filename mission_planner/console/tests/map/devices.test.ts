import { describe, expect, it } from 'vitest';
import { spread } from '../../src/map/devices';

describe('sensors of one place', () => {
  it('a single one stays where it is', () => {
    expect(spread(1)).toEqual([[0, 0]]);
  });

  it('several are set side by side, none on another', () => {
    for (const n of [2, 3, 5, 9]) {
      const places = spread(n);
      expect(places).toHaveLength(n);
      expect(new Set(places.map(String)).size).toBe(n);
    }
  });
});
