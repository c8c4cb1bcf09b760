/** Who goes: the people who can, best first, with why and how busy. */
import { useSignal } from '@preact/signals';
import { incidents as calls } from '../api/calls';
import type { Dispatchable, Incident } from '../api/types';
import { say, t } from '../messages';
import { perform } from '../state/desk';
import { useResource } from '../state/useresource';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { Field, TextArea } from '../ui/form';
import { Icon } from '../ui/icon';
import { Picks } from '../ui/picks';
import { placeText } from '../ui/placewords';
import { roleName } from '../ui/rolewords';
import { Blank, When } from '../ui/states';

interface Props {
  incident: Incident;
  onClose: () => void;
}

export function DispatchPicker({ incident, onClose }: Props) {
  const m = t().acts;
  const people = useResource(`people/${incident.incident_id}`, () => calls.people(incident.incident_id));
  const note = useSignal('');
  const send = (to: Dispatchable | null) => {
    onClose();
    void perform(
      incident,
      'dispatch',
      () => calls.dispatch(incident.incident_id, to?.username ?? null, note.value.trim()),
      { to: to && { username: to.username, display_name: to.display_name } },
    );
  };
  return (
    <Dialog title={m.dispatchTitle} onClose={onClose}>
      <p class="lead-place">
        {say(incident.kind_name)} · {placeText(incident)}
      </p>
      <When of={people} what={m.people}>
        {(list) =>
          list.length === 0 ? (
            <Blank icon="person" title={m.nobodyToSend} why={m.nobodyToSendWhy} />
          ) : (
            <>
              <Picks>
                {list.some((p) => p.on_duty) && (
                  <li>
                    <button type="button" class="pick" data-pick="auto" onClick={() => send(null)}>
                      <Icon name="auto" size={20} />
                      <span class="row-main">
                        <b>{m.dispatchAuto}</b>
                        <span>{m.dispatchAutoWhy}</span>
                      </span>
                    </button>
                  </li>
                )}
                {list.map((person) => (
                  <Pick key={person.username} person={person} here={incident.assignee?.username} onPick={send} />
                ))}
              </Picks>
              <Field label={m.dispatchNote}>
                {(attributes) => (
                  <TextArea
                    {...attributes}
                    rows={2}
                    value={note.value}
                    placeholder={m.dispatchNoteHint}
                    onInput={(v) => (note.value = v)}
                  />
                )}
              </Field>
            </>
          )
        }
      </When>
      <div class="dialog-foot">
        <Button label={t().common.cancel} onClick={onClose} />
      </div>
    </Dialog>
  );
}

function Pick(props: { person: Dispatchable; here: string | undefined; onPick: (person: Dispatchable) => void }) {
  const { person, here, onPick } = props;
  const m = t().acts;
  return (
    <li>
      <button
        type="button"
        class="pick"
        data-pick={person.username}
        disabled={here === person.username}
        aria-label={`${m.sendTo(person.display_name)}: ${say(person.why)}`}
        onClick={() => onPick(person)}
      >
        <Icon name="person" size={20} />
        <span class="row-main">
          <b>
            {person.display_name} <span class="faint">{roleName(person.role)}</span>
          </b>
          <span>{say(person.why)}</span>
        </span>
        <span class="row-end">
          <span class={`chip ${person.on_duty ? 'chip-accent' : 'chip-faint'}`}>
            {person.on_duty ? m.onDuty : m.offDuty}
          </span>
          <span>{m.busy(person.busy_with)}</span>
        </span>
      </button>
    </li>
  );
}
