/** Development only: a played center: who listens, what time does, and who answers. Keeps nothing; admin or viewer, password "ronda". */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ok, wrong, type Answer, type Asked, type Body } from './answers/answer';
import { incidents } from './answers/incidents';
import { notices } from './answers/notices';
import { patrols } from './answers/patrols';
import { missions, robots } from './answers/robots';
import { sensors } from './answers/sensors';
import { Session } from './answers/session';
import { PEOPLE, shiftsOf } from './people';
import { Play } from './play';
import { iso } from './robots';

const TICK_S = 0.25;

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

const ANSWERS: Record<string, (play: Play, asked: Asked) => Answer> = {
  site: (play) => ok(play.site),
  status: () => ok(STATUS()),
  robots,
  missions,
  sensors,
  notices,
  incidents,
  patrols,
  accounts: () => ok(PEOPLE),
  duty: (_, { query }) => ok(shiftsOf(query.get('from') ?? iso(Date.now()))),
  video: (_, { id }) => (id === 'ice-servers' ? ok({ ice_servers: [] }) : wrong(404, 'not_found', id)),
};

export class Center {
  private readonly listeners = new Set<ServerResponse>();
  private nextEvent = 1;
  private readonly play = new Play((event, data) => this.send(event, data, true));
  private readonly session = new Session();

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
    const asked = { method, noun, id, verb, query, body };
    if (noun === 'session') return this.session.answer(asked, cookie);
    if (!cookie) return wrong(401, 'unauthenticated', 'log in first');
    return ANSWERS[noun]?.(this.play, asked) ?? wrong(404, 'not_found', path);
  }
}
