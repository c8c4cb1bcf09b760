/** One incident: what, where, since when, who has it; the next sensible act; evidence, verification, timeline. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { incidents as calls } from '../api/calls';
import { ApiError } from '../api/client';
import type { Incident } from '../api/types';
import { Merged, WentInto } from '../desk/merge';
import { ProofPart } from '../desk/proof';
import { secondsSince } from '../logic/age';
import { isActive } from '../logic/order';
import { flyTo, ringed, showOnMap } from '../map/focus';
import { say, t } from '../messages';
import { ACTIONS } from '../state/actions';
import { AddPhoto } from '../desk/addphoto';
import { newestFirst } from '../logic/timeline';
import { tellIncident, world } from '../state/live';
import { called } from '../state/names';
import { go, hrefOf } from '../state/route';
import { may } from '../state/session';
import { Button } from '../ui/button';
import { Icon } from '../ui/icon';
import { Mark } from '../ui/mark';
import { Fact, Facts, Panel, Section } from '../ui/panel';
import { Photos } from '../ui/photos';
import { SpeakButton, SpeechLine } from '../ui/speak';
import { Blank, Failed, Loading } from '../ui/states';
import { Age, Moment, spanText } from '../ui/time';
import { CertaintyLine, SeenPhotos, WaitingRobot } from './fall';
import { ClockLine, HowSure, Sources } from './howsure';
import { FloorPlan } from './floorplan';
import { IncidentActs } from './incidentacts';
import { Orders } from './incidentorders';
import { Steps } from './incidentsteps';
import { placeText } from '../ui/placewords';

export function IncidentPanel({ id }: { id: string }) {
  const m = t();
  const known = world.value.incidents.get(id);
  const failed = useSignal<ApiError | null>(null);
  const ask = () => {
    failed.value = null;
    calls.read(id).then(tellIncident, (reason: unknown) => {
      if (reason instanceof ApiError) failed.value = reason;
    });
  };
  useEffect(ask, [id]);
  const place = known?.position;
  useEffect(() => {
    if (place) flyTo(place);
  }, [id, place?.x_m, place?.y_m]);

  const related =
    known?.sources.flatMap((s) =>
      s.position ? [{ at: s.position, name: [say(s.source.name), say(s.place)].filter(Boolean).join(' · ') }] : [],
    ) ?? [];
  useEffect(() => {
    ringed.value = related;
    return () => void (ringed.value = []);
  }, [id, related.map(({ at, name }) => `${at.x_m},${at.y_m} ${name}`).join(' ')]);

  if (known) return <Known incident={known} />;
  const back = () => go('incidents');
  return (
    <Panel title={m.incidents.title} label={m.incidents.title} back={back}>
      {failed.value?.status === 404 ? (
        <Blank icon="search" title={m.incidents.gone} why={m.incidents.goneWhy} />
      ) : failed.value ? (
        <Failed what={m.incidents.what} error={failed.value} retry={ask} />
      ) : (
        <Loading />
      )}
    </Panel>
  );
}

function Known({ incident }: { incident: Incident }) {
  const m = t();
  const active = isActive(incident.state);
  const chip = incident.state === 'open' ? 'alarm' : active ? 'warn' : 'done';
  return (
    <Panel
      label={say(incident.kind_name)}
      focusKey={incident.incident_id}
      back={() => go('incidents')}
      title={
        <span class="title-mark">
          <Mark priority={incident.priority} state={incident.state} size={24} />
          {say(incident.kind_name)}
        </span>
      }
      aside={<span class={`chip chip-${chip}`}>{m.incidents.state[incident.state]}</span>}
      lead={<Lead incident={incident} />}
    >
      <Steps incident={incident} />
      <IncidentActs incident={incident} />
      <WentInto incident={incident} />
      {active && incident.source_cleared_at && (
        <p class="notice">
          <Icon name="info" size={16} />
          <span>
            <Cleared at={incident.source_cleared_at} />
          </span>
        </p>
      )}
      <Orders incident={incident} />
      <WaitingRobot incident={incident} />
      {incident.certainty ? null : <VerificationPart incident={incident} />}
      <Section title={m.incidents.evidence}>
        {incident.certainty ? (
          <SeenPhotos incident={incident} />
        ) : incident.evidence.length > 0 ? (
          <Photos pictures={incident.evidence} layout={incident.evidence.length > 1 ? 'grid' : 'single'} />
        ) : (
          <p class="hint">{m.incidents.noEvidence}</p>
        )}
        <AddPhoto incident={incident} />
      </Section>
      {incident.certainty && <VerificationPart incident={incident} />}
      <HowSure incident={incident} />
      <FloorPlan place={incident.place_detail} />
      <Sources incident={incident} />
      <Merged incident={incident} />
      {active && <ProofPart incident={incident} />}
      <Section title={m.incidents.timeline}>
        <Timeline incident={incident} />
      </Section>
      <Section title={m.incidents.source}>
        <SourcePart incident={incident} />
      </Section>
      {may(ACTIONS.evidenceExport) && <Bundle incidentId={incident.incident_id} />}
    </Panel>
  );
}

/** What happened, for those who must prove it elsewhere. */
function Bundle({ incidentId }: { incidentId: string }) {
  const m = t().acts;
  return (
    <div class="bundle">
      <a class="button button-plain" href={calls.bundleUrl(incidentId)} download>
        <Icon name="bundle" />
        <span>{m.bundle}</span>
      </a>
      <p class="hint">{m.bundleHint}</p>
    </div>
  );
}

