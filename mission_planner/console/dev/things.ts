/** Development only: robots and sensors as they are at the start. */
import type { Device, Incident, Part, Priority, Robot, Site } from '../src/api/types';
import { toMap, type LonLat, type Origin } from '../src/logic/projection';
import { iso, photo, type Driver } from './robots';
import type { Stand } from './site';

/** A robot on its dock, with a picture of what it saw last. */
export function robotAt(home: Stand, dock: Stand, i: number, saw: string): Driver {
  const robot: Robot = {
    robot_id: home.id,
    name: { zh: home.zh, en: home.en },
    kind: 'ground',
    dock_id: dock.id,
    link: 'online',
    last_seen_at: iso(Date.now()),
    silence_s: 0.2,
    pose: { ...dock.pose },
    speed_mps: 0,
    battery_pct: [76, 58][i] ?? 90,
    charging: false,
    activity: 'idle',
    because: '',
    mission: null,
    latest_picture: photo(saw, `vp-first-${i}`, Date.now() - 40_000),
    refused: '',
    parts: partsOf(i),
    lights_on: false,
    speaks: ['zh', 'en'],
    speech: null,
    cameras: [{ camera_id: 'front', name: { zh: '前摄像机', en: 'Front camera' } }],
  };
  return { robot, mission: null, suspended: null, way: [], dwell_s: 0 };
}

/** What its parts say: all well with the first, the second sees too few pictures. */
function partsOf(i: number): Part[] {
  const fine = { zh: '', en: '' };
  const slow = { zh: '每秒只看 2 张画面，低于 4 张', en: 'looks at 2 pictures a second, fewer than 4' };
  return [
    { name: 'camera', state: 'ok', because: fine, version: '', age_s: 0.6 },
    {
      name: 'vision',
      state: i === 0 ? 'ok' : 'degraded',
      because: i === 0 ? fine : slow,
      version: 'played 0f1e2d3c',
      age_s: 0.8,
    },
    { name: 'media', state: 'ok', because: fine, version: 'H.264', age_s: 0.4 },
  ];
}

/** A sensor of the site map; every third one has not been heard yet. */
export function deviceOf(f: Site['map']['features'][number], origin: Origin): Device {
  const p = f.properties as Record<string, string>;
  const heard = Math.abs(p['id']?.charCodeAt(p['id'].length - 1) ?? 0) % 3 !== 0;
  const kind = p['kind'] ?? '';
  const sum = [...(p['id'] ?? '')].reduce((a, c) => a + c.charCodeAt(0), 0);
  const [silent, low] = [sum % 17 === 0, sum % 13 === 0];
  return {
    device_id: p['id'] ?? '',
    kind: p['kind'] ?? '',
    kind_name: { zh: p['name_zh'] ?? '', en: p['name_en'] ?? '' },
    name: { zh: p['name_zh'] ?? '', en: p['name_en'] ?? '' },
    position: toMap(origin, (f.geometry as { coordinates: number[] }).coordinates as LonLat),
    place: { zh: p['place_zh'] ?? '', en: p['place_en'] ?? '' },
    state: heard ? 'normal' : 'unknown',
    value: heard && kind === 'smoke' ? 0.06 : null,
    unit: kind === 'smoke' ? '%/m' : null,
    battery_pct: heard ? (low ? 9 : 88) : null,
    last_seen_at: heard ? iso(Date.now() - 3600_000 * (silent ? 30 : 2)) : null,
    incident_id: null,
    health: healthOf(heard, silent, low),
    place_detail: {
      building_id: p['building'] ?? null,
      unit: p['unit'] ?? null,
      floor: p['floor'] === undefined ? null : Number(p['floor']),
      flat: p['flat'] ?? null,
    },
    lane: ['smoke', 'gas', 'co', 'sos_button', 'electrical_fire'].includes(kind) ? 'life' : 'telemetry',
    last_value_at: heard ? iso(Date.now() - 3600_000 * 2) : null,
    raises:
      kind === 'door_magnet' ? [{ kind: 'door', kind_name: { zh: '门磁告警', en: 'Door alarm' }, life: false }] : [],
  };
}

function healthOf(heard: boolean, silent: boolean, low: boolean): Device['health'] {
  if (!heard)
    return {
      state: 'never_heard',
      since: null,
      text: { zh: '登记以来没有消息', en: 'no word since it was registered' },
    };
  if (silent)
    return {
      state: 'silent',
      since: iso(Date.now() - 14_400_000),
      text: { zh: '30 小时没有消息', en: 'silent for 30 h' },
    };
  if (low)
    return { state: 'battery_low', since: iso(Date.now() - 7_200_000), text: { zh: '电量 9 %', en: 'battery 9 %' } };
  return { state: 'ok', since: null, text: { zh: '', en: '' } };
}

/** What an incident has that nobody has touched yet. */
export const UNTOUCHED = {
  assignee: null,
  assigned_at: null,
  arrived_at: null,
  resolved_at: null,
  orders: [],
  merged_into: null,
  merged: [],
  may: ['acknowledge', 'dispatch', 'verify', 'merge', 'close', 'false-alarm'],
} satisfies Partial<Incident>;

const LADDER_S: Record<Priority, [first: number, resolve: number]> = {
  1: [15, 1080],
  2: [60, 7200],
  3: [900, 86_400],
  4: [14_400, 604_800],
};

/** The clock of an incident that was opened so long ago. */
export function slaOf(priority: Priority, ago_s: number): Incident['sla'] {
  const [first_s, resolve_s] = LADDER_S[priority];
  const opened_ms = Date.now() - ago_s * 1000;
  let told = 0;
  let next_s = first_s;
  while (next_s <= ago_s) next_s = first_s * [4, 12, 12][Math.min(2, told++)]! * Math.max(1, told - 1);
  return {
    acknowledge_by: iso(opened_ms + first_s * 1000),
    resolve_by: iso(opened_ms + resolve_s * 1000),
    next_at: iso(opened_ms + next_s * 1000),
    told,
    tell: told < 2 ? ['operator'] : ['operator', 'field'],
    next_tell: told === 0 ? ['operator'] : ['operator', 'field'],
  };
}
