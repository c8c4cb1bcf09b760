/** What the browser knows about the site, and the one function by which an event from the center changes it. */
import type { Device, Incident, Mission, Patrol, PoseRow, Poses, Robot, Snapshot } from '../api/types';

/**
 * A robot, when it was last heard and when the center told of it whole, by wall time: ages grow on even when the center
 * itself falls silent.
 */
export type KnownRobot = Robot & { heard_ms: number | null; told_ms: number };

export interface World {
  robots: ReadonlyMap<string, KnownRobot>;
  incidents: ReadonlyMap<string, Incident>;
  missions: ReadonlyMap<string, Mission>;
}

export const EMPTY: World = { robots: new Map(), incidents: new Map(), missions: new Map() };

export type WorldEvent =
  | { type: 'snapshot'; data: Snapshot }
  | { type: 'incident'; data: Incident }
  | { type: 'mission'; data: Mission }
  | { type: 'robot'; data: Robot }
  | { type: 'robot-answer'; data: Robot } // what a request was answered with; the others are told in their order
  | { type: 'poses'; data: Poses }
  | { type: 'patrol'; data: Patrol }
  | { type: 'sensor'; data: Device }
  | { type: 'finding'; data: unknown };

/** The world after `event`, heard at `now_ms` (wall). Events about other things leave it as it is. */
export function apply(world: World, event: WorldEvent, now_ms: number): World {
  switch (event.type) {
    case 'snapshot':
      return {
        robots: new Map(event.data.robots.map((r) => [r.robot_id, known(r, now_ms)])),
        incidents: index(event.data.incidents, (i) => i.incident_id),
        missions: index(event.data.missions, (m) => m.mission_id),
      };
    case 'incident':
      return { ...world, incidents: withIncident(world.incidents, event.data) };
    case 'mission':
      return { ...world, missions: withEntry(world.missions, event.data.mission_id, event.data) };
    case 'robot':
      return { ...world, robots: withEntry(world.robots, event.data.robot_id, known(event.data, now_ms)) };
    case 'robot-answer':
      return isOlder(event.data, world.robots.get(event.data.robot_id))
        ? world
        : apply(world, { type: 'robot', data: event.data }, now_ms);
    case 'poses':
      return { ...world, robots: withPoses(world.robots, event.data.robots, now_ms) };
    case 'patrol':
    case 'sensor':
    case 'finding':
      return world;
  }
}

/** An older view never replaces a newer one: an act's answer and its event may arrive in either order. */
function withIncident(incidents: ReadonlyMap<string, Incident>, incident: Incident): ReadonlyMap<string, Incident> {
  const had = incidents.get(incident.incident_id);
  if (had && Date.parse(had.changed_at) > Date.parse(incident.changed_at)) return incidents;
  return withEntry(incidents, incident.incident_id, incident);
}

/** Whether the answer was drawn before the robot said what the stream has told meanwhile. */
const isOlder = (answer: Robot, had: KnownRobot | undefined): boolean =>
  Boolean(
    had?.last_seen_at && (!answer.last_seen_at || Date.parse(answer.last_seen_at) < Date.parse(had.last_seen_at)),
  );

function withPoses(
  robots: ReadonlyMap<string, KnownRobot>,
  rows: PoseRow[],
  now_ms: number,
): ReadonlyMap<string, KnownRobot> {
  const next = new Map(robots);
  for (const row of rows) {
    const robot = next.get(row.robot_id);
    if (!robot) continue; // a `robot` event introduces it
    const { next_checkpoint_id, done, total, silence_s, ...moved } = row;
    const mission = robot.mission && {
      ...robot.mission,
      next_checkpoint_id,
      done: done ?? robot.mission.done,
      total: total ?? robot.mission.total,
    };
    next.set(row.robot_id, { ...robot, ...moved, mission, silence_s, heard_ms: heardAt(silence_s, now_ms) });
  }
  return next;
}

const known = (robot: Robot, now_ms: number): KnownRobot => ({
  ...robot,
  heard_ms: heardAt(robot.silence_s, now_ms),
  told_ms: now_ms,
});

const heardAt = (silence_s: number | null, now_ms: number): number | null =>
  silence_s === null ? null : now_ms - silence_s * 1000;

const index = <T>(items: T[], key: (item: T) => string): ReadonlyMap<string, T> =>
  new Map(items.map((item) => [key(item), item]));

const withEntry = <T>(map: ReadonlyMap<string, T>, key: string, value: T): ReadonlyMap<string, T> =>
  new Map(map).set(key, value);
