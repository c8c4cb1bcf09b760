/** The sum of evidence as it is drawn. */

/** Nobody is sure to the last percent. */
export function percentText(probability: number): string {
  if (probability >= 0.995) return '> 99 %';
  return probability < 0.005 ? '< 1 %' : `${Math.round(probability * 100)} %`;
}

export type Weight = 'slight' | 'fair' | 'strong';

export interface Bar {
  speaks: 'for' | 'against';
  percent: number; // of the bar's full length
  weight: Weight;
  text: string; // "+1.5", "−1.5"
}

const FULL = 4; // log-odds of what somebody saw with their own eyes
const FAIR = 1; // from here on: the odds nearly triple
const STRONG = 2.5; // from here on: twelvefold

/** What one word adds. */
export function barOf(logOdds: number): Bar {
  const size = Math.abs(logOdds);
  return {
    speaks: logOdds < 0 ? 'against' : 'for',
    percent: Math.min(100, (size / FULL) * 100),
    weight: size >= STRONG ? 'strong' : size >= FAIR ? 'fair' : 'slight',
    text: `${logOdds < 0 ? '−' : '+'}${size.toFixed(1)}`,
  };
}
