/** Wire types: fixed sensors, what they said, what is held back. */
import type { Point, Sentence, Text } from './common';

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
}

/** A report that nobody could use, as it came. */
export interface SetAside {
  report_id: string;
  topic: string;
  body: string;
  received_at: string | null;
  because: string;
}
