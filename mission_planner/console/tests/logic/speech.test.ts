import { describe, expect, it } from 'vitest';
import type { Speech } from '../../src/api/types';
import { barOf, charactersLeft, ownWords, shownSpeech } from '../../src/logic/speech';
import { robot } from './make';

const speech = (part: Partial<Speech> = {}): Speech => ({
  order_id: 'o1',
  words: { zh: '你好', en: 'Hello' },
  language: 'zh',
  urgent: false,
  incident_id: null,
  state: 'said',
  because: null,
  at: '2026-03-02T10:00:00Z',
  ...part,
});

describe('whether a robot can be made to speak', () => {
  const talks = robot({ speaks: ['zh', 'en'] });

  it('is asked of the link, then of its loudspeaker, then of the sentence before', () => {
    expect(barOf(talks, false)).toBeNull();
    expect(barOf({ ...talks, link: 'lost' }, true)).toBe('offline');
    expect(barOf(robot(), true)).toBe('mute');
  });

  it.each(['ordered', 'waiting', 'saying'] as const)(
    'has to wait while a sentence is %s, unless it is urgent',
    (state) => {
      expect(barOf({ ...talks, speech: speech({ state }) }, false)).toBe('busy');
      expect(barOf({ ...talks, speech: speech({ state }) }, true)).toBeNull();
    },
  );

  it.each(['said', 'failed'] as const)('need not wait for one that %s', (state) => {
    expect(barOf({ ...talks, speech: speech({ state }) }, false)).toBeNull();
  });
});

describe('words of one’s own', () => {
  it('are tidied and stand in the language they are in', () => {
    expect(ownWords('  请  让一让 \n')).toEqual({ zh: '请 让一让', en: '' });
    expect(ownWords('Please step aside')).toEqual({ zh: '', en: 'Please step aside' });
  });

  it('are counted as people count', () => {
    expect(charactersLeft('', 5)).toBe(5);
    expect(charactersLeft(' 𠮷野家 ', 5)).toBe(2);
    expect(charactersLeft('too long', 5)).toBe(-3);
  });
});

describe('the sentence that is shown', () => {
  it('is, on an incident’s page, only one that was ordered for it', () => {
    expect(shownSpeech(null, null)).toBeNull();
    expect(shownSpeech(speech(), null)?.order_id).toBe('o1');
    expect(shownSpeech(speech({ incident_id: 'i1' }), 'i1')?.order_id).toBe('o1');
    expect(shownSpeech(speech({ incident_id: 'i2' }), 'i1')).toBeNull();
  });
});
