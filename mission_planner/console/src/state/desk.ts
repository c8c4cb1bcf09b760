/** The operator's desk: which incident the keys mean, what is being asked, and acts that show before they are answered. */
import { signal } from '@preact/signals';
import { incidents as calls } from '../api/calls';
import { ApiError } from '../api/client';
import type { Incident, IncidentAct } from '../api/types';
import { ACT_RULES, expected, whyNot } from '../logic/acts';
import { say, t } from '../messages';
import { explain } from '../messages/explain';
import { tellIncident, world } from './live';
import { route } from './route';
import { session } from './session';
import { toast } from './toasts';

export type Question = 'dispatch' | 'merge' | 'resolve' | 'close' | 'false-alarm' | 'note';

/** The question that is open, about which incident. */
export const question = signal<{ incidentId: string; about: Question } | null>(null);

/** Acts under way, as `<incident>/<act>`: their buttons are busy. */
export const underway = signal<ReadonlySet<string>>(new Set());

/** The incident the keys mean: the card or row that has the focus, else the one whose page is open. */
export function meant(): Incident | null {
  const focused = document.activeElement?.closest<HTMLElement>('[data-incident]')?.dataset['incident'];
  const { page, id } = route.peek();
  const known = world.peek().incidents;
  return (focused && known.get(focused)) || (page === 'incidents' && id && known.get(id)) || null;
}

export const rights = (): readonly string[] => (session.value.state === 'in' ? session.value.account.actions : []);
const me = (): string => {
  const now = session.peek();
  return now.state === 'in' ? now.account.username : '';
};

/** Why the account cannot do this now, as a sentence; null when it can. */
export function refusal(incident: Incident, act: IncidentAct): string | null {
  const why = whyNot(incident, act, rights());
  const m = t();
  return why && m.acts.whyNot[why](m.acts.name[act], m.incidents.state[incident.state]);
}

interface Extra {
  to?: { username: string; display_name: string } | null;
  into?: string;
}

/** The newest act under way of each incident. */
const settling = new Map<string, Promise<boolean>>();

/** Shows the act as done, sends it, and takes it back where the center refuses. Whether it was done. */
export function perform(
  incident: Incident,
  act: IncidentAct,
  send: () => Promise<Incident>,
  extra: Extra = {},
): Promise<boolean> {
  const { incident_id } = incident;
  const done = sendAct(incident, act, send, extra);
  settling.set(incident_id, done);
  void done.then(() => settling.get(incident_id) === done && settling.delete(incident_id));
  return done;
}

async function sendAct(
  incident: Incident,
  act: IncidentAct,
  send: () => Promise<Incident>,
  extra: Extra,
): Promise<boolean> {
  const key = `${incident.incident_id}/${act}`;
  if (underway.peek().has(key)) return false;
  underway.value = new Set(underway.peek()).add(key);
  const shown = expected(incident, act, { by: me(), ...extra });
  tellIncident(shown);
  try {
    tellIncident(await send());
    announce(incident, act, extra);
    return true;
  } catch (error) {
    if (world.peek().incidents.get(incident.incident_id) === shown) tellIncident(incident);
    if (error instanceof ApiError && error.status === 409) void calls.read(incident.incident_id).then(tellIncident);
    toast('problem', t().errors.notDone(t().acts.name[act], explain(error)));
    return false;
  } finally {
    const rest = new Set(underway.peek());
    rest.delete(key);
    underway.value = rest;
  }
}

/** Says that it is done, with the way back where there is one. */
export function announce(incident: Incident, act: IncidentAct, extra: Extra = {}): void {
  const m = t();
  const what = say(incident.kind_name);
  if (act === 'dispatch') {
    const name = extra.to?.display_name ?? world.peek().incidents.get(incident.incident_id)?.assignee?.display_name;
    const again = () => (question.value = { incidentId: incident.incident_id, about: 'dispatch' as const });
    toast('done', name ? m.acts.dispatched(name, what) : m.acts.done.dispatch(what), {
      label: m.acts.change,
      run: () => void again(),
    });
    return;
  }
  const back = ACT_RULES[act].undo;
  toast(
    'done',
    m.acts.done[act](what),
    back && {
      label: act === 'merge' ? m.common.undo : m.acts.name.reopen,
      run: () => void reopen(world.peek().incidents.get(incident.incident_id) ?? incident),
    },
  );
}

export const reopen = (incident: Incident): Promise<boolean> =>
  perform(incident, 'reopen', () => calls.reopen(incident.incident_id));

/** Begins an act: asks where it asks, else does it; says why where it cannot be done. */
export function begin(incident: Incident, act: IncidentAct): void {
  if (underway.peek().has(`${incident.incident_id}/${act}`)) return;
  const before = settling.get(incident.incident_id);
  if (before) {
    // "take it, send somebody" typed in one breath: what it may do now is known with the answer
    void before.then(() => begin(world.peek().incidents.get(incident.incident_id) ?? incident, act));
    return;
  }
  const refused = refusal(incident, act);
  if (refused) {
    toast('problem', refused);
    return;
  }
  const { incident_id } = incident;
  switch (act) {
    case 'dispatch':
    case 'merge':
    case 'resolve':
    case 'close':
    case 'false-alarm':
      question.value = { incidentId: incident_id, about: act };
      return;
    case 'acknowledge':
    case 'verify':
    case 'arrive':
    case 'reopen':
    case 'release':
      void perform(incident, act, () => calls[act](incident_id));
  }
}
