/** Development only: the demo site as the maps room compiles it, and driving along its lanes. */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Feature, FeatureCollection, LineString } from 'geojson';
import type { Point, Pose, Site } from '../src/api/types';
import { lanesOf, wayBetween } from '../src/logic/lanes';
import { toLonLat, toMap, type LonLat } from '../src/logic/projection';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PYTHON = `${ROOT}.venv/bin/python`;

const SCRIPT = `
import json, sys
sys.path[:0] = ["ros_ws/src", "."]
from maps import load_site
from maps.console_map import console_map_of
print(json.dumps(console_map_of(load_site("xinghe"))))
`;

interface Compiled extends FeatureCollection {
  bbox: [number, number, number, number];
  site: { id: string; name_zh: string; name_en: string; timezone: string; origin: { lat: number; lon: number } };
}

/** Reads the site through Python, once; needs `make setup` to have been run. */
export function readSite(): Site {
  const python = existsSync(PYTHON) ? PYTHON : 'python3';
  const text = execFileSync(python, ['-c', SCRIPT], { cwd: ROOT, encoding: 'utf8', maxBuffer: 64 << 20 });
  const map = JSON.parse(text) as Compiled;
  return {
    site_id: map.site.id,
    name: { zh: map.site.name_zh, en: map.site.name_en },
    timezone: map.site.timezone,
    origin: { lat_deg: map.site.origin.lat, lon_deg: map.site.origin.lon },
    bounds: map.bbox,
    map,
  };
}

export interface Stand {
  id: string;
  zh: string;
  en: string;
  pose: Pose;
}

/** Features of a layer that have a place and a direction. */
export function stands(site: Site, layer: string): Stand[] {
  return site.map.features
    .filter((f) => f.properties?.['layer'] === layer && f.geometry.type === 'Point')
    .map((f) => {
      const p = f.properties as Record<string, string | number>;
      const at = (f.geometry as { coordinates: number[] }).coordinates as LonLat;
      const heading_rad = Math.PI / 2 - (Number(p['bearing_deg'] ?? 0) * Math.PI) / 180;
      return {
        id: String(p['id']),
        zh: String(p['name_zh']),
        en: String(p['name_en']),
        pose: { ...toMap(site.origin, at), heading_rad },
      };
    });
}

/** A router over the site's lanes: the way from one point to another. */
export function router(site: Site): (from: Point, to: Point) => Point[] {
  const isLane = (f: Feature): f is Feature<LineString> =>
    f.properties?.['layer'] === 'lane' && f.geometry.type === 'LineString';
  const lanes = lanesOf(site.map.features.filter(isLane));
  return (from, to) =>
    wayBetween(lanes, toLonLat(site.origin, from), toLonLat(site.origin, to)).map((at) => toMap(site.origin, at));
}
