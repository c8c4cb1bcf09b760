/** The rhythm of a patrol: every so many minutes or hours, at times of the day, or a rule of one's own. */
import { hoursOf, limitsOf, toRrule, problemOf, WEEKDAYS, type Recurrence } from '../logic/recurrence';
import { toggled } from '../logic/draft';
import { t } from '../messages';
import { Button, IconButton } from '../ui/button';
import { Choice, Field, FieldError, Switch } from '../ui/form';

interface Props {
  recurrence: Recurrence;
  startsAt: string;
  error: string | null;
  startsError: string | null;
  onChange: (recurrence: Recurrence) => void;
  onStartsAt: (startsAt: string) => void;
}

export function RecurrenceFields({ recurrence, startsAt, error, startsError, onChange, onStartsAt }: Props) {
  const m = t().patrolForm;
  return (
    <>
      <Choice<Recurrence['every']>
        label={m.rhythm}
        hideLabel
        value={recurrence.every}
        onChange={(every) => onChange(fresh(every, recurrence))}
        options={(['minutes', 'hours', 'days', 'rule'] as const).map((v) => ({ value: v, label: m.every[v] }))}
      />
      {(recurrence.every === 'minutes' || recurrence.every === 'hours') && (
        <Interval recurrence={recurrence} onChange={onChange} />
      )}
      {recurrence.every === 'days' && <Days recurrence={recurrence} onChange={onChange} />}
      {recurrence.every === 'rule' && (
        <Field label={m.rule}>
          {(attributes) => (
            <input
              {...attributes}
              value={recurrence.rrule}
              spellcheck={false}
              placeholder="FREQ=HOURLY;INTERVAL=2"
              onInput={(e) => onChange({ every: 'rule', rrule: e.currentTarget.value })}
            />
          )}
        </Field>
      )}
      <FieldError error={error} />
      <Field label={m.firstAt} error={startsError}>
        {(attributes) => (
          <input
            {...attributes}
            type="datetime-local"
            value={startsAt}
            onInput={(e) => onStartsAt(e.currentTarget.value.slice(0, 16))}
          />
        )}
      </Field>
    </>
  );
}

/** A sensible start for another kind of rhythm; a rule starts from what was chosen before. */
function fresh(every: Recurrence['every'], before: Recurrence): Recurrence {
  switch (every) {
    case 'minutes':
      return { every, interval: 30, window: 'window' in before ? before.window : null };
    case 'hours':
      return { every, interval: 2, window: 'window' in before ? before.window : null };
    case 'days':
      return { every, times: ['08:00', '20:00'], days: [] };
    case 'rule':
      return { every, rrule: problemOf(before) === null ? toRrule(before) : '' };
  }
}

type Spaced = Extract<Recurrence, { every: 'minutes' | 'hours' }>;
type Daily = Extract<Recurrence, { every: 'days' }>;

function Interval({ recurrence, onChange }: { recurrence: Spaced; onChange: (r: Recurrence) => void }) {
  const m = t().patrolForm;
  const [least, most] = limitsOf(recurrence.every);
  const { window } = recurrence;
  const hour = (label: string, value: number, set: (hour: number) => void) => (
    <Field label={label}>
      {(attributes) => (
        <select {...attributes} value={String(value)} onChange={(e) => set(Number(e.currentTarget.value))}>
          {Array.from({ length: 24 }, (_, h) => (
            <option key={h} value={String(h)}>
              {`${String(h).padStart(2, '0')}:00`}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
  return (
    <>
      <Field label={`${m.interval} (${m[recurrence.every]})`}>
        {(attributes) => (
          <input
            {...attributes}
            type="number"
            inputMode="numeric"
            min={least}
            max={most}
            value={Number.isNaN(recurrence.interval) ? '' : recurrence.interval}
            onInput={(e) => onChange({ ...recurrence, interval: e.currentTarget.valueAsNumber })}
          />
        )}
      </Field>
      <Switch
        label={m.onlyBetween}
        checked={window !== null}
        onChange={(on) => onChange({ ...recurrence, window: on ? { from: 22, to: 6 } : null })}
      />
      {window && (
        <div class="pair">
          {hour(m.from, window.from, (from) => onChange({ ...recurrence, window: { ...window, from } }))}
          {hour(m.to, window.to, (to) => onChange({ ...recurrence, window: { ...window, to } }))}
          <span class="unseen">{hoursOf(window).length}</span>
        </div>
      )}
    </>
  );
}

function Days({ recurrence, onChange }: { recurrence: Daily; onChange: (r: Recurrence) => void }) {
  const m = t();
  const { times, days } = recurrence;
  return (
    <>
      <div class="field">
        <span class="label">{m.patrolForm.times}</span>
        <div class="times">
          {times.map((time, i) => (
            <span key={i} class="time">
              <input
                class="input"
                type="time"
                aria-label={m.patrolForm.times}
                value={time}
                onInput={(e) => onChange({ ...recurrence, times: times.with(i, e.currentTarget.value.slice(0, 5)) })}
              />
              {times.length > 1 && (
                <IconButton
                  label={m.patrolForm.removeTime(time)}
                  icon="close"
                  onClick={() => onChange({ ...recurrence, times: times.filter((_, j) => j !== i) })}
                />
              )}
            </span>
          ))}
          <Button
            kind="quiet"
            icon="plus"
            label={m.patrolForm.addTime}
            onClick={() => onChange({ ...recurrence, times: [...times, `12:${times[0]?.slice(3) || '00'}`] })}
          />
        </div>
      </div>
      <div class="field">
        <span class="label">{m.patrolForm.days}</span>
        <div class="toggles" role="group" aria-label={m.patrolForm.days}>
          {WEEKDAYS.map((day) => (
            <Button
              key={day}
              label={m.patrols.day[day]}
              pressed={days.includes(day)}
              onClick={() => onChange({ ...recurrence, days: toggled(days, day) as typeof days })}
            />
          ))}
        </div>
      </div>
    </>
  );
}
