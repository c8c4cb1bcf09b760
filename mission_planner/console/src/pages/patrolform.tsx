/** The form that plans or changes a patrol. */
import { useComputed, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { patrols as calls } from '../api/calls';
import { ApiError } from '../api/client';
import type { Missed, Overlap, Patrol } from '../api/types';
import { localIso } from '../logic/dates';
import { blank, draftOf, fieldOf, planOf, problemsOf, toggled, type Draft, type DraftField } from '../logic/draft';
import { limitsOf } from '../logic/recurrence';
import { fitSite, picking } from '../map/focus';
import { say, t } from '../messages';
import { explain } from '../messages/explain';
import { ACTIONS } from '../state/actions';
import { world } from '../state/live';
import { siteNow } from '../state/now';
import { patrols } from '../state/patrols';
import { go } from '../state/route';
import { may } from '../state/session';
import { toast } from '../state/toasts';
import { Button } from '../ui/button';
import { Confirm } from '../ui/dialog';
import { Choice, Field, FieldError } from '../ui/form';
import { Panel, Section } from '../ui/panel';
import { Blank } from '../ui/states';
import { zone } from '../ui/time';
import { Preview } from './patrolpreview';
import { RecurrenceFields } from './recurrencefields';
import { ViewpointFields } from './viewpointfields';

export function PatrolForm({ patrol }: { patrol: Patrol | null }) {
  const m = t();
  const form = useRef<HTMLFormElement>(null);
  const draft = useSignal<Draft>(patrol ? draftOf(patrol) : blank(localIso(new Date(siteNow()), zone()).slice(0, 16)));
  const touched = useSignal(false);
  const tried = useSignal(false);
  const busy = useSignal(false);
  const leaving = useSignal(false);
  const refused = useSignal<{ field: DraftField | null; text: string } | null>(null);
  const problems = useComputed(() => problemsOf(draft.value));
  const timezone = patrol?.timezone ?? zone();
  const back = () => go('patrols', patrol?.patrol_id ?? null);

  const change = (part: Partial<Draft>) => {
    touched.value = true;
    refused.value = null;
    draft.value = { ...draft.value, ...part };
  };

  useEffect(() => {
    fitSite();
    return () => void (picking.value = null);
  }, []);
  useEffect(() => {
    picking.value = {
      chosen: draft.value.viewpoints,
      toggle: (id) => change({ viewpoints: toggled(draft.value.viewpoints, id) }),
    };
  }, [draft.value.viewpoints]);

  if (!may(ACTIONS.patrolEdit)) {
    return (
      <Panel title={m.patrolForm.createTitle} label={m.patrolForm.createTitle} back={back}>
        <Blank icon="hide" title={m.errors.forbidden} />
      </Panel>
    );
  }

  /** The word about a field: the center's refusal first, then our own once someone tried to save. */
  const wrong = (field: DraftField): string | null => {
    if (refused.value?.field === field) return refused.value.text;
    const problem = tried.value ? problems.value[field] : undefined;
    if (!problem) return null;
    const { every } = draft.value.recurrence;
    if (problem === 'interval' && (every === 'minutes' || every === 'hours')) {
      return m.patrolForm.problems.interval(...limitsOf(every));
    }
    return problem === 'interval' ? null : m.patrolForm.problems[problem];
  };

  const save = async () => {
    tried.value = true;
    if (busy.value) return;
    if (Object.keys(problems.value).length > 0) {
      requestAnimationFrame(() =>
        form.current?.querySelector('.field-error:not([hidden])')?.scrollIntoView({ block: 'center' }),
      );
      return;
    }
    busy.value = true;
    try {
      const plan = planOf(draft.value, timezone);
      const saved = patrol ? await calls.update(patrol.patrol_id, plan) : await calls.create(plan);
      await patrols.reload();
      toast('done', m.patrolForm.saved(plan.name));
      go('patrols', saved.patrol_id);
    } catch (error) {
      const field = error instanceof ApiError ? fieldOf(error.where) : null;
      const text = field && error instanceof ApiError && error.message ? say(error.sentence) : explain(error);
      refused.value = { field, text };
      requestAnimationFrame(() =>
        form.current?.querySelector('.field-error:not([hidden])')?.scrollIntoView({ block: 'center' }),
      );
    } finally {
      busy.value = false;
    }
  };

  const { value } = draft;
  const title = patrol ? m.patrolForm.editTitle : m.patrolForm.createTitle;
  return (
    <Panel title={title} label={title} focusKey={title} back={() => (touched.value ? (leaving.value = true) : back())}>
      <form
        ref={form}
        class="form"
        noValidate
        onSubmit={(e) => {
          e.preventDefault();
          void save();
        }}
      >
        <Field label={m.patrolForm.name} error={wrong('name')}>
          {(attributes) => (
            <input
              {...attributes}
              value={value.name}
              maxLength={80}
              placeholder={m.patrolForm.nameHint}
              onInput={(e) => change({ name: e.currentTarget.value })}
            />
          )}
        </Field>
        <ViewpointFields
          chosen={value.viewpoints}
          error={wrong('viewpoints')}
          onChange={(viewpoints) => change({ viewpoints })}
        />
        <Section title={m.patrolForm.rhythm}>
          <RecurrenceFields
            recurrence={value.recurrence}
            startsAt={value.startsAt}
            error={wrong('recurrence')}
            startsError={wrong('starts')}
            onChange={(recurrence) => change({ recurrence })}
            onStartsAt={(startsAt) => change({ startsAt })}
          />
          <Preview recurrence={value.recurrence} startsAt={value.startsAt} timezone={timezone} />
        </Section>
        <RobotFields draft={value} error={wrong('robots')} onChange={change} />
        <Choice<Missed>
          label={m.patrolForm.missed}
          value={value.missed}
          onChange={(missed) => change({ missed })}
          options={(['skip', 'once', 'all'] as const).map((v) => ({ value: v, label: m.patrolForm.missedChoice[v] }))}
        />
        <Choice<Overlap>
          label={m.patrolForm.overlap}
          value={value.overlap}
          onChange={(overlap) => change({ overlap })}
          options={(['skip', 'queue'] as const).map((v) => ({ value: v, label: m.patrolForm.overlapChoice[v] }))}
        />
        <FieldError error={refused.value && !refused.value.field ? refused.value.text : null} />
        <div class="form-foot">
          <Button label={m.common.cancel} onClick={() => (touched.value ? (leaving.value = true) : back())} />
          <Button kind="primary" type="submit" icon="check" label={m.patrolForm.save} busy={busy.value} />
        </div>
      </form>
      {leaving.value && (
        <Confirm
          title={m.patrolForm.leaveAsk}
          why={m.patrolForm.leaveAskWhy}
          confirm={m.patrolForm.leave}
          keep={m.patrolForm.stay}
          onConfirm={back}
          onClose={() => (leaving.value = false)}
        />
      )}
    </Panel>
  );
}

interface RobotFieldsProps {
  draft: Draft;
  error: string | null;
  onChange: (part: Partial<Draft>) => void;
}

function RobotFields({ draft, error, onChange }: RobotFieldsProps) {
  const m = t().patrolForm;
  const robots = [...world.value.robots.values()];
  const most = Math.max(1, draft.anyRobot ? robots.length : draft.robots.length);
  return (
    <Section title={m.robots}>
      <Choice<'any' | 'some'>
        label={m.robots}
        hideLabel
        value={draft.anyRobot ? 'any' : 'some'}
        onChange={(v) => onChange({ anyRobot: v === 'any' })}
        options={[
          { value: 'any', label: m.robotsAny },
          { value: 'some', label: m.robotsSome },
        ]}
      />
      {!draft.anyRobot && (
        <div class="toggles" role="group" aria-label={m.robotsSome}>
          {robots.map((r) => (
            <Button
              key={r.robot_id}
              label={say(r.name)}
              pressed={draft.robots.includes(r.robot_id)}
              {...(draft.robots.includes(r.robot_id) ? { icon: 'check' as const } : {})}
              onClick={() => onChange({ robots: toggled(draft.robots, r.robot_id) })}
            />
          ))}
        </div>
      )}
      <FieldError error={error} />
      {most > 1 && (
        <Choice<string>
          label={m.robotsWanted}
          value={String(Math.min(draft.robotsWanted, most))}
          onChange={(v) => onChange({ robotsWanted: Number(v) })}
          options={Array.from({ length: Math.min(most, 6) }, (_, i) => ({
            value: String(i + 1),
            label: String(i + 1),
          }))}
        />
      )}
    </Section>
  );
}
