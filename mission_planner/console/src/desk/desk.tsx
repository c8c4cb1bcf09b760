/** The operator's keys, wherever an incident is meant, and the one question that may be open. */
import type { IncidentAct } from '../api/types';
import { ACT_RULES } from '../logic/acts';
import { isActive } from '../logic/order';
import { say, t } from '../messages';
import { begin, meant, question } from '../state/desk';
import { useKey, type PageKey } from '../state/keys';
import { queued, world } from '../state/live';
import { go, route } from '../state/route';
import { dismiss, toast } from '../state/toasts';
import { placeText } from '../ui/placewords';
import { DispatchPicker } from './dispatch';
import { MergePicker } from './merge';
import { AskWords } from './words';

const KEYED = (Object.keys(ACT_RULES) as IncidentAct[]).flatMap((act) => {
  const { key } = ACT_RULES[act];
  return key ? [{ act, key }] : [];
});

export function Desk() {
  return (
    <>
      {KEYED.map(({ act, key }) => (
        <ActKey key={act} act={act} on={key} />
      ))}
      <OpenQuestion />
    </>
  );
}

function ActKey({ act, on }: { act: IncidentAct; on: PageKey }) {
  const { page } = route.value;
  const elsewhere = page === 'robots' || page === 'video'; // their own keys
  useKey(
    on,
    elsewhere
      ? null
      : () => {
          const incident = meant();
          dismiss(hint);
          if (incident) begin(incident, act);
          else openMostUrgent(on);
        },
  );
  return null;
}

let hint = 0; // the toast that says what the key will do when pressed again

/** No incident is meant: nothing is done to one that nobody looks at; the most urgent is shown first. */
function openMostUrgent(key: PageKey): void {
  const first = queued.peek().find((incident) => isActive(incident.state));
  if (!first) {
    hint = toast('done', t().acts.nothingChosen);
    return;
  }
  go('incidents', first.incident_id);
  hint = toast('done', t().acts.chosen(`${say(first.kind_name)} · ${placeText(first)}`, key.toUpperCase()));
}

function OpenQuestion() {
  const asked = question.value;
  const incident = asked && world.value.incidents.get(asked.incidentId);
  if (!asked || !incident) return null;
  const close = () => void (question.value = null);
  const key = asked.incidentId + asked.about;
  switch (asked.about) {
    case 'dispatch':
      return <DispatchPicker key={key} incident={incident} onClose={close} />;
    case 'merge':
      return <MergePicker key={key} incident={incident} onClose={close} />;
    default:
      return <AskWords key={key} incident={incident} about={asked.about} onClose={close} />;
  }
}
