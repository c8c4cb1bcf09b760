/** How old a value is, and from when on it may no longer be believed. */

/** The age in seconds after which a value greys and says so. */
export const STALE_AFTER_S = {
  pose: 5, // LinkPolicy.lost_after_s of the core
  picture: 30 * 60,
  device: 24 * 3600,
} as const;

export type AgeUnit = 'second' | 'minute' | 'hour' | 'day';

export interface Age {
  value: number; // whole units
  unit: AgeUnit;
}

/** The age in the largest unit that keeps two useful digits. Negative ages (a clock ahead of ours) read as zero. */
export function ageOf(seconds: number): Age {
  const s = Math.max(0, seconds);
  if (s < 60) return { value: Math.floor(s), unit: 'second' };
  if (s < 3600) return { value: Math.floor(s / 60), unit: 'minute' };
  if (s < 48 * 3600) return { value: Math.floor(s / 3600), unit: 'hour' };
  return { value: Math.floor(s / 86400), unit: 'day' };
}

/** Seconds from `iso` to `now_ms`; null where there is no time or it cannot be read. */
export function secondsSince(iso: string | null | undefined, now_ms: number): number | null {
  if (!iso) return null;
  const at_ms = Date.parse(iso);
  return Number.isNaN(at_ms) ? null : (now_ms - at_ms) / 1000;
}

/** A duration as a stopwatch reads it: 0:42, 12:05, 3:07:09. */
export function stopwatch(seconds: number): string {
  const s = Math.max(0, Math.floor(seconds));
  const h = Math.floor(s / 3600);
  const m = Math.floor((s % 3600) / 60);
  const two = (n: number) => String(n).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s % 60)}` : `${m}:${two(s % 60)}`;
}
