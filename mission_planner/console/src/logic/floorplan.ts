/** A building as people know it: staircases, floors, flats; and which flats are next to which. Pure. */
import type { PlaceDetail } from '../api/types';

export interface BuildingShape {
  id: string;
  floors: number;
  units: readonly { unit: string; flats: number }[]; // flats on each floor of the staircase
}

export interface Flat {
  unit: string;
  floor: number;
  nth: number; // from 1, along the corridor
  flat: string; // "1203"
}

/** The number at a flat's door: floor and two digits. */
export const flatNumber = (floor: number, nth: number): string => `${floor}${String(nth).padStart(2, '0')}`;

/** The flats of one floor of one staircase, in the order of their doors. */
export function flatsOf(shape: BuildingShape, unit: string, floor: number): Flat[] {
  const flats = shape.units.find((u) => u.unit === unit)?.flats ?? 0;
  return Array.from({ length: flats }, (_, i) => ({ unit, floor, nth: i + 1, flat: flatNumber(floor, i + 1) }));
}

/** The flat of a place; null where the place names none, or none that this building has. */
export function flatOf(shape: BuildingShape, place: PlaceDetail): Flat | null {
  if (place.building_id !== shape.id || !place.flat) return null;
  const floor = place.floor ?? floorOf(place.flat);
  if (floor === null) return null;
  const unit = place.unit ?? shape.units[0]?.unit;
  return unit === undefined ? null : (flatsOf(shape, unit, floor).find((f) => f.flat === place.flat) ?? null);
}

function floorOf(flat: string): number | null {
  const found = /^(\d{1,2})\d\d$/.exec(flat);
  return found ? Number(found[1]) : null;
}

export type Beside = 'left' | 'right' | 'above' | 'below';

/** The flats that share a wall, a ceiling or a floor with this one, inside its staircase. */
export function neighboursOf(shape: BuildingShape, flat: Flat): Partial<Record<Beside, Flat>> {
  const at = (floor: number, nth: number) =>
    floor < 1 || floor > shape.floors ? undefined : flatsOf(shape, flat.unit, floor)[nth - 1];
  const found: [Beside, Flat | undefined][] = [
    ['left', at(flat.floor, flat.nth - 1)],
    ['right', at(flat.floor, flat.nth + 1)],
    ['above', at(flat.floor + 1, flat.nth)],
    ['below', at(flat.floor - 1, flat.nth)],
  ];
  return Object.fromEntries(found.filter(([, f]) => f !== undefined)) as Partial<Record<Beside, Flat>>;
}

/** A flat's key among all of its building's. */
export const keyOf = (f: Pick<Flat, 'unit' | 'flat'>): string => `${f.unit}/${f.flat}`;

export interface Room {
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface StaircasePlan {
  width: number;
  height: number;
  core: Room; // stairs and lift
  rooms: Room[]; // by the order of the doors
}

const DEEP = 62;
const CORE = 54;
const WIDE = 92;

/** A schematic of one floor of one staircase: up to two flats beside the stairs, the others behind them. */
export function plan(flats: number): StaircasePlan {
  const behind = Math.max(0, flats - 2);
  const height = behind > 0 ? 2 * DEEP : DEEP + 18;
  const width = 2 * WIDE + CORE;
  const front = behind > 0 ? DEEP : 0;
  const core = { x: WIDE, y: front, w: CORE, h: height - front };
  const beside: Room[] = [
    { x: 0, y: front, w: WIDE, h: height - front },
    { x: WIDE + CORE, y: front, w: WIDE, h: height - front },
  ];
  if (flats <= 2) return { width, height, core, rooms: beside.slice(0, flats) };
  const each = width / behind;
  const back = Array.from({ length: behind }, (_, i) => ({ x: i * each, y: 0, w: each, h: DEEP }));
  const [first, last] = beside as [Room, Room];
  return { width, height, core, rooms: [first, ...back, last] }; // round the stairs, as one walks
}
