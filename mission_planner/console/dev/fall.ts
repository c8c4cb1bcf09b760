/** Development only: a person on the ground, seen by the second robot, which waits there until it is released. */
import type { Incident } from '../src/api/types';
import type { Play } from './play';
import { slaOf, UNTOUCHED } from './things';
import { freshId, iso, photo } from './robots';

const AGO_S = 96;

export function fallen(play: Play): void {
  const driver = play.robots[1];
  const pose = driver?.robot.pose;
  if (!driver || !pose) return;
  const { robot } = driver;
  pose.x_m += 6;
  const at = { x_m: pose.x_m + 2.6 * Math.cos(pose.heading_rad), y_m: pose.y_m + 2.6 * Math.sin(pose.heading_rad) };
  const seen = iso(Date.now() - AGO_S * 1000);
  const picture = photo('', 'fall-1', Date.now() - AGO_S * 1000, { name: null });
  Object.assign(robot, {
    activity: 'attending',
    lights_on: true,
    because: '守候在摔倒的人旁',
    latest_picture: picture,
  });
  if (driver.mission) Object.assign(driver.mission, { state: 'paused', because: '守候在摔倒的人旁' });
  const name = robot.name;
  const incident: Incident = {
    incident_id: freshId('incident'),
    ...UNTOUCHED,
    kind: 'person_fallen',
    kind_name: { zh: '人员摔倒', en: 'Person fallen' },
    priority: 1,
    state: 'open',
    opened_at: seen,
    changed_at: seen,
    closed_at: null,
    owner: null,
    because: '',
    position: at,
    place: null,
    place_detail: null,
    source: { kind: 'robot', id: robot.robot_id, name },
    source_cleared_at: null,
    verification: { state: 'seen', because: '', robot_id: robot.robot_id, mission_id: null },
    evidence: [picture],
    findings: [
      {
        finding_id: freshId('finding'),
        kind: 'person_fallen',
        source: { kind: 'robot', id: robot.robot_id, name },
        position: at,
        observed_at: seen,
        confidence: 0.93,
        certainty: 'confirmed',
        model: 'played 0f1e2d3c',
        evidence: [picture],
      },
    ],
    timeline: [
      {
        at: seen,
        kind: 'opened',
        text: { zh: `${name.zh}确认有人摔倒`, en: `${name.en} confirmed that a person has fallen` },
        by: null,
        picture: null,
      },
      {
        at: iso(Date.now() - (AGO_S - 2) * 1000),
        kind: 'waits',
        text: { zh: `${name.zh}在旁等候，灯已亮`, en: `${name.en} is waiting there, lights on` },
        by: null,
        picture: null,
      },
    ],
    certainty: 'confirmed',
    waiting_robot: { robot_id: robot.robot_id, name },
    sla: slaOf(1, AGO_S),
    weighing: {
      probability: 0.953,
      words: [{ text: { zh: '巡逻一号现场确认', en: 'Patrol One confirmed it' }, log_odds: 4 }],
    },
    sources: [],
    explained: 0,
    repeats: 0,
  };
  play.incidents.push(incident);
}

export function release(play: Play, incident: Incident): void {
  const driver = play.robots.find((d) => d.robot.robot_id === incident.waiting_robot?.robot_id);
  incident.waiting_robot = null;
  if (!driver) return;
  Object.assign(driver.robot, { activity: 'idle', lights_on: false, because: '' });
  if (driver.mission) Object.assign(driver.mission, { state: 'underway', because: '' });
}