/** What, where, since when, who has it. */
function Lead({ incident }: { incident: Incident }) {
  const m = t().incidents;
  const took_s = incident.closed_at ? (secondsSince(incident.opened_at, Date.parse(incident.closed_at)) ?? 0) : 0;
  return (
    <>
      <p class="lead-place">{placeText(incident)}</p>
      <p>
        <Since iso={incident.opened_at} />
        {' · '}
        {incident.closed_at
          ? m.took(spanText(took_s))
          : incident.owner
            ? m.ownedBy(called(incident, incident.owner))
            : m.nobody}
        {' · '}
        {m.priority[incident.priority]}
      </p>
      <ClockLine incident={incident} />
      <CertaintyLine incident={incident} />
      {say(incident.because) && <p class="because">{say(incident.because)}</p>}
    </>
  );
}

function Since({ iso }: { iso: string }) {
  return (
    <span>
      <Moment iso={iso} /> · <Age iso={iso} />
    </span>
  );
}

function Cleared({ at }: { at: string }) {
  return (
    <>
      {t().incidents.clearedAt} <Moment iso={at} />
    </>
  );
}

function VerificationPart({ incident }: { incident: Incident }) {
  const m = t().incidents;
  const { state, because, robot_id, mission_id } = incident.verification;
  if (state === 'not_needed' && !say(because)) return null;
  const robot = robot_id ? world.value.robots.get(robot_id) : undefined;
  const mission = mission_id ? world.value.missions.get(mission_id) : undefined;
  return (
    <Section title={m.verification}>
      <div class={`verify verify-${state}`}>
        <Icon
          name={state === 'seen' ? 'check' : state === 'failed' ? 'alert' : state === 'sent' ? 'robots' : 'clock'}
        />
        <div>
          <strong>
            {robot && (state === 'sent' || state === 'seen' || state === 'failed') ? (
              <a href={hrefOf('robots', robot.robot_id)}>{m.verificationBy[state](say(robot.name))}</a>
            ) : (
              m.verificationState[state]
            )}
          </strong>
          {say(because) && <p>{say(because)}</p>}
          {mission && say(mission.chosen_because) && say(mission.chosen_because) !== say(because) && (
            <p>{say(mission.chosen_because)}</p>
          )}
        </div>
      </div>
      {robot && state === 'sent' && isActive(incident.state) && !incident.waiting_robot && (
        <>
          <div class="acts-row">
            <SpeakButton robot={robot} incidentId={incident.incident_id} />
          </div>
          <SpeechLine speech={robot.speech} incidentId={incident.incident_id} />
        </>
      )}
    </Section>
  );
}

function Timeline({ incident }: { incident: Incident }) {
  const m = t().incidents;
  if (incident.timeline.length === 0) return <p class="hint">{m.timelineEmpty}</p>;
  return (
    <ol class="timeline">
      {newestFirst(incident.timeline).map((entry, i) => (
        <li key={entry.at + i} class={`timeline-${entry.kind}`}>
          <Moment iso={entry.at} seconds />
          <div>
            <p>
              {say(entry.text)}
              {entry.by && <span class="faint"> · {called(incident, entry.by)}</span>}
            </p>
            {entry.picture && <Photos pictures={[entry.picture]} layout="grid" />}
          </div>
        </li>
      ))}
    </ol>
  );
}

function SourcePart({ incident }: { incident: Incident }) {
  const m = t();
  const { source, position } = incident;
  const finding = incident.findings.at(-1);
  return (
    <>
      <Facts>
        {source && (
          <Fact name={m.incidents.source}>
            {source.kind === 'device' ? (
              <a href={hrefOf('devices', source.id)}>{say(source.name) || source.id}</a>
            ) : source.kind === 'robot' ? (
              <a href={hrefOf('robots', source.id)}>{say(source.name) || source.id}</a>
            ) : (
              say(source.name) || source.id
            )}
          </Fact>
        )}
        {finding?.value != null && (
          <Fact name={m.incidents.measured}>
            <span class="num">{finding.value}</span> {finding.unit}
          </Fact>
        )}
        <Fact name={m.incidents.place}>{placeText(incident)}</Fact>
      </Facts>
      {position && <Button kind="quiet" icon="pin" label={m.incidents.showOnMap} onClick={() => showOnMap(position)} />}
    </>
  );
}
