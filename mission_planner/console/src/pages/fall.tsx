/** What an incident page says of a person on the ground: how sure it is, the robot that waits there, its picture. */
import { useSignal } from '@preact/signals';
import { incidents as calls } from '../api/calls';
import type { Finding, Incident } from '../api/types';
import type { KnownRobot } from '../logic/world';
import { isActive } from '../logic/order';
import { say, t } from '../messages';
import { ACTIONS } from '../state/actions';
import { tellIncident, world } from '../state/live';
import { hrefOf } from '../state/route';
import { may } from '../state/session';
import { toast } from '../state/toasts';
import { Button, useAct } from '../ui/button';
import { Confirm } from '../ui/dialog';
import { Icon } from '../ui/icon';
import { Photos } from '../ui/photos';
import { SpeakButton, SpeechLine } from '../ui/speak';
import { Age, Moment } from '../ui/time';
import { RobotTile } from '../video/tile';

/** The newest finding that judged. */
const judged = (incident: Incident): Finding | undefined =>
  [...incident.findings]
    .filter((f) => f.certainty)
    .sort((a, b) => Date.parse(b.observed_at) - Date.parse(a.observed_at))[0];

/** Nobody is sure to the last percent. */
const percentOf = (share: number): string => (share >= 0.995 ? '> 99' : String(Math.round(share * 100)));

/** "已确认", and in small type how sure the model is, and which. */
export function CertaintyLine({ incident }: { incident: Incident }) {
  const m = t().incidents;
  if (!incident.certainty) return null;
  const finding = judged(incident);
  const small = [
    finding?.confidence != null && m.confidence(percentOf(finding.confidence)),
    finding?.model && m.model(finding.model),
  ].filter(Boolean);
  return (
    <p class="certainty">
      <span class={`chip certainty-${incident.certainty}`} title={m.certaintyWhy[incident.certainty]}>
        {m.certainty[incident.certainty]}
      </span>
      <small class="num">{small.join(' · ')}</small>
    </p>
  );
}

/** The photos large, with who took the newest and when. */
export function SeenPhotos({ incident }: { incident: Incident }) {
  const m = t().incidents;
  const by = incident.findings
    .filter((f) => f.evidence?.length && f.source)
    .sort((a, b) => Date.parse(b.observed_at) - Date.parse(a.observed_at))[0];
  const first = by?.evidence?.[0] ?? incident.evidence.at(-1);
  if (!first) return <p class="hint">{m.noEvidence}</p>;
  const rest = incident.evidence.filter((p) => p.digest !== first.digest);
  return (
    <>
      <Photos pictures={[first, ...rest]} layout="lead" />
      {by && (
        <p class="hint">
          {m.seenBy(say(by.source?.name) || by.source?.id || '')} · <Moment iso={by.observed_at} seconds /> ·{' '}
          <Age iso={by.observed_at} />
        </p>
      )}
    </>
  );
}

/** The robot beside the person with its live picture, and the way to let it go. */
export function WaitingRobot({ incident }: { incident: Incident }) {
  const m = t().incidents;
  const waiting = incident.waiting_robot;
  const robot = waiting ? world.value.robots.get(waiting.robot_id) : undefined;
  if (!waiting) return <NoLongerWaiting incident={incident} />;
  const name = say(robot?.name ?? waiting.name);
  const near = robot?.activity === 'approaching' ? m.coming(name) : m.waits(name);
  return (
    <section class="section waits">
      <header class="section-head">
        <h3>
          <a href={hrefOf('robots', waiting.robot_id)}>{near}</a>
          {robot && <Lights robot={robot} />}
        </h3>
        {isActive(incident.state) && (
          <span class="waits-acts">
            {robot && <SpeakButton robot={robot} incidentId={incident.incident_id} />}
            {may(ACTIONS.release) && <Release incident={incident} name={name} />}
          </span>
        )}
      </header>
      {robot && <SpeechLine speech={robot.speech} incidentId={incident.incident_id} />}
      {robot && <RobotTile robot={robot} auto keyed corner />}
    </section>
  );
}

/** How the waiting ended, where it did. */
function NoLongerWaiting({ incident }: { incident: Incident }) {
  const words: Readonly<Record<string, string>> = t().incidents.attendance;
  const last = incident.timeline.filter((e) => e.kind in words).at(-1);
  if (!last || last.kind === 'waits') return null;
  return (
    <p class={`notice ${last.kind === 'released' ? 'notice-done' : 'notice-warn'}`} role="status">
      <Icon name={last.kind === 'released' ? 'check' : 'alert'} size={16} />
      <span>
        <strong>{words[last.kind]}</strong> · <Moment iso={last.at} /> · {say(last.text)}
      </span>
    </p>
  );
}

export function Lights({ robot }: { robot: KnownRobot }) {
  const m = t().incidents;
  const on = robot.lights_on;
  return (
    <span class={`lights ${on ? 'lights-on' : ''}`}>
      <Icon name={on ? 'lamp' : 'lampOff'} size={16} />
      {on === null ? m.lightsUnknown : on ? m.lightsOn : m.lightsOff}
    </span>
  );
}

function Release({ incident, name }: { incident: Incident; name: string }) {
  const m = t().incidents;
  const asking = useSignal(false);
  const release = useAct(
    () => m.release,
    async () => {
      tellIncident(await calls.release(incident.incident_id));
      toast('done', m.released(name));
    },
  );
  return (
    <>
      <Button icon="release" label={m.release} onClick={() => (asking.value = true)} />
      {asking.value && (
        <Confirm
          title={m.releaseAsk(name)}
          why={m.releaseWhy}
          confirm={m.release}
          keep={m.releaseKeep}
          busy={release.busy}
          onClose={() => (asking.value = false)}
          onConfirm={() => void release.run().then(() => (asking.value = false))}
        />
      )}
    </>
  );
}
