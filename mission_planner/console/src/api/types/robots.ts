/** Wire types: robots, their parts, where they are. */
import type { Picture, Pose, Sentence, Text } from './common';
import type { MissionKind, MissionState } from './missions';
import type { ComponentState } from './site';

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

export interface Poses {
  site_time: string | null;
  robots: PoseRow[];
}
