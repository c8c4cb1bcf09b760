/** The people who were sent: who, by whom, why, and how far each has come. */
import { incidents as calls } from '../api/calls';
import type { Incident, PersonOrder } from '../api/types';
import { say, t } from '../messages';
import { ACTIONS } from '../state/actions';
import { tellIncident } from '../state/live';
import { siteNow } from '../state/now';
import { may, session } from '../state/session';
import { Button, useAct } from '../ui/button';
import { Icon } from '../ui/icon';
import { Section } from '../ui/panel';
import { Moment, spanText } from '../ui/time';

export function Orders({ incident }: { incident: Incident }) {
  const m = t().acts;
  if (incident.orders.length === 0) return null;
  return (
    <Section title={m.orders}>
      <ul class="orders">
        {incident.orders.map((order) => (
          <Order key={order.username + order.ordered_at} order={order} />
        ))}
      </ul>
    </Section>
  );
}

/** Who hears in how long that nobody has taken the order. */
function tells(at: string, whom: string): string {
  const left_s = (Date.parse(at) - siteNow()) / 1000;
  return left_s > 0 ? t().acts.tellsIn(spanText(Math.ceil(left_s)), whom) : t().acts.tellsNow;
}

/** The order that waits for whoever is logged in to say that they go. */
export function waitingForMe(incident: Incident): PersonOrder | undefined {
  const now = session.value;
  if (now.state !== 'in' || !may(ACTIONS.arrive)) return undefined;
  return incident.orders.find((order) => order.may_take && order.username === now.account.username);
}

/** "I am going". */
export function TakeOrder({ incident }: { incident: Incident }) {
  const m = t().acts;
  const take = useAct(
    () => m.take,
    async () => tellIncident(await calls.take(incident.incident_id)),
  );
  return <Button kind="primary" icon="person" label={m.take} busy={take.busy} onClick={() => void take.run()} />;
}

function Order({ order }: { order: PersonOrder }) {
  const m = t().acts;
  const far: [string, string | null][] = [
    [m.ordered, order.ordered_at],
    [m.taken, order.taken_at],
    [m.arrived, order.arrived_at],
    [order.outcome ? m.outcome[order.outcome] : '', order.ended_at],
  ];
  return (
    <li class={order.ended_at ? 'order-over' : ''}>
      <Icon name="person" size={18} />
      <div>
        <p>
          <b>{order.display_name}</b>{' '}
          {far.map(
            ([word, at]) =>
              at && (
                <span key={word} class="order-step">
                  {word} <Moment iso={at} />
                </span>
              ),
          )}
        </p>
        <p class="hint">{[say(order.because), order.note && `“${order.note}”`].filter(Boolean).join(' · ')}</p>
        {order.next_at && order.next_tell && (
          <p class="hint num">{m.untaken(tells(order.next_at, say(order.next_tell)))}</p>
        )}
      </div>
    </li>
  );
}
