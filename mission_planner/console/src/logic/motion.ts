/** Smooth motion between two poses from the center: never ahead of what was heard, only a moment behind it. */
import type { Pose } from '../api/types';

export interface Track {
  from: Pose;
  to: Pose;
  start_ms: number; // wall time at which the glide began
  span_ms: number; // how long it takes
}

const LONGEST_GLIDE_MS = 1200; // a longer silence is not smoothed over
const JUMP_M = 8; // farther than this in one step is a jump, and is shown as one

export const standing = (pose: Pose, now_ms: number): Track => ({ from: pose, to: pose, start_ms: now_ms, span_ms: 0 });

/** The track after hearing `pose`: glide from where the marker is now, over the time since the last word. */
export function towards(track: Track, pose: Pose, now_ms: number): Track {
  const here = at(track, now_ms);
  if (Math.hypot(pose.x_m - here.x_m, pose.y_m - here.y_m) > JUMP_M) return standing(pose, now_ms);
  const since_ms = now_ms - track.start_ms;
  return { from: here, to: pose, start_ms: now_ms, span_ms: Math.min(LONGEST_GLIDE_MS, Math.max(50, since_ms)) };
}

export function at(track: Track, now_ms: number): Pose {
  const t = track.span_ms <= 0 ? 1 : Math.min(1, Math.max(0, (now_ms - track.start_ms) / track.span_ms));
  const { from, to } = track;
  return {
    x_m: from.x_m + (to.x_m - from.x_m) * t,
    y_m: from.y_m + (to.y_m - from.y_m) * t,
    heading_rad: from.heading_rad + turn(from.heading_rad, to.heading_rad) * t,
  };
}

export const arrived = (track: Track, now_ms: number): boolean => now_ms >= track.start_ms + track.span_ms;

/** The shorter way round from one heading to the other, in (-pi, pi]. */
export function turn(from_rad: number, to_rad: number): number {
  const full = 2 * Math.PI;
  const wrapped = (((to_rad - from_rad) % full) + full) % full;
  return wrapped > Math.PI ? wrapped - full : wrapped;
}
