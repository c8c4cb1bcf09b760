/** Markers and their plates side by side: none under another, none beyond the edge, none when seen from afar. */
import type { Map as MapLibre, Marker } from 'maplibre-gl';
import { around, plateAt, sideFor, SIDES, stepAside, type PlateSide, type Rect, type Spot } from '../logic/plates';

const FAR_ZOOM = 16.6; // below it plates would cover the site
const GAP_PX = 4;
const APART_PX = 38; // between an incident's marker and a robot's

/** Marks the map while it is seen from afar; the style sheet hides the plates of what is not selected. */
export function watchDistance(map: MapLibre): void {
  const mark = () => map.getContainer().classList.toggle('map-far', map.getZoom() < FAR_ZOOM);
  map.on('zoom', mark);
  mark();
}

/** One marker with a plate, as this room sees it. */
export interface Plated {
  marker: Marker;
  element: HTMLElement;
  plate: HTMLElement | null;
  offset: Spot; // from where it truly is, before it steps aside
}

const sizes = new WeakMap<HTMLElement, { text: string; font: string; w: number; h: number }>();

/** The plate's size, measured anew only when its words changed. */
function sizeOf(plate: HTMLElement): { w: number; h: number } {
  const text = plate.textContent ?? '';
  const font = document.documentElement.lang;
  const had = sizes.get(plate);
  if (had && had.text === text && had.font === font && had.w > 0) return had;
  const now = { text, font, w: plate.offsetWidth, h: plate.offsetHeight };
  sizes.set(plate, now);
  return now;
}

const put = (element: HTMLElement, side: PlateSide): void => {
  for (const s of SIDES) element.classList.toggle(`plate-${s}`, s === side);
};

const spotOf = (map: MapLibre, item: Plated): Spot => {
  const { x, y } = map.project(item.marker.getLngLat());
  return { x: x + item.offset.x, y: y + item.offset.y };
};

/** Lets incidents step aside from robots, then gives every plate the side where it covers nothing. */
export function settlePlates(map: MapLibre, incidents: Iterable<Plated>, robots: Iterable<Plated>): void {
  const box = map.getContainer();
  const room: Rect = { x: 0, y: 0, w: box.clientWidth, h: box.clientHeight };
  const discs = [...robots].map((item) => ({ item, at: spotOf(map, item), size: item.element.offsetWidth }));
  const marks = [...incidents].map((item) => {
    const at = spotOf(map, item);
    const step = stepAside(
      at,
      discs.map((d) => d.at),
      APART_PX,
    );
    item.marker.setOffset([item.offset.x + step.x, item.offset.y + step.y]);
    return { item, at: { x: at.x + step.x, y: at.y + step.y }, size: item.element.offsetWidth };
  });
  const taken = [...marks, ...discs].map(({ at, size }) => around(at, size));
  for (const { item, at, size } of [...marks, ...discs]) {
    if (!item.plate) continue;
    const plate = sizeOf(item.plate);
    if (plate.w === 0) continue; // not shown from afar
    const own = around(at, size);
    const side = sideFor(
      at,
      size,
      plate,
      GAP_PX,
      room,
      taken.filter((t) => t.x !== own.x || t.y !== own.y),
    );
    put(item.element, side);
    taken.push(plateAt(side, at, size, plate, GAP_PX));
  }
}
