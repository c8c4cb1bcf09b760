/** Which stops the map marks: those to choose from while a form picks, else those of the drawn tours. */
import type { FeatureCollection } from 'geojson';
import { toLonLat, type Origin } from '../logic/projection';
import { say, t } from '../messages';
import { named } from './features';
import type { TourStop } from './focus';
import type { Stop } from './stops';

interface Picking {
  chosen: readonly string[];
  toggle: (viewpointId: string) => void;
}

export function stopsOf(
  map: FeatureCollection,
  picking: Picking | null,
  tours: readonly (readonly TourStop[])[],
  origin: Origin,
): Stop[] {
  if (picking) {
    return named(map, 'viewpoint').map((viewpoint) => {
      const at = picking.chosen.indexOf(viewpoint.id);
      const name = say(viewpoint.name);
      return {
        key: viewpoint.id,
        at: viewpoint.at,
        text: at < 0 ? '' : String(at + 1),
        look: at < 0 ? 'free' : 'chosen',
        label: at < 0 ? name : `${name} — ${t().patrolForm.order(at + 1)}`,
        onClick: () => picking.toggle(viewpoint.id),
      };
    });
  }
  const m = t().robots;
  const words = { seen: m.outcome.seen, failed: m.outcome.no_evidence, next: m.next, waiting: m.pending };
  return tours.flatMap((tour, nth) =>
    tour.map((stop, i) => ({
      key: `${nth}/${stop.id}`,
      at: toLonLat(origin, stop.at),
      text: String(i + 1),
      look: stop.look,
      label: `${stop.name} — ${words[stop.look]}`,
      onClick: null,
    })),
  );
}
