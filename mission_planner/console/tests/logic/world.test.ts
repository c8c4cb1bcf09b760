import { describe, expect, it } from 'vitest';
import { apply, EMPTY, type WorldEvent } from '../../src/logic/world';
import { incident, mission, robot } from './make';

const NOW_MS = 1_000_000;
const after = (...events: WorldEvent[]) => events.reduce((world, event) => apply(world, event, NOW_MS), EMPTY);
const snapshot: WorldEvent = {
  type: 'snapshot',
  data: {
    robots: [
      robot({
        mission: {
          mission_id: 'm1',
          kind: 'patrol',
          name: 'x',
          state: 'underway',
          done: 1,
          total: 4,
          next_checkpoint_id: 'b',
        },
      }),
    ],
    incidents: [incident()],
    missions: [mission()],
    site_time: '2026-03-02T10:00:00Z',
  },
};

describe('the world a browser knows', () => {
  it('begins with the snapshot', () => {
    const world = after(snapshot);
    expect([...world.robots.keys()]).toEqual(['r1']);
    expect([...world.incidents.keys()]).toEqual(['i1']);
    expect([...world.missions.keys()]).toEqual(['m1']);
  });

  it('a later snapshot replaces everything: what is gone is gone', () => {
    const world = after(snapshot, {
      type: 'snapshot',
      data: { robots: [], incidents: [], missions: [], site_time: null },
    });
    expect(world.robots.size + world.incidents.size + world.missions.size).toBe(0);
  });

  it('an incident event replaces the incident', () => {
    const taken = incident({ state: 'acknowledged', changed_at: '2026-03-02T10:01:00Z' });
    expect(after(snapshot, { type: 'incident', data: taken }).incidents.get('i1')?.state).toBe('acknowledged');
  });

  it('an older view of an incident never replaces a newer one', () => {
    const closed = incident({ state: 'closed', changed_at: '2026-03-02T10:05:00Z' });
    const late = incident({ state: 'acknowledged', changed_at: '2026-03-02T10:01:00Z' });
    const world = after(snapshot, { type: 'incident', data: closed }, { type: 'incident', data: late });
    expect(world.incidents.get('i1')?.state).toBe('closed');
  });

  it('an answer about a robot never replaces what the robot said after it was drawn', () => {
    const early = robot({ activity: 'idle', last_seen_at: '2026-03-02T10:00:01Z' });
    const said = robot({ activity: 'attending', last_seen_at: '2026-03-02T10:00:02Z' });
    const late = robot({ activity: 'returning', last_seen_at: '2026-03-02T10:00:03Z' });
    const seen = (...told: WorldEvent[]) => after(snapshot, ...told).robots.get('r1')?.activity;
    expect(seen({ type: 'robot', data: said }, { type: 'robot-answer', data: early })).toBe('attending');
    expect(seen({ type: 'robot', data: said }, { type: 'robot-answer', data: late })).toBe('returning');
    expect(seen({ type: 'robot', data: said }, { type: 'robot', data: early })).toBe('idle'); // the stream knows
  });

  it('poses move robots and their progress, and keep their names and pictures', () => {
    const world = after(snapshot, {
      type: 'poses',
      data: {
        site_time: null,
        robots: [
          {
            robot_id: 'r1',
            pose: { x_m: 5, y_m: 6, heading_rad: 1 },
            speed_mps: 1.2,
            battery_pct: 70,
            charging: false,
            activity: 'inspecting',
            because: '',
            link: 'online',
            silence_s: 0.1,
            next_checkpoint_id: 'c',
            done: 2,
            total: 4,
          },
        ],
      },
    });
    const moved = world.robots.get('r1');
    expect(moved).toMatchObject({ pose: { x_m: 5 }, battery_pct: 70, name: { zh: '巡逻一号' } });
    expect(moved?.mission).toMatchObject({ done: 2, next_checkpoint_id: 'c', name: 'x' });
  });

  it('knows when a robot was last heard by our own clock, so that its age grows though the center is silent', () => {
    expect(after(snapshot).robots.get('r1')?.heard_ms).toBe(NOW_MS - 500);
    const never = after({ type: 'robot', data: robot({ link: 'never', silence_s: null }) });
    expect(never.robots.get('r1')?.heard_ms).toBeNull();
  });

  it('does not make up a robot from a pose', () => {
    const row = { ...robot(), next_checkpoint_id: null, done: null, total: null };
    expect(after({ type: 'poses', data: { site_time: null, robots: [row] } }).robots.size).toBe(0);
  });

  it('events about other things leave it as it is', () => {
    const world = after(snapshot);
    expect(apply(world, { type: 'finding', data: {} }, NOW_MS)).toBe(world);
  });
});
