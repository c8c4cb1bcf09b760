/** Priority and state as a shape, so that colour is never the only sign. */
import type { IncidentState, Priority } from '../api/types';
import { isActive } from '../logic/order';
import { t } from '../messages';

/** Paths in a 20-unit box; shared with the map's markers. */
export const MARK_PATHS: Record<Priority | 'done', string> = {
  1: 'M10 0.8 19.2 10 10 19.2 0.8 10Z',
  2: 'M10 1.6 19.4 18.2H0.6Z',
  3: 'M2.4 2.4H17.6V17.6H2.4Z',
  4: 'M10 1.4a8.6 8.6 0 1 1 0 17.2a8.6 8.6 0 1 1 0-17.2Z',
  done: 'M10 1.4a8.6 8.6 0 1 1 0 17.2a8.6 8.6 0 1 1 0-17.2Z',
};

export const TICK = 'M6 10.4 8.8 13.1 14.2 7.3';

export function markOf(priority: Priority, state: IncidentState): Priority | 'done' {
  return isActive(state) ? priority : 'done';
}

interface Props {
  priority: Priority;
  state: IncidentState;
  size?: number;
}

/** Filled while nobody has it, outlined once someone does; ended is a blue disc with a tick. */
export function Mark({ priority, state, size = 18 }: Props) {
  const mark = markOf(priority, state);
  const m = t().incidents;
  const label = mark === 'done' ? m.state[state] : `${m.priority[priority]} · ${m.state[state]}`;
  return (
    <svg
      class={`mark mark-${mark} ${isActive(state) && state !== 'open' ? 'mark-taken' : ''}`}
      width={size}
      height={size}
      viewBox="-1 -1 22 22"
      role="img"
      aria-label={label}
    >
      <title>{label}</title>
      <path d={MARK_PATHS[mark]} />
      {mark === 'done' && <path class="mark-tick" d={TICK} />}
    </svg>
  );
}
