/** Development only: fixed sensors, what is kept back of them, and files of them. */
import type { Device } from '../../src/api/types';
import type { Play } from '../play';
import { iso } from '../robots';
import { historyOf, importOf, pageOf, summaryOf } from '../sensors';
import { DONE, ok, page, wrong, type Answer, type Asked } from './answer';

const SET_ASIDE = () => [
  {
    report_id: 'aside-1',
    topic: 'xinghe/sensors/door-x/event',
    body: '{"state":"alarm"',
    received_at: iso(Date.now() - 300_000),
    because: 'expected JSON; came a text that ends too early',
  },
];

const SHELVED = (devices: Device[]) => [
  {
    source: { kind: 'device', id: devices.at(-1)?.device_id, name: devices.at(-1)?.name },
    kind: 'door',
    kind_name: { zh: '门磁告警', en: 'Door alarm' },
    until: iso(Date.now() + 2_400_000),
    by: null,
    because: { zh: '10 分钟内反复 7 次', en: 'chattered 7 times in 10 minutes' },
    kept_back: 7,
  },
];

export function sensors(play: Play, { id, verb, query, body }: Asked): Answer {
  const { devices } = play;
  if (!id) return ok(pageOf(devices, query));
  if (id === 'summary') return ok(summaryOf(devices));
  if (id === 'shelved') return page(SHELVED(devices));
  if (id === 'inhibited') return ok([]);
  if (id === 'set-aside') return page(SET_ASIDE());
  if (id === 'import') return ok(importOf(String(body['text'] ?? ''), devices));
  const device = devices.find((d) => d.device_id === id);
  if (!device) return wrong(404, 'not_found', id);
  if (verb === 'history') return ok(historyOf(device, Number(query.get('hours') ?? 24)));
  if (verb === 'credential') return ok({ username: id, password: 'k7Q2-mVx9-played-only' });
  return verb ? DONE : ok(device);
}
