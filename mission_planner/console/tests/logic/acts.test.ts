import { describe, expect, it } from 'vitest';
import type { IncidentAct } from '../../src/api/types';
import { ACT_RULES, expected, sensibleAct, whyNot } from '../../src/logic/acts';
import { incident } from './make';

const ALL = Object.values(ACT_RULES).map((rule) => rule.right);

describe('why an act cannot be done', () => {
  it('is the right first, then the state, then that it is over', () => {
    const open = incident({ may: ['acknowledge', 'dispatch'] });
    expect(whyNot(open, 'acknowledge', ALL)).toBeNull();
    expect(whyNot(open, 'acknowledge', [])).toBe('right');
    expect(whyNot(open, 'arrive', ALL)).toBe('state');
    expect(whyNot(incident({ state: 'closed', may: ['reopen'] }), 'acknowledge', ALL)).toBe('ended');
  });
});

describe('the next sensible act', () => {
  it.each([
    ['open', ['acknowledge', 'dispatch', 'close'], 'acknowledge'],
    ['acknowledged', ['dispatch', 'close'], 'dispatch'],
    ['dispatched', ['dispatch', 'arrive', 'close'], 'arrive'],
    ['on_scene', ['resolve', 'close'], 'resolve'],
    ['resolved', ['close', 'reopen'], 'close'],
  ] as const)('of an incident that is %s', (state, may, act) => {
    expect(sensibleAct(incident({ state, may: [...may] }), ALL)).toBe(act);
  });

  it('is another one where the account may not do the first', () => {
    const open = incident({ may: ['acknowledge', 'close'] });
    expect(sensibleAct(open, ['incident.close'])).toBe('close');
    expect(sensibleAct(open, [])).toBeNull();
  });
});

describe('what is shown before the center answers', () => {
  it('is the state the act leads to, and whom it names', () => {
    const open = incident();
    expect(expected(open, 'acknowledge', { by: 'me' })).toMatchObject({ state: 'acknowledged', owner: 'me', may: [] });
    const to = { username: 'wang', display_name: '王师傅' };
    expect(expected(open, 'dispatch', { by: 'me', to })).toMatchObject({ state: 'dispatched', assignee: to });
    expect(expected(open, 'merge', { by: 'me', into: 'i2' })).toMatchObject({ state: 'merged', merged_into: 'i2' });
  });

  it('tells nobody any more once somebody has it', () => {
    const sla = {
      acknowledge_by: '2026-03-02T10:00:15Z',
      resolve_by: '2026-03-02T10:18:00Z',
      next_at: '2026-03-02T10:00:15Z',
      told: 0,
      tell: [],
    };
    expect(expected(incident({ sla }), 'acknowledge', { by: 'me' }).sla?.next_at).toBeNull();
  });

  it('keeps the age of what it shows, so that the answer always replaces it', () => {
    const open = incident();
    expect(expected(open, 'acknowledge', { by: 'me' }).changed_at).toBe(open.changed_at);
  });
});

it('every key means one act only', () => {
  const keys = (Object.keys(ACT_RULES) as IncidentAct[]).flatMap((act) => ACT_RULES[act].key ?? []);
  expect(keys.sort()).toEqual(['a', 'c', 'd', 'f', 'm']);
});
