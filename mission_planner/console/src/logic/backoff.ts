/** How long to wait before trying the center again: soon at first, never longer than ten seconds, never in step. */

const FIRST_MS = 500;
const LONGEST_MS = 10_000;

/** Milliseconds before attempt number `attempt` (0 is the first retry); `random` in [0, 1) spreads the browsers. */
export function backoff_ms(attempt: number, random: number): number {
  const ceiling = Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.min(attempt, 10));
  return Math.round(ceiling * (0.5 + random / 2));
}
