import { describe, expect, it } from 'vitest';
import { blank, draftOf, fieldOf, moved, planOf, problemsOf, toggled } from '../../src/logic/draft';
import type { Patrol } from '../../src/api/types';

const whole = { ...blank('2026-03-02T08:00'), name: ' Night ', viewpoints: ['vp-2', 'vp-1'] };

describe('a patrol being planned', () => {
  it('a new one lacks a name and viewpoints, and nothing else', () => {
    expect(problemsOf(blank('2026-03-02T08:00'))).toEqual({ name: 'name', viewpoints: 'viewpoints' });
  });

  it('becomes a plan with the viewpoints in the order chosen', () => {
    expect(problemsOf(whole)).toEqual({});
    expect(planOf(whole, 'Asia/Shanghai')).toMatchObject({
      name: 'Night',
      viewpoint_ids: ['vp-2', 'vp-1'],
      robot_ids: [],
      rrule: 'FREQ=HOURLY;INTERVAL=2',
      starts_at: '2026-03-02T08:00:00',
      timezone: 'Asia/Shanghai',
    });
  });

  it('needs a robot where only some may go', () => {
    expect(problemsOf({ ...whole, anyRobot: false })).toEqual({ robots: 'robots' });
  });

  it('never wants more robots than were chosen', () => {
    expect(planOf({ ...whole, anyRobot: false, robots: ['r1'], robotsWanted: 2 }, 'UTC').robots_wanted).toBe(1);
  });

  it('a patrol that is changed keeps what was not touched', () => {
    const patrol: Patrol = {
      ...planOf({ ...whole, missed: 'once', overlap: 'queue', enabled: false }, 'Asia/Shanghai'),
      patrol_id: 'p1',
      next_runs: [],
      last_run: null,
      because: null,
    };
    const { patrol_id: _id, next_runs: _next, last_run: _last, because: _why, ...plan } = patrol;
    expect(planOf(draftOf(patrol), 'Asia/Shanghai')).toEqual(plan);
  });
});

describe('a refusal of the center', () => {
  it.each([
    ['name', 'name'],
    ['body.rrule', 'recurrence'],
    ['viewpoint_ids.0', null],
    ['viewpoint_ids', 'viewpoints'],
    ['robots_wanted', 'robots'],
    ['timezone', 'starts'],
    [null, null],
  ])('about %s is shown at %s', (where, field) => {
    expect(fieldOf(where)).toBe(field);
  });
});

describe('the list of stops', () => {
  it('takes a stop in at the end, and out again', () => {
    expect(toggled(['a'], 'b')).toEqual(['a', 'b']);
    expect(toggled(['a', 'b'], 'a')).toEqual(['b']);
  });

  it('moves a stop by one place, and not beyond the ends', () => {
    expect(moved(['a', 'b', 'c'], 1, -1)).toEqual(['b', 'a', 'c']);
    expect(moved(['a', 'b'], 1, 1)).toEqual(['a', 'b']);
  });
});
