import { describe, expect, it } from 'vitest';
import { newestFirst } from '../../src/logic/timeline';

const entry = (at: string, said: string) => ({ at, said });

describe('a timeline, newest first', () => {
  it('keeps the effect above its cause where both happened in one instant', () => {
    const written = [
      entry('2026-03-02T10:00:00Z', 'the detector rang'),
      entry('2026-03-02T10:00:00Z', 'a robot was sent'),
      entry('2026-03-02T10:00:15Z', 'somebody took it'),
    ];
    expect(newestFirst(written).map((e) => e.said)).toEqual([
      'somebody took it',
      'a robot was sent',
      'the detector rang',
    ]);
  });
});
