/** Development only: robots as they stand, what they are ordered, and their missions. */
import type { Play } from '../play';
import { SENTENCES, speak } from '../speech';
import { ok, page, wrong, type Answer, type Asked } from './answer';

export function robots(play: Play, { id, verb, body }: Asked): Answer {
  if (id === 'sentences') return ok(SENTENCES);
  const driver = play.robots.find((d) => d.robot.robot_id === id);
  if (!driver) return wrong(404, 'not_found', id);
  if (verb === 'cameras') return wrong(503, 'unavailable', '演示用的中心没有视频 · the played center has no video');
  if (verb === 'pause' && driver.mission) Object.assign(driver.mission, { state: 'paused', because: '值班员暂停' });
  if (verb === 'resume' && driver.mission) Object.assign(driver.mission, { state: 'underway', because: '' });
  if (verb === 'dock') return wrong(409, 'conflict', '正在核实事件，先取消任务');
  if (verb === 'lights') driver.robot.lights_on = body['on'] === true;
  if (verb === 'speak') speak(driver.robot, body, () => play.emit('robot', driver.robot));
  if (driver.mission) play.emit('mission', driver.mission);
  return ok(driver.robot);
}

export function missions(play: Play, { id, verb }: Asked): Answer {
  if (!id) return page([...play.missions.values()].reverse());
  const mission = play.missions.get(id);
  if (!mission) return wrong(404, 'not_found', id);
  if (verb === 'cancel') mission.state = 'cancelled';
  return ok(mission);
}
