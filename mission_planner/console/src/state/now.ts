/** One tick a second for everything that shows an age. */
import { signal } from '@preact/signals';
import { siteAt, heard, type ClockAnchor } from '../logic/siteclock';

export const wallNow = signal(Date.now()); // ms
const anchor = signal<ClockAnchor>({ site_ms: Date.now(), wall_ms: Date.now(), speed: 1 });

export const siteSpeed = () => anchor.value.speed; // site seconds per second

/** Site time in ms, now; a component that reads it is drawn again each second. */
export const siteNow = (): number => siteAt(anchor.value, wallNow.value);

/** Site time in ms at a wall time, to the millisecond; does not redraw by itself. */
export const siteNowAt = (wall_ms: number): number => siteAt(anchor.peek(), wall_ms);

export function hearSiteTime(site_time: string | null, speed?: number): void {
  const next = heard(anchor.peek(), site_time, Date.now());
  anchor.value = speed === undefined ? next : { ...next, speed };
}

setInterval(() => (wallNow.value = Date.now()), 1000);
