/** Where a marker's plate goes: to the left near the map's right edge; nowhere when the map is seen from afar. */
import type { Map as MapLibre } from 'maplibre-gl';

const ROOM_PX = 190; // what a plate needs at its right
const FAR_ZOOM = 16.6; // below it plates would cover the site

/** Marks the map while it is seen from afar; the style sheet hides the plates of what is not selected. */
export function watchDistance(map: MapLibre): void {
  const mark = () => map.getContainer().classList.toggle('map-far', map.getZoom() < FAR_ZOOM);
  map.on('zoom', mark);
  mark();
}

/** Sets the side of the plate by where the marker stands on the screen. */
export function setSide(map: MapLibre, element: HTMLElement, at: { lng: number; lat: number }): void {
  const { x } = map.project(at);
  element.classList.toggle('plate-left', x > map.getContainer().clientWidth - ROOM_PX);
}
