/** The wire types of `/api/v1`, as the center sends them. Times are ISO 8601 UTC, points are metres in frame `map`. */

export interface Text {
  zh: string;
  en: string;
}

/** A sentence from the center: in both languages, or in the site's first language only. */
export type Sentence = Text | string;

export interface Point {
  x_m: number;
  y_m: number;
}

export interface Pose extends Point {
  heading_rad: number; // counter-clockwise from east (REP-103)
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface Account {
  username: string;
  display_name: string;
  roles: string[];
  actions: string[];
}

export interface Site {
  site_id: string;
  name: Text;
  timezone: string; // IANA
  origin: { lat_deg: number; lon_deg: number };
  bounds: [west: number, south: number, east: number, north: number]; // degrees
  map: GeoJSON.FeatureCollection;
}

export type ComponentState = 'ok' | 'degraded' | 'unavailable';

export interface Component {
  name: string;
  state: ComponentState;
  because: Sentence | null;
}

export interface Status {
  site_time: string | null;
  speed: number;
  components: Component[];
  versions?: Record<string, string>;
  version?: string;
}

export interface Picture {
  digest: string;
  url: string;
  taken_at: string | null;
  checkpoint_id: string | null;
  mission_id: string | null;
  name: string | null;
  complete?: boolean; // false: its bytes are still on their way
}

export type Link = 'never' | 'online' | 'lost';
export type Activity =
  | 'idle'
  | 'travelling'
  | 'inspecting'
  | 'returning'
  | 'charging'
  | 'approaching' // a closer look at something its eyes suspect
  | 'attending' // beside a person, lights on, until released
  | 'holding';
export type MissionState = 'assigned' | 'underway' | 'paused' | 'done' | 'cancelled' | 'refused';
export type MissionKind = 'patrol' | 'verify';

export interface RobotMission {
  mission_id: string;
  kind: MissionKind;
  name: Sentence;
  state: MissionState;
  done: number;
  total: number;
  next_checkpoint_id: string | null;
}

/** A part of a robot as it says of itself; a silent one is unavailable. */
export interface Part {
  name: string; // vision, media, camera
  state: ComponentState;
  because: Sentence | null;
  version: string; // of its model or encoder; "" where it has none
  age_s: number | null; // when this was sent
}

export interface Camera {
  camera_id: string;
  name: Text;
}

export interface Robot {
  robot_id: string;
  name: Text;
  kind: 'ground' | 'drone';
  dock_id: string | null;
  link: Link;
  last_seen_at: string | null;
  silence_s: number | null;
  pose: Pose | null;
  speed_mps: number | null;
  battery_pct: number | null;
  charging: boolean | null;
  activity: Activity | null;
  because: Sentence;
  mission: RobotMission | null;
  latest_picture: Picture | null;
  refused: Sentence | null;
  parts: Part[];
  lights_on: boolean | null;
  cameras: Camera[];
}

/** One robot's row of the coalesced `poses` event. */
export interface PoseRow {
  robot_id: string;
  pose: Pose | null;
  speed_mps: number | null;
  battery_pct: number | null;
  charging: boolean | null;
  activity: Activity | null;
  because: Sentence;
  link: Link;
  silence_s: number | null;
  next_checkpoint_id: string | null;
  done: number | null;
  total: number | null;
}

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

/** What the stream tells of a thing that was removed. */
export interface Gone {
  id: string;
  deleted: true;
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

export interface Snapshot {
  robots: Robot[];
  incidents: Incident[];
  missions: Mission[];
  site_time: string | null;
}

export interface Poses {
  site_time: string | null;
  robots: PoseRow[];
}

/** What the browser may use to reach a robot's video from elsewhere. */
export interface IceServers {
  ice_servers: RTCIceServer[];
}
