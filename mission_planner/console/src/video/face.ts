/** Which of its faces a tile shows: one table of facts in the order in which they matter. Pure. */
import type { WatchState } from './machine';

export type Face =
  | 'noPermission'
  | 'noCamera'
  | 'offline' // the robot is not heard
  | 'start' // nobody has asked for the picture yet
  | 'connecting'
  | 'queued'
  | 'live'
  | 'frozen'
  | 'paused'
  | 'broken' // it played and broke; tried again by itself
  | 'failed' // it never played; tried again by itself
  | 'unavailable'; // trying again would not help

export interface Facts {
  allowed: boolean;
  camera: boolean;
  online: boolean;
  state: WatchState;
  played: boolean; // a last picture is kept
  still_s: number | null; // how long no new frame came
}

const BY_STATE: Readonly<Record<Exclude<WatchState, 'live' | 'waiting'>, Face>> = {
  off: 'start',
  queued: 'queued',
  connecting: 'connecting',
  paused: 'paused',
  refused: 'unavailable',
};

export function faceOf({ allowed, camera, online, state, played, still_s }: Facts): Face {
  if (!allowed) return 'noPermission';
  if (!camera) return 'noCamera';
  if (state === 'live') return still_s === null ? 'live' : 'frozen';
  if (!online) return 'offline';
  if (state === 'waiting') return played ? 'broken' : 'failed';
  return BY_STATE[state];
}
