/** The ring in which a person lies: as wide as the center lets sightings of one person lie apart, or as they truly do. */
import type { Feature, Polygon } from 'geojson';
import type { Incident } from '../api/types';
import { isActive } from '../logic/order';
import { toLonLat, type Origin } from '../logic/projection';

const SAME_PERSON_M = 3; // the center takes sightings this near for one person
const CORNERS = 48;

/** The radius in metres: the farthest sighting from the pin, and never less than what one sighting may be off. */
export function radiusOf_m(incident: Incident): number {
  const { position } = incident;
  if (!position) return SAME_PERSON_M;
  const spread = incident.findings.map((f) =>
    f.position ? Math.hypot(f.position.x_m - position.x_m, f.position.y_m - position.y_m) : 0,
  );
  return Math.max(SAME_PERSON_M, ...spread);
}

/** Null for what was not seen by eyes that judge, and for what is over. */
export function ringOf(incident: Incident, origin: Origin): Feature<Polygon> | null {
  const { position, certainty } = incident;
  if (!position || !certainty || !isActive(incident.state)) return null;
  const r = radiusOf_m(incident);
  const ring = Array.from({ length: CORNERS + 1 }, (_, i) => {
    const a = (2 * Math.PI * i) / CORNERS;
    return toLonLat(origin, { x_m: position.x_m + r * Math.cos(a), y_m: position.y_m + r * Math.sin(a) });
  });
  return { type: 'Feature', properties: { certainty }, geometry: { type: 'Polygon', coordinates: [ring] } };
}
