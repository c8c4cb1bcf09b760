/** A robot's state as words: one sentence, its battery, how long it has been silent. */
import { STALE_AFTER_S } from '../logic/age';
import type { KnownRobot } from '../logic/world';
import { toLonLat } from '../logic/projection';
import { named, nearest, nameOf, type SiteProperties } from '../map/features';
import { say, t } from '../messages';
import { site, world } from '../state/live';
import { wallNow } from '../state/now';

const NEAR_M = 40; // farther than this from any named stop, a robot is just "on site"

/** Seconds of real time since the robot was heard, growing here too; null when never. */
export const silentFor_s = (robot: KnownRobot): number | null =>
  robot.heard_ms === null ? null : Math.max(0, (wallNow.value - robot.heard_ms) / 1000);

export const isStale = (robot: KnownRobot): boolean => {
  const silent_s = silentFor_s(robot);
  return robot.link !== 'online' || silent_s === null || silent_s > STALE_AFTER_S.pose;
};

export function batteryText(robot: KnownRobot): string | null {
  return robot.battery_pct === null ? null : t().robots.percent(Math.round(robot.battery_pct));
}

/** The name of the stop or dock nearest to the robot. */
export function placeOf(robot: KnownRobot): string {
  const m = t().robots;
  const known = site.value;
  if (!robot.pose) return m.noPose;
  if (known.state !== 'ready') return '';
  const points = [...named(known.data.map, 'viewpoint'), ...named(known.data.map, 'dock')];
  const best = nearest(points, toLonLat(known.data.origin, robot.pose));
  return best && best.distance_m < NEAR_M ? m.near(say(best.point.name)) : '';
}

/** The name of a viewpoint or dock by its id; the id where the map does not know it. */
export function stopName(id: string): string {
  const known = site.value;
  const found =
    known.state === 'ready' &&
    known.data.map.features.find(
      (f) => f.properties?.['id'] === id && ['viewpoint', 'dock'].includes(String(f.properties['layer'])),
    );
  return found ? say(nameOf(found.properties as SiteProperties)) : id;
}

/** Where its mission takes the robot next: the mission's own name for the stop, or the map's; null where neither has one. */
export function nextStopName(robot: KnownRobot): string | null {
  const id = robot.mission?.next_checkpoint_id;
  if (!robot.mission || !id) return null;
  const mission = world.value.missions.get(robot.mission.mission_id);
  const stop = mission?.checkpoints.find((c) => c.checkpoint_id === id);
  if (stop) return say(stop.name);
  const name = stopName(id);
  return name === id ? null : name;
}

export function activityText(robot: KnownRobot): string {
  const m = t().robots;
  if (robot.link === 'never') return m.link.never;
  return robot.activity ? m.activity[robot.activity] : t().common.unknown;
}

/** "行驶中，5 栋北侧附近" and where it is heading. */
export function robotSentence(robot: KnownRobot): string {
  const m = t();
  if (robot.link === 'never') return m.robots.link.never;
  const parts = [activityText(robot)];
  const next = nextStopName(robot);
  if (next && robot.activity === 'travelling') parts.push(m.robots.heading(next));
  else {
    const place = placeOf(robot);
    if (place) parts.push(place);
  }
  return parts.join(m.common.listComma);
}
