/** The list of sensors: how they fare in sum, filters, and page by page those that fit. */
import { useSignal, useSignalEffect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { devices as calls, type DeviceFilter } from '../api/calls';
import type { Device, DeviceSummary } from '../api/types';
import { STALE_AFTER_S } from '../logic/age';
import { say, t } from '../messages';
import { heardDevice } from '../state/live';
import { usePages } from '../state/pages';
import { hrefOf } from '../state/route';
import { useResource } from '../state/useresource';
import { Button } from '../ui/button';
import { HealthChip, StateChip, valueText } from '../ui/devicewords';
import { Search } from '../ui/form';
import { Icon, iconOfKind } from '../ui/icon';
import { Blank, When } from '../ui/states';
import { Age } from '../ui/time';
import { HeldBack } from './heldback';

const AT_ONCE = 100;
const TYPING_MS = 250; // a pause this long means that somebody has typed what they wanted
const RENEW_MS = 5_000;
const NO_FILTER: DeviceFilter = { kind: '', q: '', health: '', state: '' };

export function DeviceList() {
  const m = t().devices;
  const filter = useSignal<DeviceFilter>(NO_FILTER);
  const typed = useSignal('');
  const summary = useResource('summary', calls.summary);
  useSignalEffect(() => {
    const q = typed.value;
    const timer = setTimeout(() => {
      if (filter.peek().q !== q) filter.value = { ...filter.peek(), q };
    }, TYPING_MS);
    return () => clearTimeout(timer);
  });
  useEffect(() => {
    let due = false;
    const stop = heardDevice.subscribe((device) => void (due ||= device !== null));
    const timer = setInterval(() => {
      if (due && !document.hidden) void summary.reload();
      due = false;
    }, RENEW_MS);
    return () => {
      stop();
      clearInterval(timer);
    };
  }, [summary]);
  return (
    <>
      <When of={summary} what={m.what}>
        {(sum) =>
          sum.total === 0 ? (
            <Blank icon="devices" title={m.empty} why={m.emptyWhy} />
          ) : (
            <>
              <Summary sum={sum} filter={filter.value} onChange={(f) => (filter.value = { ...filter.value, ...f })} />
              <div class="filters-row">
                <Search value={typed.value} hint={m.searchHint} onInput={(v) => (typed.value = v)} />
                <KindFilter kind={filter.value.kind} onChange={(kind) => (filter.value = { ...filter.value, kind })} />
              </div>
              <HeldBack />
              <Rows filter={filter.value} />
            </>
          )
        }
      </When>
    </>
  );
}

type Tile = [
  key: 'all' | 'alarm' | 'silent' | 'battery_low' | 'never_heard',
  count: number,
  fits: Partial<DeviceFilter>,
];

/** How many there are of each, each a filter. */
function Summary(props: { sum: DeviceSummary; filter: DeviceFilter; onChange: (part: Partial<DeviceFilter>) => void }) {
  const { sum, filter, onChange } = props;
  const m = t().devices;
  const tiles: Tile[] = [
    ['all', sum.total, { state: '', health: '' }],
    ['alarm', sum.by_state.alarm, { state: 'alarm', health: '' }],
    ['silent', sum.by_health.silent, { state: '', health: 'silent' }],
    ['battery_low', sum.by_health.battery_low, { state: '', health: 'battery_low' }],
    ['never_heard', sum.by_health.never_heard, { state: '', health: 'never_heard' }],
  ];
  return (
    <div class="tiles" role="group" aria-label={m.title}>
      {tiles.map(([key, count, fits]) => (
        <button
          key={key}
          type="button"
          class={`tile tile-${key} ${count > 0 ? 'tile-some' : ''}`}
          data-tile={key}
          aria-pressed={filter.state === fits.state && filter.health === fits.health}
          onClick={() => onChange(fits)}
        >
          <b class="num">{count.toLocaleString('en')}</b>
          <span>{m.tiles[key]}</span>
        </button>
      ))}
    </div>
  );
}

function KindFilter({ kind, onChange }: { kind: string; onChange: (kind: string) => void }) {
  const m = t();
  const names: Readonly<Record<string, string>> = m.devices.kinds;
  return (
    <select class="input" aria-label={m.devices.kind} value={kind} onChange={(e) => onChange(e.currentTarget.value)}>
      <option value="">{`${m.devices.kind}: ${m.common.all}`}</option>
      {Object.entries(names).map(([value, name]) => (
        <option key={value} value={value}>
          {name}
        </option>
      ))}
    </select>
  );
}

function Rows({ filter }: { filter: DeviceFilter }) {
  const m = t().devices;
  const pages = usePages(JSON.stringify(filter), (after) => calls.some(filter, AT_ONCE, after));
  const heard = useSignal<ReadonlyMap<string, Device>>(new Map());
  useSignalEffect(() => {
    const device = heardDevice.value;
    if (device) heard.value = new Map(heard.peek()).set(device.device_id, device);
  });
  return (
    <When of={pages.first} what={m.what}>
      {() =>
        pages.rows.length === 0 ? (
          <Blank icon="search" title={m.emptySearch} why={m.emptySearchWhy} />
        ) : (
          <>
            <ul class="rows">
              {pages.rows.map((device) => (
                <Row key={device.device_id} device={heard.value.get(device.device_id) ?? device} />
              ))}
            </ul>
            {pages.more && <Button label={m.moreRows} busy={pages.busy} onClick={pages.loadMore} />}
          </>
        )
      }
    </When>
  );
}

function Row({ device }: { device: Device }) {
  const m = t().devices;
  const value = valueText(device);
  const place = say(device.place);
  return (
    <li>
      <a class="row" href={hrefOf('devices', device.device_id)} data-device={device.device_id}>
        <span class={`kind-icon kind-${device.state}`}>
          <Icon name={iconOfKind(device.kind)} size={18} />
        </span>
        <span class="row-main">
          <b>{place || say(device.name)}</b>
          <span>{say(device.name)}</span>
        </span>
        <span class="row-end">
          <span class="row-chips">
            <HealthChip device={device} />
            {device.state === 'alarm' && <StateChip device={device} />}
            {value !== null && <b class="num">{value}</b>}
          </span>
          {device.last_seen_at ? (
            <Age iso={device.last_seen_at} staleAfter_s={STALE_AFTER_S.device} />
          ) : (
            <span class="faint">{m.neverSeen}</span>
          )}
        </span>
      </a>
    </li>
  );
}
