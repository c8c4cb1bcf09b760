import { describe, expect, it } from 'vitest';
import type { TimelineEntry } from '../../src/api/types';
import { steps } from '../../src/logic/steps';
import { incident } from './make';

const line = (kind: string, at: string, by: string | null = 'li'): TimelineEntry => ({
  kind,
  at,
  by,
  text: '',
  picture: null,
});
const shown = (of: ReturnType<typeof steps>) => of.map((s) => `${s.state}:${s.look}`);

describe('the line of steps', () => {
  it('of a new incident begins with its opening and names what comes', () => {
    expect(shown(steps(incident()))).toEqual([
      'open:now',
      'acknowledged:coming',
      'dispatched:coming',
      'on_scene:coming',
      'resolved:coming',
      'closed:coming',
    ]);
  });

  it('says who and when of each it took, and leaves out what was skipped', () => {
    const there = incident({
      state: 'on_scene',
      assignee: { username: 'wang', display_name: '王师傅' },
      assigned_at: '2026-03-02T10:01:00Z',
      arrived_at: '2026-03-02T10:04:00Z',
      timeline: [line('acknowledged', '2026-03-02T10:00:20Z')],
    });
    expect(steps(there).slice(0, 4)).toEqual([
      { state: 'open', look: 'done', at: '2026-03-02T10:00:00Z', by: null },
      { state: 'acknowledged', look: 'done', at: '2026-03-02T10:00:20Z', by: 'li' },
      { state: 'dispatched', look: 'done', at: '2026-03-02T10:01:00Z', by: '王师傅' },
      { state: 'on_scene', look: 'now', at: '2026-03-02T10:04:00Z', by: '王师傅' },
    ]);
  });

  it('of a false alarm ends there, with nothing to come', () => {
    const wrong = incident({ state: 'false_alarm', closed_at: '2026-03-02T10:09:00Z', may: ['reopen'] });
    expect(shown(steps(wrong))).toEqual(['open:done', 'false_alarm:now']);
  });
});
