/** The next ten runs of a rule, as the center's calendar counts them. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { patrols as calls } from '../api/calls';
import type { PreviewRun } from '../api/types';
import { problemOf, toRrule, type Recurrence } from '../logic/recurrence';
import { say, t } from '../messages';
import { explain } from '../messages/explain';
import { whenText } from '../ui/time';

const TYPING_PAUSE_MS = 250;

interface Props {
  recurrence: Recurrence;
  startsAt: string;
  timezone: string;
}

export function Preview({ recurrence, startsAt, timezone }: Props) {
  const m = t().patrolForm;
  const runs = useSignal<PreviewRun[] | null>(null);
  const problem = useSignal<string | null>(null);
  const sound = problemOf(recurrence) === null && startsAt.length === 16;
  const key = sound ? `${toRrule(recurrence)}|${startsAt}|${timezone}` : '';

  useEffect(() => {
    if (!key) return;
    const stop = new AbortController();
    const timer = setTimeout(() => {
      calls.preview(toRrule(recurrence), `${startsAt}:00`, timezone, stop.signal).then(
        ({ next }) => {
          runs.value = next;
          problem.value = null;
        },
        (error: unknown) => {
          if (!stop.signal.aborted) problem.value = explain(error);
        },
      );
    }, TYPING_PAUSE_MS);
    return () => {
      clearTimeout(timer);
      stop.abort();
    };
  }, [key]);

  if (!sound || (!runs.value && !problem.value)) return null;
  return (
    <div class="preview" aria-live="polite">
      <h4>
        {m.preview} <span class="faint">{m.zone(timezone)}</span>
      </h4>
      {problem.value ? (
        <p class="field-error">{problem.value}</p>
      ) : runs.value?.length === 0 ? (
        <p class="warn">{m.previewEmpty}</p>
      ) : (
        <ol>
          {runs.value?.map((run) => (
            <li key={run.at} class="num">
              {whenText(run.at)}
              {say(run.note) && <span class="warn"> · {say(run.note)}</span>}
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}
