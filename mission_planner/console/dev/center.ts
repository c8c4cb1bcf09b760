/** Development only: a played center, so that the console can be seen without a backend. Keeps nothing; admin or viewer, password "ronda". */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'vite';
import type { Account, Device, Flood, Incident, PatrolDraft } from '../src/api/types';
import { isActive } from '../src/logic/order';
import { Play } from './play';
import { release } from './fall';
import { picture } from './pictures';
import { dispatchable, handlingOf, PEOPLE, shiftsOf } from './people';
import { freshId, iso } from './robots';
import { SENTENCES, speak } from './speech';
import { historyOf, importOf, pageOf, summaryOf } from './sensors';
import { UNTOUCHED } from './things';

type Body = Record<string, unknown>;

const TICK_S = 0.25;
const ACTIONS = [
  'incident.acknowledge',
  'incident.close',
  'incident.false_alarm',
  'incident.reopen',
  'incident.note',
  'incident.release',
  'robot.order',
  'patrol.edit',
  'patrol.run',
  'video.watch',
  'incident.dispatch',
  'incident.verify',
  'incident.arrive',
  'incident.resolve',
  'incident.merge',
  'sensor.edit',
  'sensor.shelve',
  'evidence.export',
  'duty.edit',
  'account.manage',
];
const VIEWER = { username: 'viewer', display_name: '大屏', roles: ['viewer'], actions: [] };
const ACCOUNT = { username: 'admin', display_name: '值班员', roles: ['admin'], actions: ACTIONS };

interface Answer {
  status: number;
  body?: unknown;
}

const ok = (body: unknown): Answer => ({ status: 200, body });
const wrong = (status: number, code: string, message: string, where: string | null = null): Answer => ({
  status,
  body: { error: { code, message, where } },
});
const page = (items: unknown[]): Answer => ok({ items, next: null });

class Center {
  private readonly listeners = new Set<ServerResponse>();
  private nextEvent = 1;
  private readonly play = new Play((event, data) => this.send(event, data, true));
  private attempts = 0;
  private account: Account = ACCOUNT; // of whoever logged in last: this is a play

  constructor() {
    setInterval(() => this.tick(), TICK_S * 1000).unref();
    setInterval(() => this.listeners.forEach((r) => r.write(': heartbeat\n\n')), 5000).unref();
  }

  private tick(): void {
    this.play.tick(TICK_S);
    const robots = this.play.robots.map(({ robot }) => ({
      ...robot,
      next_checkpoint_id: robot.mission?.next_checkpoint_id ?? null,
      done: robot.mission?.done ?? null,
      total: robot.mission?.total ?? null,
    }));
    this.send(
      'poses',
      {
        site_time: iso(Date.now()),
        robots: robots.map(
          ({
            name: _n,
            kind: _k,
            dock_id: _d,
            latest_picture: _l,
            refused: _r,
            mission: _m,
            last_seen_at: _s,
            ...row
          }) => row,
        ),
      },
      false,
    );
  }

  private send(event: string, data: unknown, durable: boolean): void {
    const id = durable ? `id: ${this.nextEvent++}\n` : '';
    this.listeners.forEach((r) => r.write(`${id}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`));
  }

  listen(request: IncomingMessage, response: ServerResponse): void {
    response.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    const { play } = this;
    if (!request.headers['last-event-id']) {
      const missions = [...play.missions.values()].filter((m) => m.state !== 'done');
      response.write(
        `id: ${this.nextEvent}\nevent: snapshot\ndata: ${JSON.stringify({ robots: play.robots.map((d) => d.robot), incidents: play.incidents, missions, site_time: iso(Date.now()) })}\n\n`,
      );
    }
    this.listeners.add(response);
    request.on('close', () => this.listeners.delete(response));
  }

