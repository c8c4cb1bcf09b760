/** Wire types: patrols, their runs, what a plan would do. */
import type { Sentence } from './common';

export type Missed = 'skip' | 'once' | 'all';
export type Overlap = 'skip' | 'queue';
export type RunState = 'started' | 'done' | 'skipped' | 'failed';

export interface Run {
  run_id: string;
  patrol_id: string;
  due_at: string;
  started_at: string | null;
  state: RunState;
  because: Sentence;
  mission_ids: string[];
}

/** What a person decides about a patrol. */
export interface PatrolDraft {
  name: string;
  robot_ids: string[]; // empty: any able robot
  viewpoint_ids: string[];
  rrule: string; // RFC 5545
  starts_at: string; // local ISO without offset, in `timezone`
  timezone: string;
  enabled: boolean;
  missed: Missed;
  overlap: Overlap;
  robots_wanted: number;
}

export interface Patrol extends PatrolDraft {
  patrol_id: string;
  next_runs: string[];
  last_run: Run | null;
  because: Sentence | null;
}

export interface PreviewRun {
  at: string;
  local: string;
  note: Sentence | null;
}
