/** The ways between the stops of the drawn tours, along the lanes, as features. */
import type { Feature, FeatureCollection, LineString } from 'geojson';
import { wayThrough, type Lanes } from '../logic/lanes';
import { toLonLat, type Origin } from '../logic/projection';
import { collection } from './features';
import type { TourStop } from './focus';

type Tours = readonly (readonly TourStop[])[];

export function tourFeatures(tours: Tours, lanes: Lanes, origin: Origin): FeatureCollection<LineString> {
  return collection(
    tours
      .filter((tour) => tour.length > 1)
      .map((tour): Feature<LineString> => {
        const stops = tour.map((s) => toLonLat(origin, s.at));
        return {
          type: 'Feature',
          properties: {},
          geometry: { type: 'LineString', coordinates: wayThrough(lanes, stops) },
        };
      }),
  );
}
