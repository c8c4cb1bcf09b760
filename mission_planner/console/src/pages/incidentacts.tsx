/** What one can do with an incident: the next sensible act first; what cannot be done now says why. */
import type { Incident, IncidentAct } from '../api/types';
import { ACT_RULES, sensibleAct, whyNot } from '../logic/acts';
import { isActive } from '../logic/order';
import { t } from '../messages';
import { ACTIONS } from '../state/actions';
import { begin, question, refusal, rights, underway } from '../state/desk';
import { may } from '../state/session';
import { Actions, Button } from '../ui/button';
import type { IconName } from '../ui/icon';
import { TakeOrder, waitingForMe } from './incidentorders';

const ICON: Partial<Record<IncidentAct, IconName>> = {
  acknowledge: 'acknowledge',
  dispatch: 'person',
  merge: 'merge',
  close: 'check',
  verify: 'robots',
  arrive: 'pin',
  resolve: 'done',
  reopen: 'reopen',
};
const FIRST: readonly IncidentAct[] = ['acknowledge', 'dispatch', 'merge', 'false-alarm', 'close'];
const MORE: readonly IncidentAct[] = ['verify', 'arrive', 'resolve'];

export function IncidentActs({ incident }: { incident: Incident }) {
  const m = t();
  const mine = rights();
  const allowed = (act: IncidentAct) => mine.includes(ACT_RULES[act].right);
  if (![...FIRST, ...MORE, 'reopen' as const].some(allowed) && !may(ACTIONS.note)) {
    return <p class="hint">{m.common.notPermitted}</p>;
  }
  const active = isActive(incident.state);
  const sent = waitingForMe(incident); // before anything else they say that they go
  const next = active ? sensibleAct(incident, mine) : whyNot(incident, 'reopen', mine) ? null : 'reopen';
  const taken = incident.state !== 'open';
  const shown = active ? FIRST.filter((act) => act !== next && allowed(act) && !(taken && act === 'acknowledge')) : [];
  const more = active ? MORE.filter((act) => act !== next && !whyNot(incident, act, mine)) : [];
  return (
    <div class="acts">
      {sent && (
        <Actions>
          <TakeOrder incident={incident} />
        </Actions>
      )}
      {next && (
        <Actions>
          <Act incident={incident} act={next} kind={sent ? 'plain' : 'primary'} />
        </Actions>
      )}
      {shown.length > 0 && (
        <div class="acts-row">
          {shown.map((act) => (
            <Act key={act} incident={incident} act={act} kind="plain" />
          ))}
        </div>
      )}
      <div class="acts-row">
        {more.map((act) => (
          <Act key={act} incident={incident} act={act} kind="quiet" />
        ))}
        {may(ACTIONS.note) && (
          <Button
            kind="quiet"
            icon="edit"
            label={m.incidents.addNote}
            onClick={() => (question.value = { incidentId: incident.incident_id, about: 'note' })}
          />
        )}
      </div>
    </div>
  );
}

function Act({ incident, act, kind }: { incident: Incident; act: IncidentAct; kind: 'primary' | 'plain' | 'quiet' }) {
  const { key } = ACT_RULES[act];
  const icon = ICON[act];
  return (
    <Button
      kind={kind}
      {...(icon && kind !== 'plain' ? { icon } : {})}
      label={t().acts.name[act]}
      {...(key ? { shortcut: key.toUpperCase() } : {})}
      busy={underway.value.has(`${incident.incident_id}/${act}`)}
      why={underway.value.size > 0 ? null : refusal(incident, act)}
      onClick={() => begin(incident, act)}
    />
  );
}
