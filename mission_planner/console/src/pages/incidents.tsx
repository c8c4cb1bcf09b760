/** The incident list: what to act on first, what has ended after it; filters and search. */
import { useComputed, useSignal } from '@preact/signals';
import { incidents as calls } from '../api/calls';
import type { Incident } from '../api/types';
import { matches } from '../logic/search';
import { byEnd, byUrgency, isActive } from '../logic/order';
import { say, t } from '../messages';
import { explain } from '../messages/explain';
import { backlog, loadBacklog } from '../state/backlog';
import { snapshotSeen, tellIncident, world } from '../state/live';
import { hrefOf } from '../state/route';
import { toast } from '../state/toasts';
import { useHeld } from '../state/useheld';
import { Button } from '../ui/button';
import { Clock } from '../ui/clock';
import { Choice, Search } from '../ui/form';
import { Mark } from '../ui/mark';
import { Panel } from '../ui/panel';
import { Blank, Loading } from '../ui/states';
import { Age } from '../ui/time';
import { IncidentPanel } from './incident';
import { Notices, TOLD } from './notices';
import { placeText } from '../ui/placewords';
import { whoText } from '../ui/whowords';

type Tab = 'active' | 'ended' | 'all';

export function Incidents({ id }: { id: string | null }) {
  if (id === TOLD) return <Notices />;
  return id ? <IncidentPanel key={id} id={id} /> : <IncidentList />;
}

const words = (i: Incident): string[] => [
  i.kind_name.zh,
  i.kind_name.en,
  ...(typeof i.place === 'object' && i.place ? [i.place.zh, i.place.en] : [say(i.place)]),
  i.owner ?? '',
  i.assignee?.display_name ?? '',
  say(i.source?.name),
  i.source?.id ?? '',
  say(i.because),
];

function IncidentList() {
  const m = t();
  const tab = useSignal<Tab>('active');
  const kind = useSignal('');
  const text = useSignal('');
  const older = useSignal<{ next: string | null | undefined; busy: boolean }>({ next: undefined, busy: false });
  const all = useComputed(() => [...world.value.incidents.values()]);
  const kinds = new Map(all.value.map((i) => [i.kind, say(i.kind_name)]));
  const counts: Record<Tab, number> = {
    active: all.value.filter((i) => isActive(i.state)).length,
    ended: all.value.filter((i) => !isActive(i.state)).length,
    all: all.value.length,
  };
  const chosen = all.value
    .filter((i) => tab.value === 'all' || isActive(i.state) === (tab.value === 'active'))
    .filter((i) => !kind.value || i.kind === kind.value)
    .filter((i) => matches(text.value, words(i)));
  const ordered = [
    ...chosen.filter((i) => isActive(i.state)).sort(byUrgency),
    ...chosen.filter((i) => !isActive(i.state)).sort(byEnd),
  ];
  const held = useHeld(
    ordered.map((i) => i.incident_id),
    `${tab.value} ${kind.value} ${text.value}`,
  );
  const shown = held.shown.flatMap((id) => world.value.incidents.get(id) ?? []);

  const loadOlder = async () => {
    older.value = { ...older.value, busy: true };
    try {
      const page = await calls.ended(older.value.next ?? undefined);
      page.items.forEach(tellIncident);
      older.value = { next: page.next, busy: false };
    } catch (error) {
      older.value = { ...older.value, busy: false };
      toast('problem', m.errors.notDone(m.common.more, explain(error)));
    }
  };

  return (
    <Panel title={m.incidents.title} label={m.incidents.title}>
      <div class="filters">
        <Choice<Tab>
          label={m.incidents.title}
          hideLabel
          value={tab.value}
          onChange={(v) => (tab.value = v)}
          options={(['active', 'ended', 'all'] as const).map((v) => ({
            value: v,
            label: (
              <>
                {m.incidents.tabs[v]} <span class="num faint">{counts[v]}</span>
              </>
            ),
          }))}
        />
        <div class="filters-row">
          <Search value={text.value} hint={m.incidents.searchHint} onInput={(v) => (text.value = v)} />
          <select
            class="input"
            aria-label={m.incidents.kindFilter}
            value={kind.value}
            onChange={(e) => (kind.value = e.currentTarget.value)}
          >
            <option value="">{`${m.incidents.kindFilter}: ${m.common.all}`}</option>
            {[...kinds].map(([value, name]) => (
              <option key={value} value={value}>
                {name}
              </option>
            ))}
          </select>
        </div>
      </div>
      {!snapshotSeen.value ? (
        <Loading />
      ) : shown.length === 0 ? (
        <Empty tab={tab.value} filtered={Boolean(text.value || kind.value)} />
      ) : (
        <ul class="rows" {...held.on}>
          {shown.map((incident) => (
            <Row key={incident.incident_id} incident={incident} />
          ))}
        </ul>
      )}
      {tab.value !== 'ended' && backlog.value.next !== null && (
        <Button
          label={m.incidents.moreOpen}
          busy={backlog.value.busy}
          onClick={() => void loadBacklog(backlog.value.next ?? undefined)}
        />
      )}
      {tab.value !== 'active' && older.value.next !== null && snapshotSeen.value && (
        <Button label={m.common.more} busy={older.value.busy} onClick={() => void loadOlder()} />
      )}
    </Panel>
  );
}

function Empty({ tab, filtered }: { tab: Tab; filtered: boolean }) {
  const m = t().incidents;
  if (filtered) return <Blank icon="search" title={m.emptySearch} why={m.emptySearchWhy} />;
  if (tab === 'active') return <Blank icon="done" title={m.emptyActive} why={m.emptyActiveWhy} />;
  return <Blank icon="incidents" title={m.emptyEnded} />;
}

function Row({ incident }: { incident: Incident }) {
  const active = isActive(incident.state);
  return (
    <li>
      <a
        class={`row ${active ? '' : 'row-done'}`}
        href={hrefOf('incidents', incident.incident_id)}
        data-incident={incident.incident_id}
      >
        <Mark priority={incident.priority} state={incident.state} size={22} />
        <span class="row-main">
          <b>{say(incident.kind_name)}</b>
          <span>{placeText(incident)}</span>
          <Clock incident={incident} />
        </span>
        <span class="row-end">
          <Age iso={active ? incident.opened_at : (incident.closed_at ?? incident.changed_at)} />
          <span>{whoText(incident)}</span>
        </span>
      </a>
    </li>
  );
}
