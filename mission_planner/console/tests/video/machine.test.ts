import { describe, expect, it } from 'vitest';
import {
  advance,
  IllegalTransition,
  knows,
  STATES,
  WATCH,
  type WatchEffect,
  type WatchEvent,
} from '../../src/video/machine';

const EVENTS: WatchEvent[] = ['watch', 'full', 'picture', 'failed', 'refused', 'due', 'pause', 'leave'];
const PAIRS = STATES.flatMap((state) => EVENTS.map((event) => [state, event] as const));

/** The state and all effects after a story that begins with nobody looking. */
function told(...events: WatchEvent[]) {
  const all: WatchEffect[] = [];
  const state = events.reduce(
    (at, event) => {
      const { state: next, effects } = advance(at, event);
      all.push(...effects);
      return next;
    },
    STATES[0] as (typeof STATES)[number],
  );
  return { state, effects: all };
}

describe('the life of a live picture', () => {
  it.each(PAIRS)('%s + %s is in the table, or refused with both named', (state, event) => {
    if (knows(state, event)) expect(STATES).toContain(advance(state, event).state);
    else expect(() => advance(state, event)).toThrowError(new RegExp(`"${event}" while "${state}"`));
    if (!knows(state, event)) expect(() => advance(state, event)).toThrow(IllegalTransition);
  });

  it('ends every connection that it opens', () => {
    for (const state of STATES) {
      for (const [event, change] of Object.entries(WATCH[state])) {
        const [next, ...effects] = change;
        const holds = state === 'connecting' || state === 'live' || state === 'queued';
        const goesOn = next === 'connecting' || next === 'live' || next === 'queued';
        expect(effects.includes('close'), `${state} + ${event}`).toBe(holds && !goesOn);
      }
    }
  });

  it('arms a retry only where it then waits, and waits only with a retry armed', () => {
    for (const state of STATES) {
      for (const [event, [next, ...effects]] of Object.entries(WATCH[state])) {
        expect(effects.includes('arm'), `${state} + ${event}`).toBe(next === 'waiting');
      }
    }
  });

  it('can be left from everywhere but where nobody looks', () => {
    for (const state of STATES) expect(knows(state, 'leave')).toBe(state !== 'off');
  });

  it('keeps the last picture when it breaks, closes, and tries again when it is time', () => {
    expect(told('watch', 'picture', 'failed', 'due')).toEqual({
      state: 'connecting',
      effects: ['open', 'keep', 'close', 'arm', 'open'],
    });
  });

  it('waits in line without a connection, and connects when a place is free', () => {
    expect(told('watch', 'full', 'due', 'picture')).toEqual({ state: 'live', effects: ['open', 'open'] });
  });
});
