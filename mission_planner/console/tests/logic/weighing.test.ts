import { describe, expect, it } from 'vitest';
import { barOf, percentText } from '../../src/logic/weighing';

describe('the sum of evidence', () => {
  it('is never told as certain, neither way', () => {
    expect([1, 0.62, 0.0001].map(percentText)).toEqual(['> 99 %', '62 %', '< 1 %']);
  });

  it('draws what speaks for it and against it apart, and no bar beyond its end', () => {
    expect(barOf(1.5)).toEqual({ speaks: 'for', percent: 37.5, weight: 'fair', text: '+1.5' });
    expect(barOf(-1.5)).toEqual({ speaks: 'against', percent: 37.5, weight: 'fair', text: '−1.5' });
    expect(barOf(9).percent).toBe(100);
  });

  it('says in words how much a source weighs', () => {
    expect([0.4, -1.2, 3].map((odds) => barOf(odds).weight)).toEqual(['slight', 'fair', 'strong']);
  });
});
