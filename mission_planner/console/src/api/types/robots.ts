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

export type SpeechState = 'ordered' | 'waiting' | 'saying' | 'said' | 'failed';

/** The newest sentence a robot was ordered to say; `ordered` until it says that it has it. */
export interface Speech {
  order_id: string;
  words: Text; // one of the languages may be empty
  language: 'zh' | 'en';
  urgent: boolean;
  incident_id: string | null;
  state: SpeechState;
  because: Sentence | null;
  at: string;
}

/** A sentence an operator need not think about. */
export interface Ready {
  sentence_id: string;
  words: Text;
  urgent: boolean;
}

export interface Sentences {
  language: 'zh' | 'en'; // in which the site's robots speak, where they can
  longest: number; // characters of words of one's own
  ready: Ready[];
}

export interface SpeakBody {
  sentence_id?: string;
  words?: Text;
  urgent: boolean;
  incident_id: string | null;
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
  speaks: string[]; // languages its loudspeaker can say now; empty where it cannot speak
  speech: Speech | null;
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
