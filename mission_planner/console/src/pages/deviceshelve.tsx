/** Setting a sensor's alarms aside for a while, with a reason; never those about life. */
import { useSignal } from '@preact/signals';
import { devices as calls } from '../api/calls';
import type { Device } from '../api/types';
import { say, t } from '../messages';
import { explain } from '../messages/explain';
import { ACTIONS } from '../state/actions';
import { heldBack } from '../state/heldback';
import { may } from '../state/session';
import { toast } from '../state/toasts';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { Choice, Field, TextArea } from '../ui/form';
import { Section } from '../ui/panel';
import { ShelvedItem } from './shelved';

const SPANS_MIN = ['60', '480', '1440', '10080'] as const;

export function ShelvePart({ device }: { device: Device }) {
  const m = t().devices;
  const asking = useSignal(false);
  const raises = device.raises ?? [];
  const able = raises.filter((r) => !r.life);
  const fetched = heldBack.shelved.value;
  const mine = fetched.state === 'ready' ? fetched.data.filter((s) => s.source.id === device.device_id) : [];
  if (!may(ACTIONS.shelve) || (raises.length === 0 && mine.length === 0)) return null;
  const left = able.filter((r) => !mine.some((s) => s.kind === r.kind));
  return (
    <Section title={m.shelve}>
      {mine.length > 0 && (
        <ul class="set-aside-list">
          {mine.map((item) => (
            <ShelvedItem key={item.kind} item={item} />
          ))}
        </ul>
      )}
      {left.length > 0 ? (
        <>
          <p class="hint">{m.shelveWhy}</p>
          <div class="actions">
            <Button icon="shelve" label={m.shelve} onClick={() => (asking.value = true)} />
          </div>
        </>
      ) : (
        able.length === 0 && <p class="hint">{m.shelveNever}</p>
      )}
      {asking.value && <Ask device={device} kinds={left} onClose={() => (asking.value = false)} />}
    </Section>
  );
}

function Ask(props: { device: Device; kinds: NonNullable<Device['raises']>; onClose: () => void }) {
  const { device, kinds, onClose } = props;
  const m = t().devices;
  const kind = useSignal(kinds[0]?.kind ?? '');
  const span = useSignal<(typeof SPANS_MIN)[number]>('60');
  const note = useSignal('');
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const send = async () => {
    if (busy.value) return;
    if (!note.value.trim()) {
      problem.value = t().incidents.noteMissing;
      return;
    }
    busy.value = true;
    try {
      await calls.shelve(device.device_id, kind.value, Number(span.value), note.value.trim());
      toast('done', m.shelvedNow(say(device.name)));
      void heldBack.shelved.reload();
      onClose();
    } catch (error) {
      problem.value = explain(error);
    } finally {
      busy.value = false;
    }
  };
  return (
    <Dialog title={m.shelve} onClose={onClose}>
      <p class="lead-place">
        {say(device.place)} · {say(device.name)}
      </p>
      <form
        class="dialog-form"
        onSubmit={(e) => {
          e.preventDefault();
          void send();
        }}
      >
        <Choice
          label={m.shelveKind}
          value={kind.value}
          onChange={(v) => (kind.value = v)}
          options={kinds.map((k) => ({ value: k.kind, label: say(k.kind_name) }))}
        />
        <Choice
          label={m.shelveFor}
          value={span.value}
          onChange={(v) => (span.value = v)}
          options={SPANS_MIN.map((v) => ({ value: v, label: m.shelveSpans[v] }))}
        />
        <Field label={m.shelveNote} error={problem.value}>
          {(attributes) => (
            <TextArea
              {...attributes}
              value={note.value}
              placeholder={m.shelveHint}
              onInput={(v) => {
                note.value = v;
                problem.value = null;
              }}
            />
          )}
        </Field>
        <div class="dialog-foot">
          <Button label={t().common.cancel} onClick={onClose} />
          <Button kind="primary" type="submit" label={m.shelve} busy={busy.value} />
        </div>
      </form>
    </Dialog>
  );
}
