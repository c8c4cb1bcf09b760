/** Where an incident or a robot is, in words: the center's name for it, or beside which building or stop. */
import { computed } from '@preact/signals';
import type { Polygon } from 'geojson';
import type { Incident, Point, Site, Text } from '../api/types';
import { beside, type Outline } from '../logic/nearby';
import { toLonLat, toMap, type LonLat } from '../logic/projection';
import { layer, named, nameOf, nearest } from '../map/features';
import { say, t } from '../messages';
import { site } from '../state/live';

const BESIDE_M = 40; // farther from any wall, a building no longer says where
const NEAR_M = 60; // and so with a stop
const AT_WALL_M = 2;

interface Named extends Outline {
  name: Text;
}

function outlines(known: Site): Named[] {
  return layer<Polygon>(known.map, 'building', 'Polygon').map((f) => ({
    id: f.properties.id,
    name: nameOf(f.properties),
    ring: (f.geometry.coordinates[0] ?? []).map((c) => toMap(known.origin, c as LonLat)),
  }));
}

const buildings = computed(() => (site.value.state === 'ready' ? outlines(site.value.data) : []));

/** "5 栋东侧约 12 米", or the stop it is near; empty where nothing is near. */
export function besideText(point: Point): string {
  const m = t().incidents;
  const known = site.value;
  const found = beside(point, buildings.value, BESIDE_M);
  const building = found && buildings.value.find((b) => b.id === found.id);
  if (found && building) {
    const side = m.side[found.side];
    const name = say(building.name);
    return found.distance_m < AT_WALL_M
      ? m.atSide(name, side)
      : m.besideBuilding(name, side, Math.round(found.distance_m));
  }
  if (known.state !== 'ready') return '';
  const best = nearest(named(known.data.map, 'viewpoint'), toLonLat(known.data.origin, point));
  return best && best.distance_m < NEAR_M ? t().robots.near(say(best.point.name)) : '';
}

/** Where the incident is; says so where nobody knows. */
export function placeText(incident: Incident): string {
  return say(incident.place) || (incident.position && besideText(incident.position)) || t().incidents.noPlace;
}
