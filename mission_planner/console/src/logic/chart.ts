/** A line over time: scales, breaks where nothing was heard, round figures at the side; of mere states, steps. Pure. */
import type { HistoryPoint } from '../api/types';

export interface Frame {
  left: number;
  top: number;
  width: number;
  height: number;
}

export interface Chart {
  lines: string[]; // SVG paths, one for each stretch without a gap; of mere states low for normal and high for alarm
  alarms: { x: number; y: number; at: string; value: number | null }[]; // where it turned to alarm
  bands: { x: number; w: number }[]; // while it said alarm
  ticks: { y: number; text: string }[];
  dots: { x: number; y: number; point: HistoryPoint }[];
}

/** Two to four round figures that span the values. */
export function ticksOf(low: number, high: number): number[] {
  const span = high - low || Math.abs(high) || 1;
  const raw = span / 3;
  const power = 10 ** Math.floor(Math.log10(raw));
  const step = ([1, 2, 5, 10].find((s) => s * power >= raw) ?? 10) * power;
  const first = Math.floor(low / step) * step;
  const last = Math.ceil(high / step) * step;
  const count = Math.max(1, Math.round((last - first) / step));
  return Array.from({ length: count + 1 }, (_, i) => Number((first + i * step).toPrecision(12)));
}

/** Longer than this share of the usual pause between words, a stretch is not one line. */
const GAP = 6;

/** The usual pause between two points. */
function pause_ms(times: readonly number[]): number {
  const pauses = times.slice(1).map((t, i) => t - (times[i] ?? t));
  const sorted = pauses.sort((a, b) => a - b);
  return sorted[sorted.length >> 1] ?? Infinity;
}

type At<T> = (of: T) => number;

/** Steps between normal, at the foot of the frame, and alarm, at its top; broken where nobody knew. */
function steps(points: readonly HistoryPoint[], x: At<HistoryPoint>, y: At<HistoryPoint>): string[] {
  const lines: string[] = [];
  let path = '';
  for (const p of points) {
    if (p.state === 'unknown') {
      if (path) lines.push(path);
      path = '';
    } else path += path ? `H${x(p).toFixed(1)}V${y(p).toFixed(1)}` : `M${x(p).toFixed(1)} ${y(p).toFixed(1)}`;
  }
  return path ? [...lines, path] : lines;
}

/** The chart of `points` from `from_ms` to `to_ms` inside `frame`. */
export function chart(points: readonly HistoryPoint[], from_ms: number, to_ms: number, frame: Frame): Chart {
  const span_ms = Math.max(1, to_ms - from_ms);
  const x = (ms: number) => frame.left + Math.min(1, Math.max(0, (ms - from_ms) / span_ms)) * frame.width;
  const values = points.flatMap((p) => (p.value === null ? [] : [p.value]));
  const marks = ticksOf(
    Math.min(...values, Infinity) === Infinity ? 0 : Math.min(...values),
    values.length ? Math.max(...values) : 1,
  );
  const [low, high] = [marks[0] ?? 0, marks[marks.length - 1] ?? 1];
  const y = (value: number) => frame.top + frame.height * (1 - (value - low) / (high - low || 1));
  const times = points.map((p) => Date.parse(p.at));
  const gap_ms = GAP * pause_ms(times);
  const states = values.length === 0; // nobody said a figure
  const foot = frame.top + frame.height;
  const high_of = (p: HistoryPoint) => (p.value !== null ? y(p.value) : p.state === 'alarm' ? frame.top : foot);
  const lines: string[] = [];
  let path = '';
  let before: number | null = null;
  points.forEach((p, i) => {
    const at = times[i] ?? 0;
    if (p.value === null || (before !== null && at - before > gap_ms)) {
      if (path) lines.push(path);
      path = '';
    }
    before = at;
    if (p.value !== null) path += `${path ? 'L' : 'M'}${x(at).toFixed(1)} ${y(p.value).toFixed(1)}`;
  });
  if (path) lines.push(path);
  const alarms: Chart['alarms'] = [];
  const bands: Chart['bands'] = [];
  points.forEach((p, i) => {
    if (p.state !== 'alarm') return;
    const at = x(times[i] ?? 0);
    const until = x(times[i + 1] ?? to_ms);
    const last = bands[bands.length - 1];
    if (points[i - 1]?.state === 'alarm' && last) last.w = until - last.x;
    else {
      bands.push({ x: at, w: Math.max(2, until - at) });
      alarms.push({ x: at, y: high_of(p), at: p.at, value: p.value });
    }
  });
  return {
    lines: states ? steps(points, (p) => x(Date.parse(p.at)), high_of) : lines,
    alarms,
    bands,
    ticks: values.length === 0 ? [] : marks.map((value) => ({ y: y(value), text: String(value) })),
    dots: points.flatMap((p, i) =>
      p.value === null && !states ? [] : [{ x: x(times[i] ?? 0), y: high_of(p), point: p }],
    ),
  };
}
