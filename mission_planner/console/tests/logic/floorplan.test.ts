import { describe, expect, it } from 'vitest';
import { flatOf, flatsOf, neighboursOf, plan, type BuildingShape } from '../../src/logic/floorplan';

const TOWER: BuildingShape = {
  id: 'b2',
  floors: 26,
  units: [
    { unit: '1', flats: 3 },
    { unit: '2', flats: 3 },
  ],
};
const place = (flat: string | null, floor: number | null = null, unit: string | null = '1') => ({
  building_id: 'b2',
  unit,
  floor,
  flat,
});

describe('a building', () => {
  it('has its flats by staircase and floor, numbered as at their doors', () => {
    expect(flatsOf(TOWER, '2', 12).map((f) => f.flat)).toEqual(['1201', '1202', '1203']);
  });

  it('finds the flat of a place, by its floor or by the number alone', () => {
    expect(flatOf(TOWER, place('1203', 12))).toMatchObject({ unit: '1', floor: 12, nth: 3 });
    expect(flatOf(TOWER, place('301'))).toMatchObject({ floor: 3, nth: 1 });
    expect(flatOf(TOWER, place(null, 12))).toBeNull();
    expect(flatOf(TOWER, place('1209', 12))).toBeNull();
  });
});

describe('the neighbours of a flat', () => {
  const around = (flat: string) => {
    const found = flatOf(TOWER, place(flat));
    const next = found ? neighboursOf(TOWER, found) : {};
    return Object.fromEntries(Object.entries(next).map(([side, f]) => [side, f?.flat]));
  };

  it('are beside it, above it and below it, in its own staircase', () => {
    expect(around('1202')).toEqual({ left: '1201', right: '1203', above: '1302', below: '1102' });
  });

  it('are fewer at the corridor’s end, on the ground and under the roof', () => {
    expect(around('101')).toEqual({ right: '102', above: '201' });
    expect(around('2603')).toEqual({ left: '2602', below: '2503' });
  });
});

describe('the schematic of a floor', () => {
  it.each([1, 2, 3, 4, 6])(
    'gives each of %i flats a room of its own that overlaps no other and not the stairs',
    (n) => {
      const { rooms, core, width, height } = plan(n);
      expect(rooms).toHaveLength(n);
      const all = [...rooms, core];
      for (const a of all) {
        expect(a.x >= 0 && a.y >= 0 && a.x + a.w <= width + 1e-9 && a.y + a.h <= height + 1e-9).toBe(true);
        for (const b of all) {
          if (a === b) continue;
          const apart =
            a.x + a.w <= b.x + 1e-9 || b.x + b.w <= a.x + 1e-9 || a.y + a.h <= b.y + 1e-9 || b.y + b.h <= a.y + 1e-9;
          expect(apart).toBe(true);
        }
      }
    },
  );
});
