/** One sensor: what it is, how it fares, what it said over time, and what one can do with it. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { devices as calls } from '../api/calls';
import type { Device } from '../api/types';
import { STALE_AFTER_S } from '../logic/age';
import { flyTo, ringed, showOnMap } from '../map/focus';
import { say, t } from '../messages';
import { heldBack } from '../state/heldback';
import { heardDevice } from '../state/live';
import { go, hrefOf } from '../state/route';
import { useResource } from '../state/useresource';
import { Button } from '../ui/button';
import { HealthChip, StateChip, valueText } from '../ui/devicewords';
import { Choice } from '../ui/form';
import { HistoryChart } from '../ui/historychart';
import { Icon, iconOfKind } from '../ui/icon';
import { Fact, Facts, Panel, Section } from '../ui/panel';
import { Blank, Failed, Loading, When } from '../ui/states';
import { Age } from '../ui/time';
import { CredentialPart } from './devicecredential';
import { ShelvePart } from './deviceshelve';
import { FloorPlan } from './floorplan';

export function DevicePanel({ id }: { id: string }) {
  const m = t().devices;
  const read = useResource(`device/${id}`, () => calls.read(id));
  const heard = heardDevice.value;
  const fetched = read.value;
  const device = fetched.state !== 'ready' ? null : heard?.device_id === id ? heard : fetched.data;
  return (
    <Panel
      title={
        device ? (
          <span class="title-mark">
            <Icon name={iconOfKind(device.kind)} size={22} />
            {say(device.name)}
          </span>
        ) : (
          m.title
        )
      }
      label={device ? say(device.name) : m.title}
      back={() => go('devices')}
      aside={device && <StateChip device={device} />}
      focusKey={id}
    >
      {fetched.state === 'loading' ? (
        <Loading />
      ) : fetched.state === 'failed' ? (
        fetched.error.status === 404 ? (
          <Blank icon="search" title={m.gone} why={m.goneWhy} />
        ) : (
          <Failed what={m.what} error={fetched.error} retry={() => void read.reload()} />
        )
      ) : (
        device && <DevicePart device={device} />
      )}
    </Panel>
  );
}

function DevicePart({ device }: { device: Device }) {
  const m = t().devices;
  const { position } = device;
  useEffect(() => {
    if (position) flyTo(position);
    ringed.value = position ? [{ at: position, name: say(device.name) }] : [];
    return () => void (ringed.value = []);
  }, [device.device_id]);
  const value = valueText(device);
  return (
    <>
      <p class="lead-place">{say(device.place)}</p>
      {device.incident_id && (
        <a class="notice notice-alarm" href={hrefOf('incidents', device.incident_id)}>
          <Icon name="incidents" size={16} />
          <span>{m.incident}</span>
        </a>
      )}
      <HealthLine device={device} />
      <ExplainedBy device={device} />
      <Section title={m.value} aside={value !== null && <b class="num">{value}</b>}>
        <HistoryPart deviceId={device.device_id} />
      </Section>
      <Section title={m.about}>
        <Facts>
          <Fact name={m.kind}>{say(device.kind_name)}</Fact>
          <Fact name={m.lastSeen}>
            {device.last_seen_at ? <Age iso={device.last_seen_at} staleAfter_s={STALE_AFTER_S.device} /> : m.neverSeen}
          </Fact>
          <Fact name={m.battery}>
            {device.battery_pct === null ? t().common.unknown : t().robots.percent(Math.round(device.battery_pct))}
          </Fact>
          <Fact name={m.lane}>{m.lanes[device.lane]}</Fact>
          <Fact name={m.id}>
            <code>{device.device_id}</code>
          </Fact>
        </Facts>
      </Section>
      {position && <Button icon="pin" label={m.showOnMap} onClick={() => showOnMap(position)} />}
      <FloorPlan place={device.place_detail} />
      <ShelvePart device={device} />
      <CredentialPart deviceId={device.device_id} />
    </>
  );
}

/** Why its word may not be believed; nothing while it is well. */
function HealthLine({ device }: { device: Device }) {
  const { health } = device;
  if (!health || health.state === 'ok') return null;
  return (
    <p class="notice notice-warn">
      <Icon name={health.state === 'battery_low' ? 'alert' : 'offline'} size={16} />
      <span>
        {say(health.text)} {health.since && <Age iso={health.since} />}
      </span>
      <HealthChip device={device} />
    </p>
  );
}

/** A power cut that explains its silence. */
function ExplainedBy({ device }: { device: Device }) {
  const m = t().devices;
  const fetched = heldBack.inhibited.value;
  const found = fetched.state === 'ready' ? fetched.data.find((i) => i.device === device.device_id) : undefined;
  if (!found) return null;
  return (
    <a class="notice" href={hrefOf('incidents', found.incident_id)}>
      <Icon name="electric" size={16} />
      <span>
        {m.explainedBy} · <Age iso={found.since} /> · {m.explainedTimes(found.count)}
      </span>
    </a>
  );
}

const RANGES = ['1', '24', '168', '720'] as const;

function HistoryPart({ deviceId }: { deviceId: string }) {
  const m = t().devices;
  const range = useSignal<(typeof RANGES)[number]>('24');
  const hours = Number(range.value);
  const read = useResource(`history/${deviceId}/${hours}`, () => calls.history(deviceId, hours));
  const heard = heardDevice.value;
  useEffect(() => {
    if (heard?.device_id === deviceId) void read.reload();
  }, [heard]);
  return (
    <>
      <Choice
        label={m.range}
        hideLabel
        value={range.value}
        onChange={(v) => (range.value = v)}
        options={RANGES.map((v) => ({ value: v, label: m.ranges[v] }))}
      />
      <When of={read} what={m.history}>
        {(history) =>
          history.points.length === 0 ? (
            <p class="hint">{m.historyNone}</p>
          ) : (
            <HistoryChart history={history} hours={hours} />
          )
        }
      </When>
    </>
  );
}
