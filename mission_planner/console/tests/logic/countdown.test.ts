import { describe, expect, it } from 'vitest';
import type { Sla } from '../../src/api/types';
import { countdown, newlyTold } from '../../src/logic/countdown';
import { incident } from './make';

const OPENED = Date.parse('2026-03-02T10:00:00Z');
const sla = (part: Partial<Sla> = {}): Sla => ({
  acknowledge_by: '2026-03-02T10:00:15Z',
  resolve_by: '2026-03-02T10:18:00Z',
  next_at: '2026-03-02T10:01:00Z',
  told: 1,
  tell: ['operator'],
  next_tell: ['operator', 'field'],
  ...part,
});

describe('the clock of an incident', () => {
  it('counts to the next telling while nobody has it', () => {
    const open = incident({ sla: sla() });
    expect(countdown(open, OPENED + 10_000)).toEqual({ until: 'telling', left_s: 50, late_s: null });
    expect(countdown(open, OPENED + 18_000)).toEqual({ until: 'telling', left_s: 42, late_s: 3 });
  });

  it('counts to the end of its time once somebody has it', () => {
    const taken = incident({ state: 'on_scene', sla: sla({ next_at: null }) });
    expect(countdown(taken, OPENED + 60_000)).toEqual({ until: 'end', left_s: 1020, late_s: null });
    expect(countdown(taken, OPENED + 1_140_000)?.late_s).toBe(60);
  });

  it('says nothing where the danger is over, or where there is no clock', () => {
    expect(countdown(incident({ state: 'resolved', sla: sla({ next_at: null }) }), OPENED)).toBeNull();
    expect(countdown(incident({ state: 'closed', sla: sla() }), OPENED)).toBeNull();
    expect(countdown(incident({ sla: null }), OPENED)).toBeNull();
  });
});

describe('who is told next', () => {
  it('are those who were not told before', () => {
    expect(newlyTold(sla())).toEqual(['field']);
    expect(newlyTold(sla({ told: 0, tell: ['operator'], next_tell: ['operator'] }))).toEqual(['operator']);
    expect(newlyTold(sla({ told: 4, tell: ['operator', 'field'], next_tell: ['operator', 'field'] }))).toEqual([]);
  });
});
