/** Between the site frame `map` (metres, ENU) and the globe; the same flat-earth formula as `patrol_core.geometry`. */
import type { Point } from '../api/types';

const EARTH_RADIUS_M = 6_378_137; // WGS84 semi-major axis
const METRES_PER_DEGREE = (Math.PI / 180) * EARTH_RADIUS_M;

export interface Origin {
  lat_deg: number;
  lon_deg: number;
}

export type LonLat = [lon_deg: number, lat_deg: number];

export function toLonLat(origin: Origin, point: Point): LonLat {
  const shrink = Math.cos((origin.lat_deg * Math.PI) / 180);
  return [origin.lon_deg + point.x_m / (METRES_PER_DEGREE * shrink), origin.lat_deg + point.y_m / METRES_PER_DEGREE];
}

export function toMap(origin: Origin, [lon_deg, lat_deg]: LonLat): Point {
  const shrink = Math.cos((origin.lat_deg * Math.PI) / 180);
  return {
    x_m: (lon_deg - origin.lon_deg) * METRES_PER_DEGREE * shrink,
    y_m: (lat_deg - origin.lat_deg) * METRES_PER_DEGREE,
  };
}

/** A heading (radians, counter-clockwise from east) as a compass bearing (degrees, clockwise from north, 0..360). */
export function bearingOf(heading_rad: number): number {
  const bearing = 90 - (heading_rad * 180) / Math.PI;
  return ((bearing % 360) + 360) % 360;
}

/** The mean of a ring's points where it has no area, its area centroid otherwise. */
export function centroid(ring: readonly (readonly number[])[]): LonLat {
  const points = ring.map((p): LonLat => [p[0] ?? 0, p[1] ?? 0]);
  const [ox, oy] = points[0] ?? [0, 0];
  let area2 = 0;
  let cx = 0;
  let cy = 0;
  points.forEach(([ax, ay], i) => {
    const [bx, by] = points[(i + 1) % points.length] ?? [ox, oy];
    const cross = (ax - ox) * (by - oy) - (bx - ox) * (ay - oy);
    area2 += cross;
    cx += (ax + bx - 2 * ox) * cross;
    cy += (ay + by - 2 * oy) * cross;
  });
  if (Math.abs(area2) < 1e-18) {
    const n = Math.max(1, points.length);
    return [points.reduce((s, p) => s + p[0], 0) / n, points.reduce((s, p) => s + p[1], 0) / n];
  }
  return [ox + cx / (3 * area2), oy + cy / (3 * area2)];
}
