import { describe, expect, it } from 'vitest';
import type { Component } from '../../src/api/types';
import { troubles } from '../../src/logic/trouble';

const part = (name: string, state: Component['state'], needed: boolean): Component => ({
  name,
  state,
  because: null,
  needed,
});

describe('what of the center is not well', () => {
  it('is what alarms hang on, the worst first; what is merely not here is no trouble', () => {
    const parts = [
      part('voice', 'unavailable', false),
      part('mqtt', 'degraded', true),
      part('router', 'ok', true),
      part('store', 'unavailable', true),
    ];
    expect(troubles(parts).map((p) => p.name)).toEqual(['store', 'mqtt']);
  });
});
