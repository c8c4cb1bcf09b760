/** What the robot's eyes drew around whom: read from the data channel, matched to the frame that is shown. Pure. */
import { rtpDifference, type Stamp } from './frames';

export type Verdict = '' | 'suspected' | 'confirmed';

export interface Box {
  id: string;
  kind: string;
  verdict: Verdict;
  score: number;
  box: readonly [left: number, top: number, right: number, bottom: number]; // shares of the picture, 0..1
  distance_m: number | null;
}

/** All that was seen in one picture; no boxes: looked, and saw nobody. */
export interface Seen {
  rtp: number | null;
  at_ms: number | null; // site time
  model: string;
  boxes: readonly Box[];
}

export type Word = { type: 'seen'; seen: Seen } | { type: 'stamp'; stamp: Stamp } | null; // null: not understood

const KEPT_SEEN = 24; // the oldest goes first
export const AHEAD_S = 0.15; // detections this little newer than the frame still belong to it
/** Older than this against the frame, boxes would lie; sooner while the camera itself moves. */
export const STALE_AFTER_S = { moving: 1, standing: 3 } as const;

const number = (value: unknown): number | null => (typeof value === 'number' && Number.isFinite(value) ? value : null);
const time_ms = (value: unknown): number | null => {
  const at = typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isNaN(at) ? null : at;
};

/** One message of the data channel, heard at `heard_ms` (monotonic). What is not understood is never guessed at. */
export function readWord(text: string, heard_ms: number): Word {
  let word: unknown;
  try {
    word = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof word !== 'object' || word === null) return null;
  const said = word as Record<string, unknown>;
  const rtp = number(said['rtp']);
  const at_ms = time_ms(said['stamp']);
  if (said['type'] === 'stamp') {
    if (rtp === null || at_ms === null) return null;
    return { type: 'stamp', stamp: { rtp, at_ms, age_ms: number(said['age_ms']), heard_ms } };
  }
  if (!Array.isArray(said['boxes'])) return null;
  const boxes = said['boxes'].flatMap((raw) => readBox(raw) ?? []);
  return { type: 'seen', seen: { rtp, at_ms, model: String(said['model'] ?? ''), boxes } };
}

function readBox(raw: unknown): Box | null {
  if (typeof raw !== 'object' || raw === null) return null;
  const said = raw as Record<string, unknown>;
  const edges = Array.isArray(said['box']) ? said['box'].map(number) : [];
  const [left, top, right, bottom] = edges;
  if (left == null || top == null || right == null || bottom == null || right <= left || bottom <= top) return null;
  const verdict = said['verdict'];
  return {
    id: String(said['id'] ?? ''),
    kind: String(said['kind'] ?? ''),
    verdict: verdict === 'suspected' || verdict === 'confirmed' ? verdict : '',
    score: number(said['score']) ?? 0,
    box: [left, top, right, bottom],
    distance_m: number(said['distance_m']),
  };
}

/** What was kept, with one more; the oldest is dropped beyond `KEPT_SEEN`. */
export const withSeen = (kept: readonly Seen[], seen: Seen): Seen[] => [...kept, seen].slice(-KEPT_SEEN);

export interface Frame {
  rtp: number | null;
  at_ms: number | null; // site time
  speed: number; // site seconds per second
  standing: boolean; // the robot does not move
}

/** By how many real seconds the frame is newer than what was seen; null where the two share no clock. */
function lag_s(frame: Frame, seen: Seen): number | null {
  if (frame.rtp !== null && seen.rtp !== null) return rtpDifference(frame.rtp, seen.rtp) / 90_000;
  if (frame.at_ms !== null && seen.at_ms !== null) return (frame.at_ms - seen.at_ms) / 1000 / frame.speed;
  return null;
}

/** The newest that belongs to the frame; null where all is stale, ahead of it, or of another clock. */
export function seenIn(frame: Frame, kept: readonly Seen[]): Seen | null {
  const stale_s = STALE_AFTER_S[frame.standing ? 'standing' : 'moving'];
  let best: { seen: Seen; lag: number } | null = null;
  for (const seen of kept) {
    const lag = lag_s(frame, seen);
    if (lag === null || lag < -AHEAD_S || lag > stale_s) continue;
    if (!best || Math.abs(lag) <= Math.abs(best.lag)) best = { seen, lag };
  }
  return best?.seen ?? null;
}

/** Whom a picture shows, counted by verdict. */
export function counted(seen: Seen | null): Record<'people' | 'suspected' | 'confirmed', number> {
  const of = (verdict: Verdict) => seen?.boxes.filter((b) => b.verdict === verdict).length ?? 0;
  return { people: seen?.boxes.length ?? 0, suspected: of('suspected'), confirmed: of('confirmed') };
}
