/** Stops on the map: viewpoints to choose from with their order, or the opened mission's stops with their outcome. */
import { Marker, type Map as MapLibre } from 'maplibre-gl';
import type { LonLat } from '../logic/projection';

export interface Stop {
  key: string;
  at: LonLat;
  text: string; // the number in it
  look: 'free' | 'chosen' | 'seen' | 'failed' | 'next' | 'waiting';
  label: string;
  onClick: (() => void) | null;
}

interface Shown {
  marker: Marker;
  element: HTMLButtonElement;
}

export class StopMarkers {
  private readonly shown = new Map<string, Shown>();
  private readonly clicks = new Map<string, (() => void) | null>();

  constructor(private readonly map: MapLibre) {}

  update(stops: Stop[]): void {
    const present = new Set(stops.map((s) => s.key));
    for (const [key, item] of this.shown) {
      if (present.has(key)) continue;
      item.marker.remove();
      this.shown.delete(key);
    }
    for (const stop of stops) {
      this.clicks.set(stop.key, stop.onClick);
      const { element, marker } = this.shown.get(stop.key) ?? this.add(stop);
      marker.setLngLat(stop.at);
      element.className = `stop-marker stop-${stop.look} maplibregl-marker maplibregl-marker-anchor-center`;
      element.textContent = stop.text;
      element.title = stop.label;
      element.setAttribute('aria-label', stop.label);
      element.removeAttribute('role');
      element.disabled = stop.onClick === null;
      if (stop.look === 'free' || stop.look === 'chosen') {
        element.setAttribute('aria-pressed', String(stop.look === 'chosen'));
      }
    }
  }

  private add(stop: Stop): Shown {
    const element = document.createElement('button');
    element.type = 'button';
    element.dataset['stop'] = stop.key;
    element.addEventListener('click', (e) => {
      e.stopPropagation();
      this.clicks.get(stop.key)?.();
    });
    const marker = new Marker({ element, anchor: 'center' }).setLngLat(stop.at).addTo(this.map);
    const item = { marker, element };
    this.shown.set(stop.key, item);
    return item;
  }

  remove(): void {
    for (const item of this.shown.values()) item.marker.remove();
    this.shown.clear();
  }
}