  answer(method: string, path: string, query: URLSearchParams, body: Body, cookie: boolean): Answer {
    const [noun = '', id = '', verb = ''] = path.split('/').filter(Boolean).map(decodeURIComponent);
    const { play } = this;
    if (noun === 'session') return this.session(method, body, cookie);
    if (!cookie) return wrong(401, 'unauthenticated', 'log in first');
    if (noun === 'site') return ok(play.site);
    if (noun === 'status') return ok(STATUS());
    if (noun === 'robots') return id === 'sentences' ? ok(SENTENCES) : this.robot(id, verb, body);
    if (noun === 'missions') return this.mission(id, verb);
    if (id === 'set-aside') return page(SET_ASIDE());
    if (path === '/video/ice-servers') return ok({ ice_servers: [] });
    if (noun === 'sensors') return this.sensor(id, verb, query, body);
    if (path === '/notices') return page(this.notices());
    if (path === '/notices/unread') return ok({ unread: 2 });
    if (noun === 'notices') return { status: 204 };
    if (noun === 'accounts') return ok(PEOPLE);
    if (path === '/duty/shifts') return ok(shiftsOf(query.get('from') ?? iso(Date.now())));
    if (path === '/incidents/flood') return ok(FLOOD);
    if (path === '/incidents/handling') return ok(handlingOf(Number(query.get('days') ?? 7)));
    if (verb === 'people') return ok(dispatchable());
    if (verb === 'merge-candidates') return ok(this.candidates(id));
    if (noun === 'incidents')
      return id ? this.incident(id, verb, body) : page(play.incidents.filter((i) => i.closed_at));
    if (noun === 'patrols') return this.patrol(method, id, verb, body);
    return wrong(404, 'not_found', path);
  }

  private session(method: string, body: Body, cookie: boolean): Answer {
    if (method === 'DELETE') return { status: 204 };
    if (method === 'GET') return cookie ? ok({ account: this.account }) : wrong(401, 'unauthenticated', 'no session');
    this.account = body['username'] === 'viewer' ? VIEWER : ACCOUNT;
    if (body['password'] === 'ronda') return ok({ account: this.account });
    this.attempts += 1;
    return this.attempts % 4 === 0
      ? wrong(429, 'throttled', 'too many attempts')
      : wrong(401, 'wrong_password', 'wrong');
  }

  private robot(id: string, verb: string, body: Body): Answer {
    const driver = this.play.robots.find((d) => d.robot.robot_id === id);
    if (!driver) return wrong(404, 'not_found', id);
    if (verb === 'cameras') return wrong(503, 'unavailable', '演示用的中心没有视频 · the played center has no video');
    if (verb === 'pause' && driver.mission) Object.assign(driver.mission, { state: 'paused', because: '值班员暂停' });
    if (verb === 'resume' && driver.mission) Object.assign(driver.mission, { state: 'underway', because: '' });
    if (verb === 'dock') return wrong(409, 'conflict', '正在核实事件，先取消任务');
    if (verb === 'lights') driver.robot.lights_on = body['on'] === true;
    if (verb === 'speak') speak(driver.robot, body, () => this.send('robot', driver.robot, true));
    if (driver.mission) this.send('mission', driver.mission, true);
    return ok(driver.robot);
  }

  private mission(id: string, verb: string): Answer {
    if (!id) return page([...this.play.missions.values()].reverse());
    const mission = this.play.missions.get(id);
    if (!mission) return wrong(404, 'not_found', id);
    if (verb === 'cancel') mission.state = 'cancelled';
    return ok(mission);
  }

