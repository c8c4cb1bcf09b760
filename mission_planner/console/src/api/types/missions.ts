/** Wire types: missions and their ledgers. */
import type { Picture, Pose, Sentence } from './common';
import type { Link } from './robots';

export type MissionState = 'assigned' | 'underway' | 'paused' | 'done' | 'cancelled' | 'refused';

export type MissionKind = 'patrol' | 'verify';

export type Outcome = 'seen' | 'no_evidence' | 'skipped';

export interface LedgerEntry {
  outcome: Outcome;
  because: Sentence;
  at: string;
  pose: Pose | null;
  photos: Picture[];
}

export interface MissionCheckpoint {
  checkpoint_id: string;
  name: Sentence;
  pose: Pose;
  entry: LedgerEntry | null;
}

export interface Mission {
  mission_id: string;
  kind: MissionKind;
  robot_id: string;
  patrol_id: string | null;
  run_id: string | null;
  incident_id: string | null;
  name: Sentence;
  state: MissionState;
  because: Sentence;
  ordered_at: string;
  started_at: string | null;
  ended_at: string | null;
  link: Link;
  silence_s: number | null;
  checkpoints: MissionCheckpoint[];
  done: number;
  total: number;
  chosen_because: Sentence | null;
}
