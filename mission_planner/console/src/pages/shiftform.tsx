/** One shift: when it begins and ends, by the site's wall clock; an end before the beginning is on the next day. */
import { useSignal } from '@preact/signals';
import { duty as calls } from '../api/calls';
import type { Shift } from '../api/types';
import { dayKey, day, timeOfDay } from '../logic/dates';
import { addDays, momentOf } from '../logic/roster';
import { t } from '../messages';
import { explain } from '../messages/explain';
import { language } from '../state/prefs';
import { toast } from '../state/toasts';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { Choice, Field, FieldError } from '../ui/form';
import { zone } from '../ui/time';

export interface ShiftAsk {
  username: string;
  display_name: string;
  role: string;
  date: string;
  shift: Shift | null; // null: a new one
}

/** A new id; `crypto.randomUUID` is not there on plain HTTP. */
export function freshShiftId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const PRESETS = ['08:00-20:00', '20:00-08:00', '08:00-16:00', '16:00-00:00', '00:00-08:00'] as const;

export function ShiftForm({ ask, onClose, onDone }: { ask: ShiftAsk; onClose: () => void; onDone: () => void }) {
  const m = t();
  const clock = (iso: string) => timeOfDay(new Date(iso), zone(), 'en');
  const begins = useSignal(ask.shift ? clock(ask.shift.starts_at) : '08:00');
  const ends = useSignal(ask.shift ? clock(ask.shift.ends_at) : '20:00');
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const date = ask.shift ? dayKey(new Date(ask.shift.starts_at), zone()) : ask.date;
  const overnight = ends.value <= begins.value;

  const run = async (act: () => Promise<unknown>, done: string) => {
    if (busy.value) return;
    busy.value = true;
    problem.value = null;
    try {
      await act();
      toast('done', done);
      onDone();
    } catch (error) {
      problem.value = explain(error);
    } finally {
      busy.value = false;
    }
  };
  const save = () => {
    if (!begins.value || !ends.value || begins.value === ends.value) return void (problem.value = m.people.wrongTimes);
    const draft = {
      username: ask.username,
      role: ask.role,
      starts_at: momentOf(date, begins.value, zone()).toISOString(),
      ends_at: momentOf(overnight ? addDays(date, 1) : date, ends.value, zone()).toISOString(),
    };
    void run(() => calls.put(ask.shift?.shift_id ?? freshShiftId(), draft), m.people.saved);
  };
  const { shift } = ask;
  return (
    <Dialog title={shift ? m.people.edit : m.people.add} onClose={onClose}>
      <p class="lead-place">
        {ask.display_name} · {day(momentOf(date, '12:00', zone()), zone(), language.value)}
      </p>
      <form
        class="dialog-form"
        onSubmit={(e) => {
          e.preventDefault();
          save();
        }}
      >
        <Choice
          label={m.people.add}
          hideLabel
          value={`${begins.value}-${ends.value}`}
          onChange={(v) => {
            const [from = '', to = ''] = v.split('-');
            begins.value = from;
            ends.value = to;
          }}
          options={PRESETS.map((v) => ({ value: v as string, label: <span class="num">{v.replace('-', '–')}</span> }))}
        />
        <div class="pair">
          <Field label={m.people.begins}>
            {(attributes) => (
              <input
                {...attributes}
                type="time"
                value={begins.value}
                onInput={(e) => (begins.value = e.currentTarget.value)}
              />
            )}
          </Field>
          <Field label={overnight ? `${m.people.ends} (${m.people.nextDay})` : m.people.ends}>
            {(attributes) => (
              <input
                {...attributes}
                type="time"
                value={ends.value}
                onInput={(e) => (ends.value = e.currentTarget.value)}
              />
            )}
          </Field>
        </div>
        <FieldError error={problem.value} />
        <div class="dialog-foot">
          {shift && (
            <Button
              kind="danger"
              icon="trash"
              label={m.people.remove}
              onClick={() => void run(() => calls.remove(shift.shift_id), m.people.removed)}
            />
          )}
          <Button label={m.common.cancel} onClick={onClose} />
          <Button kind="primary" type="submit" label={m.common.save} busy={busy.value} />
        </div>
      </form>
    </Dialog>
  );
}
