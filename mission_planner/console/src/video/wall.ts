/** Which cameras the video wall shows: chosen ones stay, the rest is filled with where something goes on. Pure. */
import type { Activity, Incident } from '../api/types';
import { isActive } from '../logic/order';
import type { KnownRobot } from '../logic/world';

export interface Eye {
  key: string; // "r1/front"
  robot: KnownRobot;
  cameraId: string;
}

export const keyOf = (robotId: string, cameraId: string): string => `${robotId}/${cameraId}`;

export const eyesOf = (robots: Iterable<KnownRobot>): Eye[] =>
  [...robots].flatMap((robot) =>
    robot.cameras.map((c) => ({ key: keyOf(robot.robot_id, c.camera_id), robot, cameraId: c.camera_id })),
  );

const BY_ACTIVITY: Partial<Record<Activity, number>> = { attending: 0, approaching: 1, inspecting: 4, travelling: 5 };
const LAST = 9;

/** Smaller: look at it first. */
function rank(robot: KnownRobot, incidents: Iterable<Incident>): number {
  if (robot.link !== 'online') return LAST;
  let best = BY_ACTIVITY[robot.activity ?? 'idle'] ?? 6;
  for (const incident of incidents) {
    if (!isActive(incident.state)) continue;
    if (incident.waiting_robot?.robot_id === robot.robot_id) best = Math.min(best, 0);
    if (incident.verification.robot_id === robot.robot_id && incident.verification.state === 'sent') {
      best = Math.min(best, 2);
    }
  }
  if (robot.mission?.kind === 'verify') best = Math.min(best, 3);
  return best;
}

/** The cameras in the order in which one should look at them; equals stay in the order of their names. */
export function byInterest(eyes: readonly Eye[], incidents: Iterable<Incident>): Eye[] {
  const all = [...incidents];
  return eyes
    .map((eye) => ({ eye, rank: rank(eye.robot, all) }))
    .sort((a, b) => a.rank - b.rank || (a.eye.key < b.eye.key ? -1 : 1))
    .map(({ eye }) => eye);
}

/**
 * What stands where: what was chosen for a place stays there; what is shown already and still wanted keeps its place,
 * so that no picture jumps; the rest fills up in the order of interest.
 */
export function arrange(
  ranked: readonly string[],
  chosen: readonly (string | null)[],
  before: readonly (string | null)[],
  n: number,
): (string | null)[] {
  const known = new Set(ranked);
  const pinned = Array.from({ length: n }, (_, i) => {
    const key = chosen[i] ?? null;
    return key !== null && known.has(key) && chosen.indexOf(key) === i ? key : null;
  });
  const free = n - pinned.filter((key) => key !== null).length;
  const wanted = ranked.filter((key) => !pinned.includes(key)).slice(0, free);
  const stays = pinned.map((key, i) => {
    const had = before[i] ?? null;
    return key ?? (had !== null && wanted.includes(had) && before.indexOf(had) === i ? had : null);
  });
  const rest = wanted.filter((key) => !stays.includes(key));
  return stays.map((key) => key ?? rest.shift() ?? null);
}
