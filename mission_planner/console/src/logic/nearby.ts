/** A place in words where nobody has named it: beside which building, on which side, how far. Pure. */
import type { Point } from '../api/types';

export type Side = 'e' | 'ne' | 'n' | 'nw' | 'w' | 'sw' | 's' | 'se';
const SIDES: readonly Side[] = ['e', 'ne', 'n', 'nw', 'w', 'sw', 's', 'se'];

export interface Outline {
  id: string;
  ring: readonly Point[]; // frame `map`, metres
}

export interface Beside {
  id: string;
  side: Side;
  distance_m: number; // to its wall; 0 inside
}

function toSegment_m(p: Point, a: Point, b: Point): number {
  const dx = b.x_m - a.x_m;
  const dy = b.y_m - a.y_m;
  const long2 = dx * dx + dy * dy;
  const along = long2 === 0 ? 0 : ((p.x_m - a.x_m) * dx + (p.y_m - a.y_m) * dy) / long2;
  const s = Math.min(1, Math.max(0, along));
  return Math.hypot(p.x_m - a.x_m - s * dx, p.y_m - a.y_m - s * dy);
}

function inside(p: Point, ring: readonly Point[]): boolean {
  let odd = false;
  ring.forEach((a, i) => {
    const b = ring[(i + 1) % ring.length] ?? a;
    if (a.y_m > p.y_m === b.y_m > p.y_m) return;
    if (p.x_m < a.x_m + ((p.y_m - a.y_m) / (b.y_m - a.y_m)) * (b.x_m - a.x_m)) odd = !odd;
  });
  return odd;
}

/** The side of a rectangle of the outline's extent: what people mean by "north of building 5". */
function sideOf(p: Point, ring: readonly Point[]): Side {
  const xs = ring.map((q) => q.x_m);
  const ys = ring.map((q) => q.y_m);
  const [west, east, south, north] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const dx = p.x_m > east ? p.x_m - east : p.x_m < west ? p.x_m - west : 0;
  const dy = p.y_m > north ? p.y_m - north : p.y_m < south ? p.y_m - south : 0;
  const angle =
    dx === 0 && dy === 0 ? Math.atan2(p.y_m - (north + south) / 2, p.x_m - (east + west) / 2) : Math.atan2(dy, dx);
  return SIDES[(Math.round(angle / (Math.PI / 4)) + 8) % 8] ?? 'e';
}

/** The building nearest to the point, within `within_m`; null where there is none. */
export function beside(p: Point, buildings: readonly Outline[], within_m: number): Beside | null {
  let best: Beside | null = null;
  for (const { id, ring } of buildings) {
    const walls = ring.map((a, i) => toSegment_m(p, a, ring[(i + 1) % ring.length] ?? a));
    const distance_m = inside(p, ring) ? 0 : Math.min(...walls);
    if (distance_m <= within_m && (!best || distance_m < best.distance_m)) {
      best = { id, side: sideOf(p, ring), distance_m };
    }
  }
  return best;
}
