/** What of the center is not well and matters to whoever waits for alarms. Pure. */
import type { Component } from '../api/types';

/** The parts that the center needs and that are not well, the worst first. */
export function troubles(components: readonly Component[]): Component[] {
  const needed = components.filter((part) => part.needed && part.state !== 'ok');
  const worst = (part: Component) => (part.state === 'unavailable' ? 0 : 1);
  return needed.sort((a, b) => worst(a) - worst(b));
}
