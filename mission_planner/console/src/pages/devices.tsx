/** Fixed sensors: which there are, where, how they are, and how old that word is. */
import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Device } from '../api/types';
import { STALE_AFTER_S, secondsSince } from '../logic/age';
import { matches } from '../logic/search';
import { flyTo, ringed, showOnMap } from '../map/focus';
import { say, t } from '../messages';
import { devices } from '../state/live';
import { siteNow } from '../state/now';
import { go, hrefOf } from '../state/route';
import { Button } from '../ui/button';
import { Choice, Search } from '../ui/form';
import { Icon, iconOfKind } from '../ui/icon';
import { Fact, Facts, Panel, Section } from '../ui/panel';
import { Blank, When } from '../ui/states';
import { Age } from '../ui/time';
import { SetAsideReports } from './setaside';
import { ShelvedSources } from './shelved';

type Tab = 'all' | 'alarm' | 'silent' | 'normal';
const TABS: readonly Tab[] = ['all', 'alarm', 'normal', 'silent'];
const AT_ONCE = 60; // rows drawn; more by search or button

export function Devices({ id }: { id: string | null }) {
  const m = t().devices;
  const fetched = devices.value;
  const opened = id && fetched.state === 'ready' ? fetched.data.find((d) => d.device_id === id) : undefined;
  const title = opened ? (
    <span class="title-mark">
      <Icon name={iconOfKind(opened.kind)} size={22} />
      {say(opened.name)}
    </span>
  ) : (
    m.title
  );
  return (
    <Panel
      title={title}
      label={opened ? say(opened.name) : m.title}
      back={id ? () => go('devices') : undefined}
      aside={opened && <StateChip device={opened} />}
      {...(id ? { focusKey: id } : {})}
    >
      <When of={devices} what={m.what}>
        {(all) =>
          opened ? (
            <DevicePart key={opened.device_id} device={opened} />
          ) : id ? (
            <Blank icon="search" title={m.gone} why={m.goneWhy} />
          ) : (
            <DeviceList all={all} />
          )
        }
      </When>
    </Panel>
  );
}

const tabOf = (d: Device): Tab => (d.state === 'alarm' ? 'alarm' : d.state === 'unknown' ? 'silent' : 'normal');

const words = (d: Device): string[] => [
  d.device_id,
  d.name.zh,
  d.name.en,
  d.kind_name.zh,
  d.kind_name.en,
  ...(d.place && typeof d.place === 'object' ? [d.place.zh, d.place.en] : [say(d.place)]),
];

function DeviceList({ all }: { all: Device[] }) {
  const m = t();
  const tab = useSignal<Tab>('all');
  const text = useSignal('');
  const limit = useSignal(AT_ONCE);
  if (all.length === 0) return <Blank icon="devices" title={m.devices.empty} why={m.devices.emptyWhy} />;
  const count = (which: Tab) => (which === 'all' ? all.length : all.filter((d) => tabOf(d) === which).length);
  const shown = all
    .filter((d) => tab.value === 'all' || tabOf(d) === tab.value)
    .filter((d) => matches(text.value, words(d)))
    .sort(byAttention);
  return (
    <>
      <div class="filters">
        <Choice<Tab>
          label={m.devices.title}
          hideLabel
          value={tab.value}
          onChange={(v) => (tab.value = v)}
          options={TABS.map((v) => ({
            value: v,
            label: (
              <>
                {m.devices.tabs[v]} <span class="num faint">{count(v)}</span>
              </>
            ),
          }))}
        />
        <Search value={text.value} hint={m.devices.searchHint} onInput={(v) => (text.value = v)} />
      </div>
      {shown.length === 0 ? (
        <Blank icon="search" title={m.devices.emptySearch} why={m.devices.emptySearchWhy} />
      ) : (
        <>
          <ShelvedSources />
          <SetAsideReports />
          <p class="hint">{m.devices.shown(shown.length, all.length)}</p>
          <ul class="rows">
            {shown.slice(0, limit.value).map((device) => (
              <Row key={device.device_id} device={device} />
            ))}
          </ul>
          {shown.length > limit.value && (
            <Button
              label={m.devices.moreRows(shown.length - limit.value)}
              onClick={() => (limit.value += AT_ONCE * 3)}
            />
          )}
        </>
      )}
    </>
  );
}

/** Alarms first, then those that were heard, then the silent. */
const RANK = { alarm: 0, normal: 1, unknown: 2 } as const;
const byAttention = (a: Device, b: Device): number =>
  RANK[a.state] - RANK[b.state] || a.device_id.localeCompare(b.device_id, 'en', { numeric: true });

export function StateChip({ device }: { device: Device }) {
  const look = { alarm: 'chip-alarm', normal: '', unknown: 'chip-faint' }[device.state];
  return <span class={`chip ${look}`}>{t().devices.state[device.state]}</span>;
}

function Row({ device }: { device: Device }) {
  const m = t().devices;
  return (
    <li>
      <a class="row" href={hrefOf('devices', device.device_id)} data-device={device.device_id}>
        <span class={`kind-icon kind-${device.state}`}>
          <Icon name={iconOfKind(device.kind)} size={18} />
        </span>
        <span class="row-main">
          <b>{say(device.place) || say(device.name)}</b>
          <span>{say(device.name)}</span>
        </span>
        <span class="row-end">
          {device.state !== 'unknown' && <StateChip device={device} />}
          {device.last_seen_at ? (
            <Age iso={device.last_seen_at} staleAfter_s={STALE_AFTER_S.device} />
          ) : (
            <span>{m.neverSeen}</span>
          )}
        </span>
      </a>
    </li>
  );
}

function DevicePart({ device }: { device: Device }) {
  const m = t().devices;
  const { position } = device;
  useEffect(() => {
    if (position) flyTo(position);
    ringed.value = position;
    return () => void (ringed.value = null);
  }, [device.device_id]);
  const stale = (secondsSince(device.last_seen_at, siteNow()) ?? 0) > STALE_AFTER_S.device;
  return (
    <>
      <p class="lead-place">{say(device.place)}</p>
      {device.incident_id && (
        <a class="notice notice-alarm" href={hrefOf('incidents', device.incident_id)}>
          <Icon name="incidents" size={16} />
          <span>{m.incident}</span>
        </a>
      )}
      {stale && <p class="notice notice-warn">{t().common.stale}</p>}
      <Section title={m.kind}>
        <Facts>
          <Fact name={m.kind}>{say(device.kind_name)}</Fact>
          <Fact name={m.lastSeen}>
            {device.last_seen_at ? <Age iso={device.last_seen_at} staleAfter_s={STALE_AFTER_S.device} /> : m.neverSeen}
          </Fact>
          {device.value !== null && (
            <Fact name={m.value}>
              <span class="num">{device.value}</span> {device.unit}
            </Fact>
          )}
          <Fact name={m.battery}>
            {device.battery_pct === null ? t().common.unknown : t().robots.percent(Math.round(device.battery_pct))}
          </Fact>
          <Fact name={m.id}>
            <code>{device.device_id}</code>
          </Fact>
        </Facts>
      </Section>
      {position && <Button icon="pin" label={m.showOnMap} onClick={() => showOnMap(position)} />}
    </>
  );
}
