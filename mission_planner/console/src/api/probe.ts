/** What the center says of itself to anybody: it needs no session, and so no database. */
import type { Component } from './types';
import { partsOf } from '../logic/trouble';

/** The parts that are not well; null where nobody answers. A center that is not ready says so with 503. */
export async function probe(): Promise<Component[] | null> {
  try {
    const response = await fetch('/readyz', { headers: { Accept: 'application/json' } });
    return partsOf(await response.json());
  } catch {
    return null;
  }
}
