import { describe, expect, it } from 'vitest';
import type { Component } from '../../src/api/types';
import { partsOf, troubles } from '../../src/logic/trouble';

const part = (name: string, state: Component['state'], needed: boolean): Component => ({
  name,
  state,
  because: null,
  needed,
});

describe('what of the center is not well', () => {
  it('is known from its probe too, in both languages, when the database is away', () => {
    const told = { name: 'reports', because: '30 reports are kept', because_zh: '30 条报告已存妥' };
    const missing = [{ name: 'store', because: 'no answer', because_zh: '没有应答' }];
    const parts = troubles(partsOf({ ready: false, missing, degraded: [told] }) ?? []);
    expect(parts.map((p) => [p.name, p.state])).toEqual([
      ['store', 'unavailable'],
      ['reports', 'degraded'],
    ]);
    expect(parts[1]?.because).toEqual({ en: '30 reports are kept', zh: '30 条报告已存妥' });
  });

  it('is not read from an answer of somebody else', () => {
    expect([partsOf('<html>'), partsOf(null), partsOf({ missing: 3 })]).toEqual([null, null, null]);
  });

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
