/** Wire types: incidents, what is known of them, and who has them. */
import type { Picture, Point, Sentence, Text } from './common';

export type IncidentState =
  'open' | 'acknowledged' | 'verifying' | 'dispatched' | 'on_scene' | 'resolved' | 'closed' | 'false_alarm' | 'merged';

/** What people do to an incident, as `may` and the routes name it. */
export type IncidentAct =
  | 'acknowledge'
  | 'verify'
  | 'dispatch'
  | 'arrive'
  | 'resolve'
  | 'close'
  | 'false-alarm'
  | 'merge'
  | 'reopen'
  | 'release';

export type Priority = 1 | 2 | 3 | 4;
export type VerificationState = 'not_needed' | 'waiting' | 'sent' | 'seen' | 'failed';

export interface Verification {
  state: VerificationState;
  because: Sentence;
  robot_id: string | null;
  mission_id: string | null;
}

export interface TimelineEntry {
  at: string;
  kind: string;
  text: Sentence;
  by: string | null;
  picture: Picture | null;
}

export interface PlaceDetail {
  building_id: string | null;
  unit: string | null;
  floor: number | null;
  flat: string | null;
}

export type Certainty = 'suspected' | 'confirmed';

export interface Finding {
  finding_id: string;
  kind: string;
  phase?: string;
  source?: { kind: string; id: string; name: Sentence | null };
  position?: Point | null;
  observed_at: string;
  confidence?: number | null;
  certainty?: Certainty | null; // null where the source does not judge
  model?: string; // name and digest of the model that judged; "" where none did
  evidence?: Picture[];
  value?: number | null;
  unit?: string;
  note?: Sentence;
}

export interface Incident {
  incident_id: string;
  kind: string;
  kind_name: Text;
  priority: Priority;
  state: IncidentState;
  opened_at: string;
  changed_at: string;
  closed_at: string | null;
  owner: string | null;
  because: Sentence;
  position: Point | null;
  place: Sentence | null;
  place_detail: PlaceDetail | null;
  source: { kind: string; id: string; name: Sentence | null } | null;
  source_cleared_at: string | null;
  verification: Verification;
  evidence: Picture[];
  findings: Finding[]; // the newest
  timeline: TimelineEntry[];
  certainty: Certainty | null;
  waiting_robot: { robot_id: string; name: Sentence } | null; // beside the person until released
  sla: Sla | null; // null for incidents from before there were clocks
  weighing: Weighing;
  sources: IncidentSource[]; // the first one first
  explained: number; // silent devices that it explains
  repeats: number; // alarms its sources said again too soon to be news: counted, and no findings
  assignee: { username: string; display_name: string } | null; // who was sent
  assigned_at: string | null;
  arrived_at: string | null;
  resolved_at: string | null;
  orders: PersonOrder[]; // the oldest first
  merged_into: string | null;
  merged: MergedPart[]; // what was merged into it
  may: IncidentAct[]; // what its state allows now; the account's rights come on top
}

/** Somebody was sent there. */
export interface PersonOrder {
  username: string;
  display_name: string;
  by: string;
  because: Sentence;
  note: string;
  ordered_at: string;
  taken_at: string | null; // when they said that they go
  arrived_at: string | null;
  ended_at: string | null;
  outcome: '' | 'resolved' | 'replaced' | 'called_off' | 'not_taken';
  next_at: string | null; // when somebody hears that nobody takes it
  next_tell: Sentence | null; // who hears of it then
  may_take: boolean; // it waits for this person to say that they go; a late yes beats nobody
}

/** An incident that was merged into another one. */
export interface MergedPart {
  incident_id: string;
  kind_name: Text;
  place: Sentence | null;
  opened_at: string;
}

/** One line of the operator's queue, as the center orders it. */
export interface QueueRow {
  incident_id: string;
  kind: string;
  kind_name: Text;
  priority: Priority;
  state: IncidentState;
  place: Sentence | null;
  opened_at: string;
  next_at: string | null; // when more people are told
  acknowledge_by: string | null;
  resolve_by: string | null;
  overdue: boolean;
  assignee: { username: string; display_name: string } | null;
  certainty: Certainty | null;
  probability: number | null;
  sources_total: number;
  source_cleared_at: string | null;
  thumbnail: string | null; // digest of a picture of the place
}

/** An incident that this one may be part of. */
export interface MergeCandidate extends QueueRow {
  why: Sentence;
}

/** Somebody who may be sent. */
export interface Dispatchable {
  username: string;
  display_name: string;
  role: string;
  on_duty: boolean;
  busy_with: number; // incidents
  why: Sentence;
}

/** How fast incidents were handled; seconds of site time from opening to end. */
export interface HandlingReport {
  count: number;
  mean_s: number | null;
  median_s: number | null;
  best_s: number | null;
  by_kind: {
    kind: string;
    kind_name: Text;
    count: number;
    mean_s: number | null;
    median_s: number | null;
    best_s: number | null;
  }[];
  per_day: { date: string; count: number; mean_s: number | null }[];
}

/** More alarms than people can take: what is not about life is told in bundles. */
export interface Flood {
  active: boolean;
  since: string | null;
  alarms_in_10_min: number;
  limit: number;
  operators: number;
  bundled: number;
}

/** How soon somebody should have it, and who was told that nobody has. */
export interface Sla {
  acknowledge_by: string;
  resolve_by: string;
  next_at: string | null; // null once somebody has it
  told: number;
  tell: string[]; // roles told last
  next_tell?: string[]; // roles told at `next_at`
}

/** How sure one may be: what each word adds, in log-odds. */
export interface Weighing {
  probability: number; // 0..1
  words: { text: Sentence; log_odds: number }[];
}

/** One source of an incident. */
export interface IncidentSource {
  source: { kind: string; id: string; name: Sentence | null };
  kind: string;
  place: Sentence | null;
  place_detail?: PlaceDetail | null;
  position?: Point | null;
  at: string;
  cleared_at: string | null;
}
