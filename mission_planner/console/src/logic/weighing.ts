/** The sum of evidence as it is drawn. */

/** Nobody is sure to the last percent. */
export function percentText(probability: number): string {
  if (probability >= 0.995) return '> 99 %';
  return probability < 0.005 ? '< 1 %' : `${Math.round(probability * 100)} %`;
}

export interface Bar {
  speaks: 'for' | 'against';
  percent: number; // of the bar's full length
  text: string; // "+1.5", "−1.5"
}

const FULL = 4; // log-odds of what somebody saw with their own eyes

/** What one word adds. */
export function barOf(logOdds: number): Bar {
  return {
    speaks: logOdds < 0 ? 'against' : 'for',
    percent: Math.min(100, (Math.abs(logOdds) / FULL) * 100),
    text: `${logOdds < 0 ? '−' : '+'}${Math.abs(logOdds).toFixed(1)}`,
  };
}
