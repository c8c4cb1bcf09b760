/** The site's GeoJSON as the center compiles it, sorted into the layers that the map draws. */
import type { Feature, FeatureCollection, Geometry, LineString, Point, Polygon } from 'geojson';
import type { Text } from '../api/types';
import type { LonLat } from '../logic/projection';

/** Properties that every feature of the site map may carry. */
export interface SiteProperties {
  layer: string;
  id: string;
  name_zh?: string;
  name_en?: string;
  kind?: string;
  order?: number;
  bearing_deg?: number; // clockwise from north
  floors?: number;
  height_m?: number;
  looks_at?: string;
  place_zh?: string;
  place_en?: string;
  building?: string;
  unit?: string;
  floor?: number;
  flat?: string;
}

export type SiteFeature<G extends Geometry = Geometry> = Feature<G, SiteProperties>;

export interface Named {
  id: string;
  name: Text;
  at: LonLat;
  bearing_deg: number;
}

export const nameOf = (p: SiteProperties): Text => ({
  zh: p.name_zh ?? p.name_en ?? p.id,
  en: p.name_en ?? p.name_zh ?? p.id,
});

/** The features of one layer; those of another geometry than expected are left out. */
export function layer<G extends Point | LineString | Polygon>(
  map: FeatureCollection,
  name: string,
  geometry: G['type'],
): SiteFeature<G>[] {
  return map.features.filter(
    (f) => f.properties?.['layer'] === name && f.geometry?.type === geometry,
  ) as unknown as SiteFeature<G>[];
}

/** Points with a name and a direction: viewpoints, docks, cameras. */
export function named(map: FeatureCollection, name: string): Named[] {
  return layer<Point>(map, name, 'Point').map((f) => ({
    id: f.properties.id,
    name: nameOf(f.properties),
    at: [f.geometry.coordinates[0] ?? 0, f.geometry.coordinates[1] ?? 0],
    bearing_deg: f.properties.bearing_deg ?? 0,
  }));
}

export const collection = <G extends Geometry>(features: Feature<G>[]): FeatureCollection<G> => ({
  type: 'FeatureCollection',
  features,
});

/** The point of `points` nearest to a position, with the distance in metres (small distances only). */
export function nearest(points: Named[], at: LonLat): { point: Named; distance_m: number } | null {
  const shrink = Math.cos((at[1] * Math.PI) / 180);
  let best: { point: Named; distance_m: number } | null = null;
  for (const point of points) {
    const east = (point.at[0] - at[0]) * 111_320 * shrink;
    const north = (point.at[1] - at[1]) * 111_320;
    const distance_m = Math.hypot(east, north);
    if (!best || distance_m < best.distance_m) best = { point, distance_m };
  }
  return best;
}
