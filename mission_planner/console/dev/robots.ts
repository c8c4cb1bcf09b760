/** Development only: two robots that drive the lanes, look at viewpoints and fill their ledgers. */
import type { Mission, Picture, Point, Pose, Robot } from '../src/api/types';
import type { Stand } from './site';

const SPEED_MPS = 1.3;
const DWELL_S = 3;

export interface Driver {
  robot: Robot;
  mission: Mission | null;
  suspended: Mission | null;
  way: Point[];
  dwell_s: number;
}

export const iso = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');

export function photo(name: string, digest: string, at_ms: number, more: Partial<Picture> = {}): Picture {
  return {
    digest,
    url: `/api/v1/evidence/${digest}`,
    taken_at: iso(at_ms),
    checkpoint_id: null,
    mission_id: null,
    name,
    ...more,
  };
}

let made = 0;
export const freshId = (kind: string): string => `${kind}-${String(++made).padStart(4, '0')}`;

interface Order {
  name: string;
  kind: Mission['kind'];
  stops: Stand[];
  because: string;
  patrol_id?: string;
  run_id?: string;
  incident_id?: string;
}

export function missionOf(robot_id: string, order: Order, now_ms: number): Mission {
  return {
    mission_id: freshId('mission'),
    kind: order.kind,
    robot_id,
    patrol_id: order.patrol_id ?? null,
    run_id: order.run_id ?? null,
    incident_id: order.incident_id ?? null,
    name: order.name,
    state: 'underway',
    because: '',
    ordered_at: iso(now_ms),
    started_at: iso(now_ms),
    ended_at: null,
    link: 'online',
    silence_s: 0.2,
    checkpoints: order.stops.map((s) => ({ checkpoint_id: s.id, name: s.zh, pose: s.pose, entry: null })),
    done: 0,
    total: order.stops.length,
    chosen_because: { zh: order.because, en: order.because },
  };
}

export const nextStop = (mission: Mission | null) => mission?.checkpoints.find((c) => c.entry === null) ?? null;

/** Moves the robot by `dt_s`. Answers what happened at its stop, where it reached one. */
export function drive(
  d: Driver,
  dt_s: number,
  route: (a: Point, b: Point) => Point[],
  now_ms: number,
): 'arrived' | null {
  const stop = nextStop(d.mission);
  const { robot } = d;
  if (robot.activity === 'attending') return null;
  robot.battery_pct = Math.max(12, (robot.battery_pct ?? 80) - dt_s * 0.012);
  if (!stop || d.mission?.state !== 'underway' || !robot.pose) {
    robot.speed_mps = 0;
    return null;
  }
  if (d.dwell_s > 0) {
    d.dwell_s -= dt_s;
    robot.activity = 'inspecting';
    robot.speed_mps = 0;
    if (d.dwell_s > 0) return null;
    const digest = `${d.mission.kind === 'verify' ? 'smoke' : 'vp'}-${stop.checkpoint_id}-${made++}`;
    const picture = photo(String(stop.name), digest, now_ms, {
      checkpoint_id: stop.checkpoint_id,
      mission_id: d.mission.mission_id,
    });
    stop.entry = { outcome: 'seen', because: '', at: iso(now_ms), pose: robot.pose, photos: [picture] };
    d.mission.done += 1;
    robot.latest_picture = picture;
    d.way = [];
    return 'arrived';
  }
  if (d.way.length === 0) d.way = route(robot.pose, stop.pose).slice(1);
  robot.activity = 'travelling';
  robot.speed_mps = SPEED_MPS;
  step(robot.pose, d.way, SPEED_MPS * dt_s);
  if (d.way.length === 0) {
    robot.pose.heading_rad = stop.pose.heading_rad;
    d.dwell_s = DWELL_S;
  }
  return null;
}

function step(pose: Pose, way: Point[], reach_m: number): void {
  let left_m = reach_m;
  while (way[0] && left_m > 0) {
    const [to] = way;
    const gap_m = Math.hypot(to.x_m - pose.x_m, to.y_m - pose.y_m);
    if (gap_m > 1e-3) pose.heading_rad = Math.atan2(to.y_m - pose.y_m, to.x_m - pose.x_m);
    if (gap_m <= left_m) {
      pose.x_m = to.x_m;
      pose.y_m = to.y_m;
      way.shift();
      left_m -= gap_m;
    } else {
      pose.x_m += ((to.x_m - pose.x_m) * left_m) / gap_m;
      pose.y_m += ((to.y_m - pose.y_m) * left_m) / gap_m;
      left_m = 0;
    }
  }
}

/** The mission as a robot's row carries it. */
export function syncMission(d: Driver): void {
  const m = d.mission;
  d.robot.mission = m && {
    mission_id: m.mission_id,
    kind: m.kind,
    name: m.name,
    state: m.state,
    done: m.done,
    total: m.total,
    next_checkpoint_id: nextStop(m)?.checkpoint_id ?? null,
  };
}
