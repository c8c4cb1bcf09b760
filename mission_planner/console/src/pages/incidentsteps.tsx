/** An incident's way as a line of steps: which it took, who took it and when, which come. */
import type { Incident } from '../api/types';
import { steps } from '../logic/steps';
import { t } from '../messages';
import { called } from '../state/names';
import { Moment } from '../ui/time';

export function Steps({ incident }: { incident: Incident }) {
  const m = t().acts;
  return (
    <ol class="steps" aria-label={m.steps}>
      {steps(incident).map(({ state, look, at, by }) => (
        <li key={state} class={`step step-${look}`} aria-current={look === 'now' ? 'step' : undefined}>
          <i aria-hidden="true" />
          <b>{m.step[state]}</b>
          <span>{at ? <Moment iso={at} /> : <span class="unseen">{m.coming}</span>}</span>
          {by && (
            <span class="step-by" title={by}>
              {called(incident, by)}
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}
