/** The dialog that asks for the words an act needs, and explains why it needs them. */
import { useSignal } from '@preact/signals';
import { incidents as calls } from '../api/calls';
import { ApiError } from '../api/client';
import type { Incident } from '../api/types';
import { say, t } from '../messages';
import { explain } from '../messages/explain';
import { announce, type Question } from '../state/desk';
import { tellIncident } from '../state/live';
import { toast } from '../state/toasts';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { Field, TextArea } from '../ui/form';
import { Icon } from '../ui/icon';
import { placeText } from '../ui/placewords';
import { AddPhoto } from './addphoto';
import { proven } from './proof';

type About = Exclude<Question, 'dispatch' | 'merge'>;

const SEND: Record<About, (id: string, words: string) => Promise<Incident>> = {
  resolve: calls.resolve,
  close: calls.close,
  'false-alarm': calls.falseAlarm,
  note: calls.note,
};

function look(about: About) {
  const m = t();
  const i = m.incidents;
  return {
    resolve: {
      title: m.acts.resolveTitle,
      field: m.acts.resolveField,
      hint: m.acts.resolveHint,
      done: m.acts.name.resolve,
    },
    close: { title: i.closeTitle, field: i.closeNote, hint: i.closeHint, done: i.close },
    'false-alarm': { title: i.falseTitle, field: i.falseNote, hint: i.falseHint, done: i.falseAlarm },
    note: { title: i.addNote, field: i.note, hint: i.noteHint, done: m.common.save },
  }[about];
}

/** Whether the center will refuse it without words. */
const needsWords = (incident: Incident, about: About): boolean =>
  about === 'note' || about === 'false-alarm' || (about === 'close' && !proven(incident));

export function AskWords({ incident, about, onClose }: { incident: Incident; about: About; onClose: () => void }) {
  const m = t().incidents;
  const note = useSignal('');
  const busy = useSignal(false);
  const problem = useSignal<string | null>(null);
  const words = look(about);

  const send = async () => {
    const said = note.value.trim();
    if (busy.value) return;
    if (!said && needsWords(incident, about)) {
      problem.value = m.noteMissing;
      return;
    }
    busy.value = true;
    problem.value = null;
    try {
      tellIncident(await SEND[about](incident.incident_id, said));
      if (about === 'note') toast('done', m.noteDone);
      else announce(incident, about);
      onClose();
    } catch (error) {
      problem.value = explain(error); // what was written stays
      if (error instanceof ApiError && error.status === 409) void calls.read(incident.incident_id).then(tellIncident);
    } finally {
      busy.value = false;
    }
  };

  return (
    <Dialog title={words.title} onClose={onClose}>
      <p class="lead-place">
        {say(incident.kind_name)} · {placeText(incident)}
      </p>
      <Why incident={incident} about={about} />
      {(about === 'close' || about === 'resolve') && <AddPhoto incident={incident} />}
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
        <Field label={words.field} error={problem.value}>
          {(attributes) => (
            <TextArea
              {...attributes}
              value={note.value}
              placeholder={words.hint}
              onInput={(v) => {
                note.value = v;
                problem.value = null;
              }}
            />
          )}
        </Field>
        <div class="dialog-foot">
          <Button label={t().common.cancel} onClick={onClose} />
          <Button kind="primary" type="submit" label={words.done} busy={busy.value} />
        </div>
      </form>
    </Dialog>
  );
}

function Why({ incident, about }: { incident: Incident; about: About }) {
  const m = t().incidents;
  if (about !== 'close' && about !== 'false-alarm') return null;
  const by = about === 'close' ? proven(incident) : null;
  const text =
    about === 'false-alarm'
      ? m.falseWhy
      : by === 'photo'
        ? m.closeProofPhoto
        : by === 'recovered'
          ? m.closeProofRecovered
          : m.closeProofNote;
  return (
    <p class={`notice ${by ? 'notice-done' : ''}`}>
      <Icon name={by ? 'check' : 'info'} size={16} />
      <span>{text}</span>
    </p>
  );
}
