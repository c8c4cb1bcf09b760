/** Into which incident this one goes: what may be the same thing, and why. */
import { incidents as calls } from '../api/calls';
import type { Incident, MergeCandidate } from '../api/types';
import { say, t } from '../messages';
import { perform, reopen } from '../state/desk';
import { world } from '../state/live';
import { hrefOf } from '../state/route';
import { useResource } from '../state/useresource';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { Icon } from '../ui/icon';
import { Mark } from '../ui/mark';
import { Section } from '../ui/panel';
import { Picks } from '../ui/picks';
import { placeText } from '../ui/placewords';
import { Blank, When } from '../ui/states';
import { Age, Moment } from '../ui/time';

export function MergePicker({ incident, onClose }: { incident: Incident; onClose: () => void }) {
  const m = t().acts;
  const { incident_id } = incident;
  const found = useResource(`merge/${incident_id}`, () => calls.mergeCandidates(incident_id));
  const into = (other: MergeCandidate) => {
    onClose();
    void perform(incident, 'merge', () => calls.merge(incident_id, other.incident_id, ''), { into: other.incident_id });
  };
  return (
    <Dialog title={m.mergeTitle} onClose={onClose}>
      <p class="lead-place">
        {say(incident.kind_name)} · {placeText(incident)}
      </p>
      <p class="hint">{m.mergeWhy}</p>
      <When of={found} what={m.mergeCandidates}>
        {(list) =>
          list.length === 0 ? (
            <Blank icon="merge" title={m.mergeNone} why={m.mergeNoneWhy} />
          ) : (
            <Picks>
              {list.map((other) => (
                <li key={other.incident_id}>
                  <button type="button" class="pick" data-pick={other.incident_id} onClick={() => into(other)}>
                    <Mark priority={other.priority} state={other.state} size={20} />
                    <span class="row-main">
                      <b>
                        {say(other.kind_name)} · {say(other.place)}
                      </b>
                      <span>{say(other.why)}</span>
                    </span>
                    <span class="row-end">
                      <Age iso={other.opened_at} />
                      <span>{m.sources(other.sources_total)}</span>
                    </span>
                  </button>
                </li>
              ))}
            </Picks>
          )
        }
      </When>
      <div class="dialog-foot">
        <Button label={t().common.cancel} onClick={onClose} />
      </div>
    </Dialog>
  );
}

/** What was merged into this incident, each with the way out; and where this one went. */
export function Merged({ incident }: { incident: Incident }) {
  const m = t().acts;
  if (incident.merged.length === 0) return null;
  return (
    <Section title={m.mergedParts(incident.merged.length)}>
      <ul class="rows">
        {incident.merged.map((part) => (
          <li key={part.incident_id} class="row-with-button">
            <a class="row row-slim" href={hrefOf('incidents', part.incident_id)}>
              <Icon name="merge" size={18} />
              <span class="row-main">
                <b>{say(part.kind_name)}</b>
                <span>
                  {say(part.place)} · <Moment iso={part.opened_at} />
                </span>
              </span>
            </a>
            <Button kind="quiet" icon="undo" label={m.unmerge} onClick={() => void takeOut(part.incident_id)} />
          </li>
        ))}
      </ul>
    </Section>
  );
}

async function takeOut(incidentId: string): Promise<void> {
  const known = world.peek().incidents.get(incidentId) ?? (await calls.read(incidentId));
  await reopen(known);
}

/** On the page of a merged incident: where it went. */
export function WentInto({ incident }: { incident: Incident }) {
  const m = t().acts;
  if (!incident.merged_into) return null;
  return (
    <a class="notice notice-done" href={hrefOf('incidents', incident.merged_into)}>
      <Icon name="merge" size={16} />
      <span>
        {m.mergedInto} · {m.open}
      </span>
    </a>
  );
}