  private incident(id: string, verb: string, body: Body): Answer {
    const incident = this.play.incidents.find((i) => i.incident_id === id);
    if (!incident) return wrong(404, 'not_found', id);
    const note = String(body['note'] ?? '');
    const moves: Record<string, [Incident['state'], string, string]> = {
      acknowledge: ['acknowledged', '已接手', 'Taken'],
      close: ['closed', `已关闭：${note}`, `Closed: ${note}`],
      'false-alarm': ['false_alarm', `误报：${note}`, `False alarm: ${note}`],
      reopen: ['open', '重新打开', 'Reopened'],
      dispatch: ['dispatched', '已派人', 'Somebody was sent'],
      verify: ['verifying', '请求核实', 'A look was asked for'],
      arrive: ['on_scene', '已到现场', 'Arrived'],
      resolve: ['resolved', '已处置', 'Dealt with'],
      merge: ['merged', '并入另一起事件', 'Merged'],
    };
    const move = moves[verb];
    if (!verb) return ok(incident);
    if (verb === 'release') release(this.play, incident);
    if (move)
      Object.assign(incident, {
        state: move[0],
        owner: 'admin',
        because: note,
        closed_at: isActive(move[0]) ? null : iso(Date.now()),
        assignee: verb === 'dispatch' ? { username: 'wang.gang', display_name: '王刚' } : incident.assignee,
        assigned_at: verb === 'dispatch' ? iso(Date.now()) : incident.assigned_at,
        may: isActive(move[0]) ? [...UNTOUCHED.may.slice(1), 'arrive', 'resolve'] : ['reopen'],
        sla: incident.sla && { ...incident.sla, next_at: null },
      });
    const said = verb === 'release' ? ['放行机器人', 'Robot released'] : [move?.[1] ?? note, move?.[2] ?? note];
    this.play.note(
      incident,
      verb === 'release' ? 'released' : verb,
      { zh: said[0] ?? note, en: said[1] ?? note },
      'admin',
    );
    this.send('incident', incident, true);
    return ok(incident);
  }

  private sensor(id: string, verb: string, query: URLSearchParams, body: Body): Answer {
    const { devices } = this.play;
    if (!id) return ok(pageOf(devices, query));
    if (id === 'summary') return ok(summaryOf(devices));
    if (id === 'shelved') return page(SHELVED(devices));
    if (id === 'inhibited') return ok([]);
    if (id === 'import') return ok(importOf(String(body['text'] ?? ''), devices));
    const device = devices.find((d) => d.device_id === id);
    if (!device) return wrong(404, 'not_found', id);
    if (verb === 'history') return ok(historyOf(device, Number(query.get('hours') ?? 24)));
    if (verb === 'credential') return ok({ username: id, password: 'k7Q2-mVx9-played-only' });
    return verb ? { status: 204 } : ok(device);
  }

  private notices(): unknown[] {
    return [...this.play.incidents].reverse().map((i, n) => ({
      ...i,
      seq: 100 - n,
      at: i.opened_at,
      action: i.closed_at ? 'resolve' : 'trigger',
      text: i.closed_at ? { zh: '已经结束', en: 'it is over' } : { zh: '请有人接手', en: 'somebody must act' },
      read: n > 1,
    }));
  }

  private candidates(id: string): unknown[] {
    const { incidents } = this.play;
    return incidents
      .filter((i) => i.incident_id !== id && !i.closed_at)
      .map((i) => ({
        ...i,
        sources_total: i.sources.length,
        why: { zh: '同一楼栋，相隔 12 分钟', en: 'same building, 12 minutes apart' },
      }));
  }

