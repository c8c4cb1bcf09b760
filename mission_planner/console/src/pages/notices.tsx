/** What this account was told, newest first: by role, as one on duty, or as the one who was sent. */
import { useEffect } from 'preact/hooks';
import type { IncidentState, Notice } from '../api/types';
import { say, t } from '../messages';
import { world } from '../state/live';
import { readAll, told } from '../state/notices';
import { go, hrefOf } from '../state/route';
import { Button, useAct } from '../ui/button';
import { Mark } from '../ui/mark';
import { Panel } from '../ui/panel';
import { placeText } from '../ui/placewords';
import { Blank, When } from '../ui/states';
import { Age } from '../ui/time';

export const TOLD = '~told'; // no incident is called so: their ids are UUIDs

const STATE: Partial<Record<Notice['action'], IncidentState>> = {
  resolve: 'closed',
  acknowledge: 'acknowledged',
  handed_on: 'acknowledged',
};

export function Notices() {
  const m = t().people;
  useEffect(() => void told.reload(), []);
  const read = useAct(() => m.readAll, readAll);
  const fetched = told.value;
  const some = fetched.state === 'ready' && fetched.data.some((n) => !n.read);
  return (
    <Panel
      title={m.notices}
      label={m.notices}
      back={() => go('incidents')}
      focusKey={TOLD}
      aside={some && <Button icon="check" label={m.readAll} busy={read.busy} onClick={() => void read.run()} />}
    >
      <When of={told} what={m.noticesWhat}>
        {(list) =>
          list.length === 0 ? (
            <Blank icon="bell" title={m.noticesNone} why={m.noticesNoneWhy} />
          ) : (
            <ul class="rows">
              {list.map((notice) => (
                <Row key={notice.seq} notice={notice} />
              ))}
            </ul>
          )
        }
      </When>
    </Panel>
  );
}

function Row({ notice }: { notice: Notice }) {
  const m = t().people;
  const state = STATE[notice.action] ?? 'open';
  const known = world.value.incidents.get(notice.incident_id); // a robot's sighting has no address, but a place
  const where = say(notice.place) || (known ? placeText(known) : t().incidents.noPlace);
  return (
    <li>
      <a class={`row ${notice.read ? '' : 'row-unread'}`} href={hrefOf('incidents', notice.incident_id)}>
        <Mark priority={notice.priority} state={state} size={20} />
        <span class="row-main">
          <b>
            {say(notice.kind_name)} · {where}
          </b>
          <span>{say(notice.text)}</span>
        </span>
        <span class="row-end">
          <Age iso={notice.at} />
          {!notice.read && <span class="chip chip-accent">{m.unread}</span>}
        </span>
      </a>
    </li>
  );
}
