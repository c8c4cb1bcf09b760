/** The queue at the bottom: by priority and clock, and still while someone points at it. */
import { useEffect, useRef } from 'preact/hooks';
import type { Incident } from '../api/types';
import { isActive } from '../logic/order';
import { say, t } from '../messages';
import { queued, snapshotSeen, world } from '../state/live';
import { hrefOf, route } from '../state/route';
import { visiblePatrols } from '../state/patrols';
import { useHeld } from '../state/useheld';
import { Clock } from '../ui/clock';
import { Icon } from '../ui/icon';
import { Mark } from '../ui/mark';
import { Age, whenText } from '../ui/time';
import { placeText } from '../ui/placewords';
import { whoText } from '../ui/whowords';

export function Strip() {
  const m = t();
  const held = useHeld(queued.value.map((i) => i.incident_id));
  const incidents = held.shown.flatMap((id) => world.value.incidents.get(id) ?? []);
  return (
    <section class="strip" aria-label={m.shell.queue}>
      {incidents.length === 0 ? (
        <Quiet />
      ) : (
        <ol class="strip-list" {...held.on}>
          {incidents.map((incident) => (
            <Card key={incident.incident_id} incident={incident} />
          ))}
        </ol>
      )}
      {held.arrived > 0 && <p class="strip-new">{m.shell.queueHeld(held.arrived)}</p>}
      <Announcer />
    </section>
  );
}

/** Tells screen readers of what is new. */
function Announcer() {
  const m = t().incidents;
  const known = useRef<ReadonlySet<string> | null>(null);
  const latest = useRef<Incident | null>(null);
  const open = queued.value.filter((i) => i.state === 'open');
  const fresh = open.find((i) => known.current && !known.current.has(i.incident_id));
  if (fresh) latest.current = fresh;
  if (snapshotSeen.value) known.current = new Set(queued.value.map((i) => i.incident_id));
  const told = latest.current; // in the language of now
  return (
    <p class="unseen" role="status" aria-live="polite">
      {told && `${m.priority[told.priority]}: ${say(told.kind_name)}, ${placeText(told)}`}
    </p>
  );
}

function Card({ incident }: { incident: Incident }) {
  const ref = useRef<HTMLAnchorElement>(null);
  const open = route.value.page === 'incidents' && route.value.id === incident.incident_id;
  useEffect(() => {
    if (open) ref.current?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }, [open]);
  const active = isActive(incident.state);
  return (
    <li>
      <a
        ref={ref}
        class={`strip-card ${active ? '' : 'strip-card-done'}`}
        href={hrefOf('incidents', incident.incident_id)}
        aria-current={open ? 'true' : undefined}
        data-incident={incident.incident_id}
      >
        <Mark priority={incident.priority} state={incident.state} size={22} />
        <b>{say(incident.kind_name)}</b>
        <Age iso={active ? incident.opened_at : (incident.closed_at ?? incident.changed_at)} />
        <span>{placeText(incident)}</span>
        <span class="strip-state">{whoText(incident)}</span>
        <Clock incident={incident} />
      </a>
    </li>
  );
}

/** Nothing to do: say so, and what comes next. */
function Quiet() {
  const m = t().shell;
  if (!snapshotSeen.value) return <p class="strip-empty">{t().common.loading}</p>;
  const next = visiblePatrols.value.find((p) => p.enabled && p.next_runs[0]);
  return (
    <p class="strip-empty">
      <Icon name="done" size={20} />
      <span>
        {m.queueEmpty}
        {next?.next_runs[0] && ` · ${m.queueEmptyNext(next.name, whenText(next.next_runs[0]))}`}
      </span>
    </p>
  );
}