  private patrol(method: string, id: string, verb: string, body: Body): Answer {
    const { play } = this;
    if (!id && method === 'GET') return page(play.patrols);
    if (id === 'preview') {
      const step = /MINUTELY/.test(String(body['rrule'])) ? 60_000 : 3600_000;
      const n = Number(/INTERVAL=(\d+)/.exec(String(body['rrule']))?.[1] ?? 1);
      return ok({
        next: Array.from({ length: 10 }, (_, i) => ({
          at: iso(Math.ceil(Date.now() / step) * step + i * n * step),
          local: '',
          note: null,
        })),
      });
    }
    const draft = body as unknown as PatrolDraft;
    if (!id) {
      if (play.patrols.some((p) => p.name === draft.name))
        return wrong(422, 'invalid_input', '已有同名的巡逻，请换个名字', 'name');
      const patrol = {
        ...draft,
        patrol_id: freshId('patrol'),
        next_runs: [iso(Date.now() + 7200_000)],
        last_run: null,
        because: '',
      };
      play.patrols.push(patrol);
      return { status: 201, body: patrol };
    }
    const at = play.patrols.findIndex((p) => p.patrol_id === id);
    const patrol = play.patrols[at];
    if (!patrol) return wrong(404, 'not_found', id);
    if (verb === 'run') {
      const run = play.run(patrol);
      this.send('patrol', patrol, true);
      return { status: 202, body: { run_id: run.run_id, missions: run.mission_ids } };
    }
    if (verb === 'runs') return page(play.runs.filter((r) => r.patrol_id === id).reverse());
    if (method === 'DELETE') play.patrols.splice(at, 1);
    if (method === 'PUT') Object.assign(patrol, draft);
    return method === 'DELETE' ? { status: 204 } : ok(patrol);
  }
}

const SET_ASIDE = () => [
  {
    report_id: 'aside-1',
    topic: 'xinghe/sensors/door-x/event',
    body: '{"state":"alarm"',
    received_at: iso(Date.now() - 300_000),
    because: 'expected JSON; came a text that ends too early',
  },
];

const STATUS = () => ({
  site_time: iso(Date.now()),
  speed: 1,
  components: [
    ...['mqtt', 'router', 'scheduler', 'store'].map((name) => ({ name, state: 'ok', because: { zh: '', en: '' } })),
    { name: 'vision', state: 'unavailable', because: { zh: '未提供模型', en: 'no model was provided' } },
    { name: 'voice', state: 'unavailable', because: { zh: '未提供模型', en: 'no model was provided' } },
  ],
  versions: { ronda: '0.1.0 (played)' },
});

const FLOOD: Flood = { active: false, since: null, alarms_in_10_min: 3, limit: 10, operators: 1, bundled: 0 };

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

async function bodyOf(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  if (/csv|yaml/.test(request.headers['content-type'] ?? '')) return { text };
  return text ? (JSON.parse(text) as Body) : {};
}

/** The Vite plugin: answers `/api/v1` in `vite` and `vite preview`. */
export function playedCenter(): Plugin {
  let center: Center | null = null;
  const handle = (request: IncomingMessage, response: ServerResponse, next: () => void) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (!url.pathname.startsWith('/api/v1/')) return next();
    center ??= new Center();
    const path = url.pathname.slice('/api/v1'.length);
    const cookie = /ronda_session=/.test(request.headers.cookie ?? '');
    if (path === '/events') return center.listen(request, response);
    if (path.startsWith('/evidence/')) {
      response.writeHead(200, { 'Content-Type': 'image/svg+xml' });
      return response.end(picture(path.slice('/evidence/'.length)));
    }
    const held = center;
    void bodyOf(request).then((body) => {
      const { status, body: sent } = held.answer(request.method ?? 'GET', path, url.searchParams, body, cookie);
      const headers: Record<string, string> = { 'Content-Type': 'application/json' };
      if (status === 429) headers['Retry-After'] = '20';
      if (path === '/session' && request.method === 'POST' && status === 200)
        headers['Set-Cookie'] = 'ronda_session=played; Path=/; HttpOnly; SameSite=Strict';
      if (path === '/session' && request.method === 'DELETE')
        headers['Set-Cookie'] = 'ronda_session=; Path=/; Max-Age=0';
      response.writeHead(status, headers);
      response.end(sent === undefined ? '' : JSON.stringify(sent));
    });
  };
  return {
    name: 'ronda-played-center',
    configureServer: (server) => void server.middlewares.use((q, r, n) => void handle(q, r, n)),
    configurePreviewServer: (server) => void server.middlewares.use((q, r, n) => void handle(q, r, n)),
  };
}
