/** Development only: robots and sensors as they are at the start. */
import type { Device, Part, Robot, Site } from '../src/api/types';
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
  return {
    device_id: p['id'] ?? '',
    kind: p['kind'] ?? '',
    kind_name: { zh: p['name_zh'] ?? '', en: p['name_en'] ?? '' },
    name: { zh: p['name_zh'] ?? '', en: p['name_en'] ?? '' },
    position: toMap(origin, (f.geometry as { coordinates: number[] }).coordinates as LonLat),
    place: { zh: p['place_zh'] ?? '', en: p['place_en'] ?? '' },
    state: heard ? 'normal' : 'unknown',
    value: null,
    unit: null,
    battery_pct: heard ? 88 : null,
    last_seen_at: heard ? iso(Date.now() - 3600_000 * 2) : null,
    incident_id: null,
  };
}
