/** Small makers for tests: a thing with everything usual, and what the test is about. */
import type { Incident, Mission, Robot } from '../../src/api/types';

export function incident(part: Partial<Incident> = {}): Incident {
  return {
    incident_id: 'i1',
    kind: 'smoke',
    kind_name: { zh: '烟感报警', en: 'Smoke alarm' },
    priority: 1,
    state: 'open',
    opened_at: '2026-03-02T10:00:00Z',
    changed_at: '2026-03-02T10:00:00Z',
    closed_at: null,
    owner: null,
    because: '',
    position: { x_m: 1, y_m: 2 },
    place: { zh: '5 栋 1 单元 1203', en: 'Building 5, unit 1, flat 1203' },
    place_detail: null,
    source: { kind: 'device', id: 'smoke-1', name: 'smoke' },
    source_cleared_at: null,
    verification: { state: 'waiting', because: '', robot_id: null, mission_id: null },
    evidence: [],
    findings: [],
    timeline: [],
    certainty: null,
    waiting_robot: null,
    sla: null,
    weighing: { probability: 0.6, words: [] },
    sources: [],
    explained: 0,
    ...part,
  };
}

export function robot(part: Partial<Robot> = {}): Robot {
  return {
    robot_id: 'r1',
    name: { zh: '巡逻一号', en: 'Patrol One' },
    kind: 'ground',
    dock_id: 'dock-1',
    link: 'online',
    last_seen_at: '2026-03-02T10:00:00Z',
    silence_s: 0.5,
    pose: { x_m: 0, y_m: 0, heading_rad: 0 },
    speed_mps: 1,
    battery_pct: 76,
    charging: false,
    activity: 'travelling',
    because: '',
    mission: null,
    latest_picture: null,
    refused: null,
    parts: [],
    lights_on: null,
    cameras: [],
    ...part,
  };
}

export function mission(part: Partial<Mission> = {}): Mission {
  return {
    mission_id: 'm1',
    kind: 'patrol',
    robot_id: 'r1',
    patrol_id: 'p1',
    run_id: 'run1',
    incident_id: null,
    name: 'Round',
    state: 'underway',
    because: '',
    ordered_at: '2026-03-02T10:00:00Z',
    started_at: null,
    ended_at: null,
    link: 'online',
    silence_s: 0,
    checkpoints: [],
    done: 0,
    total: 0,
    chosen_because: null,
    ...part,
  };
}
