/** The life of one live picture: a table of states, and what each change asks the browser to do. */

export type WatchState = 'off' | 'queued' | 'connecting' | 'live' | 'waiting' | 'paused' | 'refused';
export type WatchEvent =
  | 'watch' // someone wants to see it
  | 'full' // as many pictures are open as may be
  | 'picture' // the first frame is on the screen
  | 'failed' // it broke; worth another try
  | 'refused' // it will not work by trying again
  | 'due' // the time to try again has come
  | 'pause'
  | 'leave'; // nobody looks any more

export type WatchEffect =
  | 'open' // take a place and connect
  | 'close' // end the connection, give the place back
  | 'keep' // hold on to the last picture, before the connection ends
  | 'arm' // try again after a while
  | 'disarm'
  | 'forget'; // the last picture is no longer wanted

type Change = readonly [WatchState, ...WatchEffect[]];

export const WATCH: Readonly<Record<WatchState, Partial<Record<WatchEvent, Change>>>> = {
  off: {
    watch: ['connecting', 'open'],
  },
  queued: {
    due: ['connecting', 'open'],
    watch: ['connecting', 'open'],
    pause: ['paused', 'close'],
    leave: ['off', 'close', 'forget'],
  },
  connecting: {
    full: ['queued'],
    picture: ['live'],
    failed: ['waiting', 'close', 'arm'],
    refused: ['refused', 'close'],
    pause: ['paused', 'close'],
    leave: ['off', 'close', 'forget'],
  },
  live: {
    failed: ['waiting', 'keep', 'close', 'arm'],
    refused: ['refused', 'keep', 'close'],
    pause: ['paused', 'keep', 'close'],
    leave: ['off', 'close', 'forget'],
  },
  waiting: {
    due: ['connecting', 'open'],
    watch: ['connecting', 'disarm', 'open'],
    pause: ['paused', 'disarm'],
    leave: ['off', 'disarm', 'forget'],
  },
  paused: {
    watch: ['connecting', 'open'],
    leave: ['off', 'forget'],
  },
  refused: {
    watch: ['connecting', 'open'],
    leave: ['off', 'forget'],
  },
};

export const STATES = Object.keys(WATCH) as WatchState[];

/** Raised for a pair that the table does not have. */
export class IllegalTransition extends Error {
  constructor(state: WatchState, event: WatchEvent) {
    const known = Object.keys(WATCH[state]).join(', ');
    super(`live picture: "${event}" while "${state}"; expected one of ${known}`);
    this.name = 'IllegalTransition';
  }
}

export const knows = (state: WatchState, event: WatchEvent): boolean => event in WATCH[state];

/** The state after `event`, and the effects in their order. Throws IllegalTransition. */
export function advance(state: WatchState, event: WatchEvent): { state: WatchState; effects: readonly WatchEffect[] } {
  const change = WATCH[state][event];
  if (!change) throw new IllegalTransition(state, event);
  const [next, ...effects] = change;
  return { state: next, effects };
}
