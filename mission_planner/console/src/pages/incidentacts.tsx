/** What one can do with an incident: the next sensible act first; what ends it asks for its proof. */
import { useSignal } from '@preact/signals';
import { incidents as calls } from '../api/calls';
import { ApiError } from '../api/client';
import type { Incident } from '../api/types';
import { say, t } from '../messages';
import { explain } from '../messages/explain';
import { ACTIONS } from '../state/actions';
import { useKey } from '../state/keys';
import { tellIncident } from '../state/live';
import { may } from '../state/session';
import { toast } from '../state/toasts';
import { Actions, Button, useAct } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { Field, TextArea } from '../ui/form';
import { Icon } from '../ui/icon';
import { placeText } from '../ui/placewords';

type Asking = 'close' | 'falseAlarm' | 'note';

export function IncidentActs({ incident }: { incident: Incident }) {
  const m = t().incidents;
  const asking = useSignal<Asking | null>(null);
  const what = say(incident.kind_name);
  const acknowledge = useAct(
    () => m.acknowledge,
    async () => {
      tellIncident(await calls.acknowledge(incident.incident_id));
      toast('done', m.acknowledged(what));
    },
  );
  const reopen = useAct(
    () => m.reopen,
    () => reopenIncident(incident),
  );
  const canTake = incident.state === 'open' && may(ACTIONS.acknowledge);
  const active = incident.state === 'open' || incident.state === 'acknowledged';
  const canClose = active && may(ACTIONS.close);
  const canFalse = active && may(ACTIONS.falseAlarm);
  const canReopen = !active && may(ACTIONS.reopen);
  useKey('a', canTake ? () => void acknowledge.run() : null);
  useKey('c', canClose ? () => (asking.value = 'close') : null);

  if (!canTake && !canClose && !canFalse && !canReopen && !may(ACTIONS.note)) {
    return <p class="hint">{t().common.notPermitted}</p>;
  }
  return (
    <>
      <Actions>
        {canTake && (
          <Button
            kind="primary"
            icon="acknowledge"
            label={m.acknowledge}
            shortcut="A"
            busy={acknowledge.busy}
            onClick={() => void acknowledge.run()}
          />
        )}
        {canClose && (
          <Button
            kind={canTake ? 'plain' : 'primary'}
            icon="check"
            label={m.close}
            shortcut="C"
            onClick={() => (asking.value = 'close')}
          />
        )}
        {canFalse && <Button label={m.falseAlarm} onClick={() => (asking.value = 'falseAlarm')} />}
        {may(ACTIONS.note) && <Button icon="edit" label={m.addNote} onClick={() => (asking.value = 'note')} />}
        {canReopen && <Button icon="reopen" label={m.reopen} busy={reopen.busy} onClick={() => void reopen.run()} />}
      </Actions>
      {asking.value && <Ask incident={incident} about={asking.value} onClose={() => (asking.value = null)} />}
    </>
  );
}

async function reopenIncident(incident: Incident): Promise<void> {
  tellIncident(await calls.reopen(incident.incident_id));
  toast('done', t().incidents.reopened(say(incident.kind_name)));
}

/** The dialog that asks for the words an act needs, and explains why it needs them. */
function Ask({ incident, about, onClose }: { incident: Incident; about: Asking; onClose: () => void }) {
  const m = t().incidents;
  const note = useSignal('');
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const proven = incident.evidence.length > 0;
  const look = {
    close: { title: m.closeTitle, field: m.closeNote, hint: m.closeHint, done: m.close },
    falseAlarm: { title: m.falseTitle, field: m.falseNote, hint: m.falseHint, done: m.falseAlarm },
    note: { title: m.addNote, field: m.note, hint: m.noteHint, done: t().common.save },
  }[about];
  const needsWords = about !== 'close' || !proven;

  const send = async () => {
    const words = note.value.trim();
    if (busy.value) return;
    if (needsWords && !words) {
      problem.value = m.noteMissing;
      return;
    }
    busy.value = true;
    problem.value = null;
    try {
      tellIncident(await calls[about](incident.incident_id, words));
      const what = say(incident.kind_name);
      if (about === 'note') toast('done', m.noteDone);
      else
        toast('done', about === 'close' ? m.closed(what) : m.falseDone(what), {
          label: m.reopen,
          run: () =>
            void reopenIncident(incident).catch((error: unknown) =>
              toast('problem', t().errors.notDone(t().incidents.reopen, explain(error))),
            ),
        });
      onClose();
    } catch (error) {
      problem.value = explain(error);
      if (error instanceof ApiError && error.status === 409) void calls.read(incident.incident_id).then(tellIncident);
    } finally {
      busy.value = false;
    }
  };

  return (
    <Dialog title={look.title} onClose={onClose}>
      <p class="lead-place">
        {say(incident.kind_name)} · {placeText(incident)}
      </p>
      {about !== 'note' && (
        <p class={`notice ${about === 'close' && proven ? 'notice-done' : ''}`}>
          <Icon name={about === 'close' && proven ? 'check' : 'info'} size={16} />
          <span>{about === 'falseAlarm' ? m.falseWhy : proven ? m.closeProofPhoto : m.closeProofNote}</span>
        </p>
      )}
      <form
        class="dialog-form"
        onSubmit={(e) => {
          e.preventDefault();
          void send();
        }}
        onKeyDown={(e) => {
          if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) void send();
        }}
      >
        <Field label={look.field} error={problem.value}>
          {(attributes) => (
            <TextArea
              {...attributes}
              value={note.value}
              placeholder={look.hint}
              onInput={(v) => {
                note.value = v;
                problem.value = null;
              }}
            />
          )}
        </Field>
        <div class="dialog-foot">
          <Button label={t().common.cancel} onClick={onClose} />
          <Button kind="primary" type="submit" label={look.done} busy={busy.value} />
        </div>
      </form>
    </Dialog>
  );
}
