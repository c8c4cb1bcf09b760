/** What of the center is not well and matters to whoever waits for alarms. Pure. */
import type { Component } from '../api/types';

interface Told {
  name: string;
  because: string;
  because_zh: string;
}

/** The answer of the center's probe as parts; null for anything else, such as the page of a proxy. */
export function partsOf(answer: unknown): Component[] | null {
  const { missing, degraded } = (answer ?? {}) as { missing?: Told[]; degraded?: Told[] };
  if (!Array.isArray(missing) || !Array.isArray(degraded)) return null;
  const part = (state: Component['state']) => (told: Told) => ({
    name: told.name,
    state,
    because: { en: told.because, zh: told.because_zh },
    needed: true,
  });
  return [...missing.map(part('unavailable')), ...degraded.map(part('degraded'))];
}

/** The parts that the center needs and that are not well, the worst first. */
export function troubles(components: readonly Component[]): Component[] {
  const needed = components.filter((part) => part.needed && part.state !== 'ok');
  const worst = (part: Component) => (part.state === 'unavailable' ? 0 : 1);
  return needed.sort((a, b) => worst(a) - worst(b));
}
