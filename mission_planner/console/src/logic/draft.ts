/** What a person has entered for a patrol so far, what is wrong with it, and the plan it becomes. */
import type { Missed, Overlap, Patrol, PatrolDraft } from '../api/types';
import { fromRrule, problemOf, toRrule, type Problem, type Recurrence } from './recurrence';

export interface Draft {
  name: string;
  viewpoints: string[];
  anyRobot: boolean;
  robots: string[];
  robotsWanted: number;
  recurrence: Recurrence;
  startsAt: string; // local ISO to the minute, as <input type="datetime-local"> has it
  missed: Missed;
  overlap: Overlap;
  enabled: boolean;
}

export type DraftField = 'name' | 'viewpoints' | 'robots' | 'recurrence' | 'starts';
export type DraftProblems = Partial<Record<DraftField, Problem | 'name' | 'viewpoints' | 'robots' | 'starts'>>;

export function blank(startsAt: string): Draft {
  return {
    name: '',
    viewpoints: [],
    anyRobot: true,
    robots: [],
    robotsWanted: 1,
    recurrence: { every: 'hours', interval: 2, window: null },
    startsAt,
    missed: 'skip',
    overlap: 'skip',
    enabled: true,
  };
}

export function draftOf(patrol: Patrol): Draft {
  return {
    name: patrol.name,
    viewpoints: [...patrol.viewpoint_ids],
    anyRobot: patrol.robot_ids.length === 0,
    robots: [...patrol.robot_ids],
    robotsWanted: patrol.robots_wanted,
    recurrence: fromRrule(patrol.rrule),
    startsAt: patrol.starts_at.slice(0, 16),
    missed: patrol.missed,
    overlap: patrol.overlap,
    enabled: patrol.enabled,
  };
}

export function problemsOf(draft: Draft): DraftProblems {
  const recurrence = problemOf(draft.recurrence);
  return {
    ...(draft.name.trim() ? {} : { name: 'name' }),
    ...(draft.viewpoints.length > 0 ? {} : { viewpoints: 'viewpoints' }),
    ...(draft.anyRobot || draft.robots.length > 0 ? {} : { robots: 'robots' }),
    ...(recurrence ? { recurrence } : {}),
    ...(/^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(draft.startsAt) ? {} : { starts: 'starts' }),
  };
}

/** The plan; call only where there are no problems. */
export function planOf(draft: Draft, timezone: string): PatrolDraft {
  return {
    name: draft.name.trim(),
    robot_ids: draft.anyRobot ? [] : draft.robots,
    viewpoint_ids: draft.viewpoints,
    rrule: toRrule(draft.recurrence),
    starts_at: `${draft.startsAt}:00`,
    timezone,
    enabled: draft.enabled,
    missed: draft.missed,
    overlap: draft.overlap,
    robots_wanted: draft.anyRobot ? draft.robotsWanted : Math.min(draft.robotsWanted, draft.robots.length),
  };
}

/** Which field of the form the center means by `where`. */
export function fieldOf(where: string | null): DraftField | null {
  if (!where) return null;
  const name = where.split(/[./]/).pop() ?? '';
  if (name === 'name') return 'name';
  if (name.startsWith('viewpoint')) return 'viewpoints';
  if (name.startsWith('robot')) return 'robots';
  if (name === 'rrule') return 'recurrence';
  if (name === 'starts_at' || name === 'timezone') return 'starts';
  return null;
}

/** The list with `id` added at its end, or taken out. */
export const toggled = (ids: readonly string[], id: string): string[] =>
  ids.includes(id) ? ids.filter((x) => x !== id) : [...ids, id];

/** The list with the item at `at` moved by one place; as it is where it cannot move. */
export function moved(ids: readonly string[], at: number, step: 1 | -1): string[] {
  const to = at + step;
  const next = [...ids];
  const item = next[at];
  const other = next[to];
  if (item === undefined || other === undefined) return next;
  next[at] = other;
  next[to] = item;
  return next;
}
