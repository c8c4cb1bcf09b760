/** A sensor's values over time as a small line chart: gaps stay gaps, alarms are marked by shape, words and figures. */
import { useSignal } from '@preact/signals';
import type { DeviceHistory, HistoryPoint } from '../api/types';
import { chart } from '../logic/chart';
import { day, timeOfDay } from '../logic/dates';
import { t } from '../messages';
import { siteNow } from '../state/now';
import { language } from '../state/prefs';
import { MARK_PATHS } from './mark';
import { whenText, zone } from './time';

const WIDE = 400;
const HIGH = 168;
const FRAME = { left: 40, top: 14, width: WIDE - 50, height: HIGH - 42 };
const HOUR_MS = 3_600_000;

const figure = (value: number): number => Number(value.toPrecision(4));

export function HistoryChart({ history, hours }: { history: DeviceHistory; hours: number }) {
  const m = t().devices;
  const pointed = useSignal<HistoryPoint | null>(null);
  const to_ms = siteNow();
  const from_ms = to_ms - hours * HOUR_MS;
  const drawn = chart(history.points, from_ms, to_ms, FRAME);
  const values = history.points.flatMap((p) => (p.value === null ? [] : [p.value]));
  const last = history.points.at(-1);
  const unit = history.unit ?? '';
  const said = values.length
    ? m.chartSaid(`${figure(Math.min(...values))}`, `${figure(Math.max(...values))}`, unit, drawn.alarms.length)
    : m.chartStates(history.points.length, drawn.alarms.length);
  const shown = pointed.value ?? last;
  const middle = (n: number) => new Date(from_ms + (n / 4) * hours * HOUR_MS);
  const stamp = (at: Date) => (hours > 48 ? day(at, zone(), language.value) : timeOfDay(at, zone(), language.value));
  const bottom = FRAME.top + FRAME.height;
  return (
    <figure class="chart">
      <svg
        viewBox={`0 0 ${WIDE} ${HIGH}`}
        role="img"
        aria-label={said}
        onPointerLeave={() => (pointed.value = null)}
        onPointerMove={(e) => {
          const box = e.currentTarget.getBoundingClientRect();
          const x = ((e.clientX - box.left) / box.width) * WIDE;
          const near = drawn.dots.reduce<(typeof drawn.dots)[number] | null>(
            (best, dot) => (!best || Math.abs(dot.x - x) < Math.abs(best.x - x) ? dot : best),
            null,
          );
          pointed.value = near?.point ?? null;
        }}
      >
        {drawn.bands.map((band) => (
          <rect key={band.x} class="chart-band" x={band.x} y={FRAME.top} width={band.w} height={FRAME.height} />
        ))}
        {drawn.ticks.map(({ y, text }) => (
          <g key={text}>
            <line class="chart-grid" x1={FRAME.left} x2={FRAME.left + FRAME.width} y1={y} y2={y} />
            <text class="chart-word" x={FRAME.left - 6} y={y} dy="0.34em" text-anchor="end">
              {text}
            </text>
          </g>
        ))}
        <line class="chart-axis" x1={FRAME.left} x2={FRAME.left + FRAME.width} y1={bottom} y2={bottom} />
        {[0, 1, 2, 3, 4].map((n) => (
          <text
            key={n}
            class="chart-word"
            x={FRAME.left + (n / 4) * FRAME.width}
            y={bottom + 17}
            text-anchor={n === 0 ? 'start' : n === 4 ? 'end' : 'middle'}
          >
            {stamp(middle(n))}
          </text>
        ))}
        {drawn.lines.map((d) => (
          <path key={d} class="chart-line" d={d} />
        ))}
        {values.length > 0 &&
          drawn.dots.length <= 40 &&
          drawn.dots.map(({ x, y, point }) => <circle key={point.at} class="chart-dot" cx={x} cy={y} r={2} />)}
        {drawn.alarms.map(({ x, y, at }) => (
          <svg key={at} class="mark mark-1" x={x - 6} y={y - 6} width={12} height={12} viewBox="-1 -1 22 22">
            <path d={MARK_PATHS[1]} />
          </svg>
        ))}
        {pointed.value && <Pointed dots={drawn.dots} at={pointed.value.at} />}
      </svg>
      <figcaption class="num">
        {shown && (
          <>
            <time dateTime={shown.at}>{whenText(shown.at, true)}</time>
            {shown.value !== null && (
              <b>
                {figure(shown.value)} {unit}
              </b>
            )}
            <span>{m.state[shown.state]}</span>
          </>
        )}
      </figcaption>
    </figure>
  );
}

function Pointed({ dots, at }: { dots: { x: number; y: number; point: HistoryPoint }[]; at: string }) {
  const dot = dots.find((d) => d.point.at === at);
  if (!dot) return null;
  return (
    <>
      <line class="chart-here" x1={dot.x} x2={dot.x} y1={FRAME.top} y2={FRAME.top + FRAME.height} />
      <circle class="chart-point" cx={dot.x} cy={dot.y} r={4} />
    </>
  );
}
