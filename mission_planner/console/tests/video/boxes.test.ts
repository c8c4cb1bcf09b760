import { describe, expect, it } from 'vitest';
import { counted, readWord, seenIn, withSeen, type Seen } from '../../src/video/boxes';

const T0 = Date.parse('2026-03-02T10:00:00Z');
const saw = (part: Partial<Seen> = {}): Seen => ({ rtp: null, at_ms: null, model: 'm', boxes: [], ...part });
const frame = { rtp: 900_000, at_ms: T0, speed: 1, standing: false };

describe('a word of the data channel', () => {
  it('is what was seen', () => {
    const text = JSON.stringify({
      stamp: '2026-03-02T10:00:00.000Z',
      rtp: 42,
      camera: 'front',
      model: 'pose 1a2b',
      boxes: [
        { id: 'p1', kind: 'person', verdict: 'suspected', score: 0.8, box: [0.1, 0.2, 0.3, 0.4], distance_m: 3.2 },
      ],
    });
    expect(readWord(text, 5)).toEqual({
      type: 'seen',
      seen: {
        rtp: 42,
        at_ms: T0,
        model: 'pose 1a2b',
        boxes: [
          { id: 'p1', kind: 'person', verdict: 'suspected', score: 0.8, box: [0.1, 0.2, 0.3, 0.4], distance_m: 3.2 },
        ],
      },
    });
  });

  it('is the time of a frame', () => {
    expect(readWord('{"type":"stamp","rtp":7,"stamp":"2026-03-02T10:00:00Z","age_ms":80}', 5)).toEqual({
      type: 'stamp',
      stamp: { rtp: 7, at_ms: T0, age_ms: 80, heard_ms: 5 },
    });
  });

  it.each(['', 'null', '[]', '{"boxes":3}', '{"type":"stamp","rtp":null,"stamp":"2026-03-02T10:00:00Z"}'])(
    '%j is left out',
    (text) => expect(readWord(text, 5)).toBeNull(),
  );

  it('loses boxes that have no area or are not numbers, and knows no verdict it was not told', () => {
    const box = (edges: unknown, verdict: unknown) => ({ id: 'x', kind: 'person', verdict, score: 1, box: edges });
    const word = readWord(
      JSON.stringify({ boxes: [box([0.3, 0, 0.1, 1], ''), box(['a', 0, 1, 1], ''), box([0, 0, 1, 1], 'dead')] }),
      5,
    );
    expect(word?.type === 'seen' && word.seen.boxes.map((b) => b.verdict)).toEqual(['']);
  });
});

describe('the boxes of a frame', () => {
  it('are those of the same picture by its RTP time', () => {
    const same = saw({ rtp: 900_000 });
    expect(seenIn(frame, [saw({ rtp: 870_000 }), same, saw({ rtp: 990_000 })])).toBe(same);
  });

  it.each([
    ['nearly a second old', 815_000, true],
    ['older than a second', 805_000, false],
    ['a little ahead', 909_000, true],
    ['of a picture that is not shown yet', 945_000, false],
  ])('%s: kept or dropped', (_, rtp, kept) => {
    expect(seenIn(frame, [saw({ rtp })]) !== null).toBe(kept);
  });

  it('stay a little longer while the robot stands', () => {
    const seen = saw({ rtp: 900_000 - 2.5 * 90_000 });
    expect(seenIn(frame, [seen])).toBeNull();
    expect(seenIn({ ...frame, standing: true }, [seen])).toBe(seen);
    expect(seenIn({ ...frame, standing: true }, [saw({ rtp: 900_000 - 3.1 * 90_000 })])).toBeNull();
  });

  it('are matched by time where there is no RTP time, at the speed of the site', () => {
    const seen = saw({ at_ms: T0 - 3_600 });
    expect(seenIn(frame, [seen])).toBeNull();
    expect(seenIn({ ...frame, speed: 4 }, [seen])).toBe(seen);
  });

  it('are none where the two share no clock', () => {
    expect(seenIn({ rtp: null, at_ms: null, speed: 1, standing: true }, [saw({ rtp: 1, at_ms: T0 })])).toBeNull();
  });

  it('are kept for a bounded number of pictures', () => {
    let kept: Seen[] = [];
    for (let i = 0; i < 100; i++) kept = withSeen(kept, saw({ rtp: i }));
    expect(kept.map((s) => s.rtp)).toEqual(Array.from({ length: 24 }, (_, i) => 76 + i));
  });

  it('are counted by verdict', () => {
    const box = { id: '', kind: 'person', score: 1, box: [0, 0, 1, 1], distance_m: null } as const;
    const seen = saw({
      boxes: [
        { ...box, verdict: '' },
        { ...box, verdict: 'confirmed' },
      ],
    });
    expect(counted(seen)).toEqual({ people: 2, suspected: 0, confirmed: 1 });
    expect(counted(null).people).toBe(0);
  });
});
