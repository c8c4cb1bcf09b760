import { describe, expect, it } from 'vitest';
import { ApiError } from '../../src/api/client';
import { faceOf, type Face, type Facts } from '../../src/video/face';
import { Places } from '../../src/video/places';
import { arrange, byInterest, eyesOf } from '../../src/video/wall';
import { isLasting } from '../../src/video/why';
import { incident, robot } from '../logic/make';

const facts: Facts = { allowed: true, camera: true, online: true, state: 'off', played: false, still_s: null };

describe('the face of a tile', () => {
  it.each<[string, Partial<Facts>, Face]>([
    ['nobody may look', { allowed: false, state: 'live' }, 'noPermission'],
    ['there is no camera', { camera: false }, 'noCamera'],
    ['not asked for', {}, 'start'],
    ['the robot is not heard', { online: false }, 'offline'],
    ['its link is lost, but its picture comes', { online: false, state: 'live' }, 'live'],
    ['connecting', { state: 'connecting' }, 'connecting'],
    ['in line', { state: 'queued' }, 'queued'],
    ['playing', { state: 'live' }, 'live'],
    ['no new frame', { state: 'live', still_s: 3 }, 'frozen'],
    ['paused', { state: 'paused', played: true }, 'paused'],
    ['broke', { state: 'waiting', played: true }, 'broken'],
    ['never came', { state: 'waiting' }, 'failed'],
    ['will not come', { state: 'refused' }, 'unavailable'],
  ])('%s', (_, part, face) => expect(faceOf({ ...facts, ...part })).toBe(face));
});

describe('why there is no picture', () => {
  it.each([
    [0, false],
    [403, true],
    [404, true],
    [409, false],
    [429, false],
    [503, false],
  ])('status %i: lasting %s', (status, lasting) => {
    expect(isLasting({ kind: 'answer', error: new ApiError(status, '', '', null, null) })).toBe(lasting);
  });
});

describe('the places for live pictures', () => {
  it('are four; who comes later is called in the order of coming', () => {
    const places = new Places();
    const called: string[] = [];
    const ask = (key: string) => places.take(key, () => called.push(key));
    expect(['a', 'b', 'c', 'd', 'e', 'f'].map(ask)).toEqual([true, true, true, true, false, false]);
    places.free('b');
    expect([called, places.open]).toEqual([['e'], 3]);
    expect(ask('e')).toBe(true);
    places.free('f'); // leaves the line
    places.free('a');
    expect(called).toEqual(['e']);
  });
});

describe('the video wall', () => {
  const seen = (id: string, part = {}) => ({
    ...robot({ robot_id: id, cameras: [{ camera_id: 'front', name: { zh: '前', en: 'Front' } }], ...part }),
    heard_ms: 0,
    told_ms: 0,
  });

  it('shows where something goes on before the rest', () => {
    const eyes = eyesOf([
      seen('r1', { activity: 'charging' }),
      seen('r2', { activity: 'travelling' }),
      seen('r3', { activity: 'attending' }),
      seen('r4', { link: 'lost', activity: 'attending' }),
      seen('r5', { activity: 'travelling' }),
      seen('r6', { cameras: [] }),
    ]);
    const going = incident({ verification: { state: 'sent', because: '', robot_id: 'r5', mission_id: null } });
    expect(byInterest(eyes, [going]).map((e) => e.key)).toEqual([
      'r3/front',
      'r5/front',
      'r2/front',
      'r1/front',
      'r4/front',
    ]);
  });

  it.each([
    ['fills up in order', ['a', 'b', 'c'], [], [], ['a', 'b', 'c', null]],
    ['lets nothing jump', ['c', 'a', 'b'], [], ['a', 'b', 'c', null], ['a', 'b', 'c', null]],
    [
      'replaces only what is no longer wanted',
      ['e', 'a', 'b', 'c', 'd'],
      [],
      ['a', 'b', 'c', 'd'],
      ['a', 'b', 'c', 'e'],
    ],
    [
      'keeps what was chosen where it was chosen',
      ['a', 'b', 'c', 'd', 'e'],
      [null, 'e'],
      ['a', 'b', 'c', 'd'],
      ['a', 'e', 'c', 'b'],
    ],
    ['forgets a camera that is gone', ['a'], ['x'], ['x', 'a'], [null, 'a', null, null]],
    ['shows nothing twice', ['a', 'b'], ['a', 'a'], [], ['a', 'b', null, null]],
  ])('%s', (_, ranked, chosen, before, shown) => {
    expect(arrange(ranked, chosen as (string | null)[], before as (string | null)[], 4)).toEqual(shown);
  });
});
