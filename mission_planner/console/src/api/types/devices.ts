/** Wire types: fixed sensors, what they said, what is held back. */
import type { Point, Sentence, Text } from './common';
import type { PlaceDetail } from './incidents';

/** A source that opens no incidents for a while. */
export interface Shelved {
  source: { kind: string; id: string; name: Sentence | null };
  kind: string;
  kind_name: Text;
  until: string;
  by: string | null; // null: the center itself
  because: Sentence | null;
  kept_back: number;
}

export type DeviceState = 'normal' | 'alarm' | 'unknown';

export interface Device {
  device_id: string;
  kind: string;
  kind_name: Text;
  name: Text;
  position: Point | null;
  place: Sentence | null;
  state: DeviceState;
  value: number | null;
  unit: string | null;
  battery_pct: number | null;
  last_seen_at: string | null;
  incident_id: string | null;
  health: { state: HealthState; since: string | null; text: Sentence } | null;
  place_detail: PlaceDetail | null;
  lane: 'life' | 'telemetry';
  last_value_at: string | null;
  raises?: { kind: string; kind_name: Text; life: boolean }[]; // what its alarms may mean
}

export type HealthState = 'ok' | 'silent' | 'battery_low' | 'never_heard';

export interface DeviceSummary {
  total: number;
  by_health: Record<HealthState, number>;
  by_state: Record<DeviceState, number>;
}

export interface HistoryPoint {
  at: string;
  value: number | null;
  state: DeviceState;
}

export interface DeviceHistory {
  points: HistoryPoint[];
  unit: string | null;
}

/** What a power cut explains. */
export interface Inhibited {
  device: string;
  device_name: Text;
  incident_id: string;
  since: string;
  count: number;
}

export interface ImportProblem {
  line: number;
  column: string | null; // its name; null: the whole line
  expected: Sentence;
  came: Sentence;
}

/** What an import would do, or did. Nothing is kept where there is an error. */
export interface ImportReport {
  rows: number;
  added: number;
  changed: number;
  unchanged: number;
  errors: ImportProblem[]; // the first hundred
  errors_total: number;
  sample: Partial<Device>[];
}

/** Shown once. */
export interface Credential {
  username: string;
  password: string;
}

/** A report that nobody could use, as it came. */
export interface SetAside {
  report_id: string;
  topic: string;
  body: string;
  received_at: string | null;
  because: string;
}
