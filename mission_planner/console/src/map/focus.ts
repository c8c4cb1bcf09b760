/** What the map is asked to show: a place to go to, a mission to draw, viewpoints to choose from. */
import { signal } from '@preact/signals';
import type { Mission, Point } from '../api/types';
import { say } from '../messages';
import { onPhone } from '../state/prefs';
import { go } from '../state/route';

export interface Flight {
  at: Point | null; // null: the whole site
  key: number; // each request is a new one, be it to the same place
}

export const flight = signal<Flight | null>(null);
let key = 0;

export const flyTo = (at: Point): void => void (flight.value = { at, key: ++key });
/** As `flyTo`, and on a phone, where the panel covers the map, back to the map. */
export function showOnMap(at: Point): void {
  flyTo(at);
  if (onPhone.peek()) go('live');
}

export const fitSite = (): void => void (flight.value = { at: null, key: ++key });

/** A stop of the tour that is drawn. */
export interface TourStop {
  id: string;
  name: string;
  at: Point;
  look: 'seen' | 'failed' | 'next' | 'waiting';
}

/** The tours whose stops and ways are drawn: the open robot's mission, or the open patrol's run or plan. */
export const tours = signal<readonly (readonly TourStop[])[]>([]);

/** A mission's stops as they stand. */
export function tourOf(mission: Mission | null): TourStop[] {
  if (!mission) return [];
  const next = mission.state === 'underway' ? mission.checkpoints.find((c) => c.entry === null) : undefined;
  return mission.checkpoints.map((c) => ({
    id: c.checkpoint_id,
    name: say(c.name),
    at: c.pose,
    look: c.entry ? (c.entry.outcome === 'seen' ? 'seen' : 'failed') : c === next ? 'next' : 'waiting',
  }));
}

/** Set while a form lets people choose viewpoints on the map. */
export const picking = signal<{ chosen: readonly string[]; toggle: (viewpointId: string) => void } | null>(null);

/** A device on the map, by what it is called. */
export interface Ringed {
  at: Point;
  name: string;
}

/** Devices that are ringed: the open one, or those that belong to the open incident. */
export const ringed = signal<readonly Ringed[]>([]);
