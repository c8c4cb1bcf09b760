/** Incidents on the map: the priority's shape, pulsing while nobody has it, a blue disc once it is over. */
import { Marker, type Map as MapLibre } from 'maplibre-gl';
import type { Incident } from '../api/types';
import { isActive } from '../logic/order';
import { toLonLat, type Origin } from '../logic/projection';
import type { Plated } from './plates';
import { MARK_PATHS, markOf, TICK } from '../ui/mark';

export interface IncidentWords {
  title: string; // "烟感报警"
  place: string;
  label: string; // for screen readers
}

interface Shown extends Plated {
  element: HTMLButtonElement;
  look: string;
}

const STEP_PX = 26; // between incidents of one place
const PLATED = 8; // the most urgent have their words beside them; with more, none could be read

export class IncidentMarkers {
  private readonly shown = new Map<string, Shown>();

  constructor(
    private readonly map: MapLibre,
    private readonly origin: Origin,
    private readonly open: (incidentId: string) => void,
  ) {}

  get plated(): Iterable<Plated> {
    return this.shown.values();
  }

  update(incidents: Incident[], selected: string | null, words: (incident: Incident) => IncidentWords): void {
    const placed = incidents.filter((i) => i.position !== null);
    const crowd = new Map<string, number>();
    const present = new Set(placed.map((i) => i.incident_id));
    for (const [id, item] of this.shown) {
      if (present.has(id)) continue;
      item.marker.remove();
      this.shown.delete(id);
    }
    for (const [rank, incident] of placed.entries()) {
      const p = incident.position ?? { x_m: 0, y_m: 0 };
      const spot = `${Math.round(p.x_m / 3)},${Math.round(p.y_m / 3)}`;
      const nth = crowd.get(spot) ?? 0;
      crowd.set(spot, nth + 1);
      const item = this.shown.get(incident.incident_id) ?? this.add(incident);
      item.marker.setLngLat(toLonLat(this.origin, p));
      item.offset = { x: nth * STEP_PX, y: 0 };
      this.describe(item, incident, selected === incident.incident_id, rank < PLATED, words(incident));
    }
  }

  private add(incident: Incident): Shown {
    const element = document.createElement('button');
    element.type = 'button';
    element.addEventListener('click', (e) => {
      e.stopPropagation();
      this.open(incident.incident_id);
    });
    const marker = new Marker({ element, anchor: 'center' })
      .setLngLat(toLonLat(this.origin, incident.position ?? { x_m: 0, y_m: 0 }))
      .addTo(this.map);
    const item: Shown = { marker, element, look: '', plate: null, offset: { x: 0, y: 0 } };
    this.shown.set(incident.incident_id, item);
    return item;
  }

  private describe(item: Shown, incident: Incident, selected: boolean, plated: boolean, words: IncidentWords): void {
    const mark = markOf(incident.priority, incident.state);
    const look = JSON.stringify([mark, incident.state, selected, plated, words]);
    if (look === item.look) return;
    item.look = look;
    const active = isActive(incident.state);
    item.element.className = [
      'incident-marker',
      `incident-${mark}`,
      `incident-state-${incident.state}`,
      selected ? 'incident-selected' : '',
      'maplibregl-marker maplibregl-marker-anchor-center',
    ].join(' ');
    item.element.dataset['incident'] = incident.incident_id;
    item.element.setAttribute('aria-label', words.label);
    item.element.removeAttribute('role');
    item.element.style.zIndex = selected ? '6' : active ? String(6 - incident.priority) : '0';
    const size = active ? 26 : 18;
    const svg = `<svg class="mark mark-${mark} ${active && incident.state !== 'open' ? 'mark-taken' : ''}" viewBox="-1 -1 22 22"
      width="${size}" height="${size}" aria-hidden="true"><path d="${MARK_PATHS[mark]}"/>${
        mark === 'done' ? `<path class="mark-tick" d="${TICK}"/>` : ''
      }</svg>`;
    const pulse = incident.state === 'open' ? '<i class="incident-pulse"></i>' : '';
    item.element.innerHTML = `${pulse}${svg}`;
    item.plate = null;
    if (!selected && !(active && plated)) return;
    const plate = document.createElement('span');
    plate.className = 'incident-plate';
    const title = document.createElement('b');
    title.textContent = words.title;
    const place = document.createElement('span');
    place.textContent = words.place;
    plate.append(title, place);
    item.element.append(plate);
    item.plate = plate;
  }

  remove(): void {
    for (const item of this.shown.values()) item.marker.remove();
    this.shown.clear();
  }
}
