/** Which moment a frame on the screen shows, how old that is, and whether the picture still moves. Pure. */

export const FROZEN_AFTER_MS = 2_000; // without a new frame
export const LATE_AFTER_S = 2; // an age that one must know before acting on the picture

const RTP_HZ = 90_000; // the clock of every video format in RTP
const KEPT_STAMPS = 120; // four seconds at 30 frames; the oldest goes first
const NEAR_TICKS = RTP_HZ * 2; // farther from a known stamp, a frame's time is not guessed

/** The shorter way from RTP time `b` to `a`, in ticks; the counter has 32 bits and comes round after 13 hours. */
export const rtpDifference = (a: number, b: number): number => (a - b) | 0;

export interface Stamp {
  rtp: number;
  at_ms: number; // site time, as the camera's clock had it
  age_ms: number | null; // how old the picture was when the robot sent it
  heard_ms: number; // monotonic: when this was heard here
}

/** The stamps with one more; the oldest is dropped beyond `KEPT_STAMPS`. */
export function withStamp(stamps: readonly Stamp[], stamp: Stamp): Stamp[] {
  return [...stamps, stamp].slice(-KEPT_STAMPS);
}

/** The stamp next to an RTP time, and by how many ticks the frame is later; null where none is near. */
function near(stamps: readonly Stamp[], rtp: number | null): { stamp: Stamp; ticks: number } | null {
  const newest = stamps.at(-1);
  if (rtp === null) return newest ? { stamp: newest, ticks: 0 } : null; // the browser does not say which frame it shows
  let best: { stamp: Stamp; ticks: number } | null = null;
  for (const stamp of stamps) {
    const ticks = rtpDifference(rtp, stamp.rtp);
    if (!best || Math.abs(ticks) < Math.abs(best.ticks)) best = { stamp, ticks };
  }
  return best && Math.abs(best.ticks) <= NEAR_TICKS ? best : null;
}

/** When the frame was taken, in site time: from its own stamp, or carried on from a near one. Null where unknown. */
export function frameTime_ms(stamps: readonly Stamp[], rtp: number | null, speed: number): number | null {
  const found = near(stamps, rtp);
  return found && found.stamp.at_ms + (found.ticks / RTP_HZ) * 1000 * speed;
}

export interface Clocks {
  now_ms: number; // monotonic
  siteNow_ms: number;
  speed: number; // site seconds per second
}

/**
 * The age of what is shown, in real seconds; null where the frame's time is unknown.
 *
 * Two clocks tell it: the site's, which lags by the way from the center; and the robot's own word for the age on
 * sending, which lacks the way from the robot. Both may say too little, so the older one counts.
 */
export function ageOfFrame_s(stamps: readonly Stamp[], rtp: number | null, clocks: Clocks): number | null {
  const taken_ms = frameTime_ms(stamps, rtp, clocks.speed);
  const found = near(stamps, rtp);
  if (taken_ms === null || !found) return null;
  const bySite_s = (clocks.siteNow_ms - taken_ms) / 1000 / clocks.speed;
  const { age_ms, heard_ms } = found.stamp;
  const byRobot_s = age_ms === null ? 0 : (age_ms + clocks.now_ms - heard_ms) / 1000 - found.ticks / RTP_HZ;
  return Math.max(0, bySite_s, byRobot_s);
}

export interface Shown {
  now_ms: number; // monotonic
  frame_ms: number | null; // monotonic: when a new frame last came
  moment_ms: number | null; // monotonic: when the frames' own time last advanced; null where they carry none
}

/** How long the picture has stood still, in seconds; null while it moves. A camera that repeats one picture counts. */
export function stillFor_s({ now_ms, frame_ms, moment_ms }: Shown): number | null {
  if (frame_ms === null) return null;
  const since_ms = Math.min(frame_ms, moment_ms ?? frame_ms);
  const still_ms = now_ms - since_ms;
  return still_ms > FROZEN_AFTER_MS ? still_ms / 1000 : null;
}

/** One decimal while it matters, whole seconds later: 1.2, 9.9, 12. */
export const tenths = (seconds: number): string => (seconds < 9.95 ? seconds.toFixed(1) : String(Math.round(seconds)));
