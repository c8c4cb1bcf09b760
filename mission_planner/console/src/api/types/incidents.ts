/** Wire types: incidents, what is known of them, and who has them. */
import type { Picture, Point, Sentence, Text } from './common';

export type IncidentState = 'open' | 'acknowledged' | 'closed' | 'false_alarm';
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
  note?: string;
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
}

/** How soon somebody should have it, and who was told that nobody has. */
export interface Sla {
  acknowledge_by: string;
  resolve_by: string;
  next_at: string | null; // null once somebody has it
  told: number;
  tell: string[]; // roles told last
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
  at: string;
  cleared_at: string | null;
}
