/** Development only: the played community: its devices, incidents, patrols, and what happens as time goes on. */
import type { Device, Incident, Mission, Patrol, Run, Site, Text, VerificationState } from '../src/api/types';
import { drive, freshId, iso, missionOf, photo, syncMission, type Driver } from './robots';
import { fallen } from './fall';
import { readSite, router, stands } from './site';
import { deviceOf, robotAt, slaOf, UNTOUCHED } from './things';

export type Emit = (event: string, data: unknown) => void;

const KINDS: Record<string, [priority: Incident['priority'], zh: string, en: string]> = {
  smoke: [1, '烟感报警', 'Smoke alarm'],
  elevator: [2, '电梯故障', 'Elevator fault'],
  manhole: [2, '井盖异常', 'Manhole moved'],
  water_no_use: [3, '长时间未用水', 'No water use'],
  door: [4, '门磁告警', 'Door alarm'],
};

export class Play {
  readonly site: Site = readSite();
  readonly robots: Driver[];
  readonly devices: Device[];
  readonly incidents: Incident[] = [];
  readonly missions = new Map<string, Mission>();
  readonly patrols: Patrol[] = [];
  readonly runs: Run[] = [];
  private readonly route = router(this.site);
  private readonly stops = stands(this.site, 'viewpoint');
  private sinceAlarm_s = 0;
  private alarmed = false;

  constructor(readonly emit: Emit) {
    const docks = stands(this.site, 'dock');
    this.robots = stands(this.site, 'robot_home').map((home, i) =>
      robotAt(home, docks[i] ?? home, i, this.stops[i]?.zh ?? ''),
    );
    this.devices = this.site.map.features
      .filter((f) => f.properties?.['layer'] === 'device')
      .map((f) => deviceOf(f, this.site.origin));
    this.past();
    this.plan();
    fallen(this);
  }

  open(kind: string, device: Device, ago_s: number): Incident {
    const [priority, zh, en] = KINDS[kind] ?? [3, kind, kind];
    const at = iso(Date.now() - ago_s * 1000);
    const incident: Incident = {
      incident_id: freshId('incident'),
      kind,
      kind_name: { zh, en },
      priority,
      state: 'open',
      opened_at: at,
      changed_at: at,
      closed_at: null,
      owner: null,
      because: '',
      position: device.position,
      place: device.place,
      place_detail: device.place_detail,
      source: { kind: 'device', id: device.device_id, name: device.name },
      source_cleared_at: null,
      verification: { state: 'not_needed', because: '', robot_id: null, mission_id: null },
      evidence: [],
      findings: [],
      certainty: null,
      waiting_robot: null,
      ...UNTOUCHED,
      sla: slaOf(priority, ago_s),
      weighing: {
        probability: 0.62,
        words: [
          { text: { zh: `${device.name.zh}报警`, en: `${device.name.en} says alarm` }, log_odds: 1.5 },
          { text: { zh: '同户燃气探测器正常', en: 'the gas detector of the flat is normal' }, log_odds: -0.6 },
        ],
      },
      sources: [
        {
          source: { kind: 'device', id: device.device_id, name: device.name },
          kind,
          place: device.place,
          place_detail: device.place_detail,
          position: device.position,
          at,
          cleared_at: null,
        },
      ],
      explained: 0,
      repeats: 0,
      timeline: [
        {
          at,
          kind: 'opened',
          text: { zh: `${device.name.zh}报警`, en: `${device.name.en} raised the alarm` },
          by: null,
          picture: null,
        },
      ],
    };
    this.incidents.push(incident);
    device.state = 'alarm';
    device.incident_id = incident.incident_id;
    return incident;
  }

  /** What happened before anyone looked. */
  private past(): void {
    const find = (kind: string, nth: number) => this.devices.filter((d) => d.kind === kind)[nth] as Device;
    const old: [kind: string, device: Device, ago_s: number][] = [
      ['elevator', find('elevator', 4), 1260],
      ['water_no_use', find('water_meter', 6), 5400],
    ];
    old.forEach(([kind, device, ago_s]) => this.open(kind, device, ago_s));
    const taken = this.incidents[0];
    if (taken)
      this.note(
        Object.assign(taken, {
          state: 'acknowledged',
          owner: 'admin',
          sla: taken.sla && { ...taken.sla, next_at: null },
        }),
        'acknowledged',
        { zh: '已接手', en: 'Taken' },
        'admin',
      );
    for (const [nth, [kind, sort, ago_s]] of (
      [
        ['smoke', 'smoke', 15_000],
        ['manhole', 'manhole', 22_000],
        ['door', 'door_magnet', 31_000],
      ] as const
    ).entries()) {
      const device = find(sort, 3 + nth);
      const done = this.open(kind, device, ago_s);
      done.state = nth === 2 ? 'false_alarm' : 'closed';
      done.owner = 'admin';
      done.closed_at = done.changed_at = iso(Date.now() - (ago_s - 400) * 1000);
      done.because = nth === 2 ? '住户搬运家具触发' : '现场确认无明火，已通风';
      done.timeline.push({
        at: iso(Date.now() - (ago_s - 45) * 1000),
        kind: 'acknowledged',
        text: { zh: '已接手', en: 'Taken' },
        by: 'admin',
        picture: null,
      });
      done.evidence = [
        photo(
          device.place && typeof device.place === 'object' ? device.place.zh : '',
          `smoke-old-${nth}`,
          Date.parse(done.closed_at) - 60_000,
        ),
      ];
      Object.assign(device, { state: 'normal', incident_id: null });
    }
  }

  private plan(): void {
    const pick = (...n: number[]) => n.flatMap((i) => this.stops[i - 1]?.id ?? []);
    const base = {
      robot_ids: [],
      starts_at: '2026-01-01T00:00:00',
      timezone: this.site.timezone,
      missed: 'skip',
      overlap: 'skip',
      last_run: null,
      because: '',
    } as const;
    this.patrols.push(
      {
        ...base,
        patrol_id: 'p-west',
        name: '西区日常巡逻',
        viewpoint_ids: pick(1, 2, 3, 5, 7, 8, 10, 11),
        rrule: 'FREQ=HOURLY;INTERVAL=2',
        enabled: true,
        robots_wanted: 1,
        robot_ids: ['r1'],
        next_runs: this.next(2),
      },
      {
        ...base,
        patrol_id: 'p-fire',
        name: '夜间消防通道巡查',
        viewpoint_ids: pick(1, 6, 10, 12, 14, 26, 28, 35, 37),
        rrule: 'FREQ=HOURLY;INTERVAL=1;BYHOUR=0,1,2,3,4,5,22,23',
        enabled: true,
        robots_wanted: 2,
        robot_ids: [],
        next_runs: this.next(1),
      },
      {
        ...base,
        patrol_id: 'p-gate',
        name: '南门与商铺',
        viewpoint_ids: pick(20, 21, 22, 23, 24),
        rrule: 'FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR;BYHOUR=8,18;BYMINUTE=0;BYSECOND=0',
        enabled: false,
        robots_wanted: 1,
        robot_ids: ['r2'],
        next_runs: [],
      },
    );
    const [west, fire] = this.patrols;
    if (west) this.run(west, Date.now() - 90_000);
    if (fire) {
      this.runs.push({
        run_id: freshId('run'),
        patrol_id: fire.patrol_id,
        due_at: iso(Date.now() - 7200_000),
        started_at: null,
        state: 'skipped',
        because: '上一次还没结束，按计划跳过',
        mission_ids: [],
      });
      fire.last_run = this.runs.at(-1) ?? null;
    }
    const second = this.robots[1];
    if (second && fire)
      this.send(second, {
        name: fire.name,
        kind: 'patrol',
        stops: this.stops.slice(13, 22),
        because: '电量 58 %，离第一个点最近',
        patrol_id: fire.patrol_id,
      });
  }

  private next(hours: number): string[] {
    const first = Math.ceil(Date.now() / (hours * 3600_000)) * hours * 3600_000;
    return Array.from({ length: 10 }, (_, i) => iso(first + i * hours * 3600_000));
  }

  run(patrol: Patrol, at_ms = Date.now()): Run {
    const driver = this.robots.find((d) => patrol.robot_ids.includes(d.robot.robot_id)) ?? this.robots[0];
    const run: Run = {
      run_id: freshId('run'),
      patrol_id: patrol.patrol_id,
      due_at: iso(at_ms),
      started_at: iso(at_ms),
      state: 'started',
      because: '',
      mission_ids: [],
    };
    const stops = patrol.viewpoint_ids.flatMap((id) => this.stops.find((s) => s.id === id) ?? []);
    if (driver)
      run.mission_ids.push(
        this.send(driver, {
          name: patrol.name,
          kind: 'patrol',
          stops,
          because: '指定的机器人，电量 76 %',
          patrol_id: patrol.patrol_id,
          run_id: run.run_id,
        }).mission_id,
      );
    this.runs.push(run);
    patrol.last_run = run;
    return run;
  }

  send(driver: Driver, order: Parameters<typeof missionOf>[1]): Mission {
    const mission = missionOf(driver.robot.robot_id, order, Date.now());
    this.missions.set(mission.mission_id, mission);
    driver.mission = mission;
    driver.way = [];
    driver.dwell_s = 0;
    syncMission(driver);
    return mission;
  }

  note(
    incident: Incident,
    kind: string,
    text: Text,
    by: string | null,
    picture: Incident['evidence'][number] | null = null,
  ): void {
    incident.changed_at = iso(Date.now());
    incident.timeline.push({ at: incident.changed_at, kind, text, by, picture });
  }

  /** The story: a quarter of a minute in, a smoke alarm; the first robot goes to look. */
  private story(dt_s: number): void {
    this.sinceAlarm_s += dt_s;
    const [first] = this.robots;
    if (this.alarmed || this.sinceAlarm_s < 15 || !first) return;
    this.alarmed = true;
    const device = this.devices.filter((d) => d.kind === 'smoke')[9] as Device;
    const incident = this.open('smoke', device, 0);
    const why = {
      zh: '巡逻一号最近：沿路 96 米，电量 75 %，正在做的巡逻可以暂停',
      en: 'Patrol One is nearest: 96 m by lane, battery 75 %, its patrol can wait',
    };
    incident.verification = { state: 'sent', because: why, robot_id: first.robot.robot_id, mission_id: null };
    if (first.mission) {
      first.mission.state = 'paused';
      first.mission.because = '去查看烟感报警';
      first.suspended = first.mission;
      this.emit('mission', first.mission);
    }
    const at = device.position ?? { x_m: 0, y_m: 0 };
    const stop = this.stops.reduce((a, b) =>
      Math.hypot(a.pose.x_m - at.x_m, a.pose.y_m - at.y_m) < Math.hypot(b.pose.x_m - at.x_m, b.pose.y_m - at.y_m)
        ? a
        : b,
    );
    const mission = this.send(first, {
      name: '核实烟感报警',
      kind: 'verify',
      stops: [stop],
      because: why.zh,
      incident_id: incident.incident_id,
    });
    incident.verification.mission_id = mission.mission_id;
    this.note(incident, 'sent', { zh: '巡逻一号已派出', en: 'Patrol One was sent' }, null);
    this.emit('sensor', device);
    this.emit('incident', incident);
    this.emit('mission', mission);
  }

  tick(dt_s: number): void {
    this.story(dt_s);
    for (const d of this.robots) {
      if (drive(d, dt_s, this.route, Date.now()) !== 'arrived' || !d.mission) continue;
      const { mission } = d;
      const ended = mission.done === mission.total;
      if (ended) Object.assign(mission, { state: 'done', ended_at: iso(Date.now()) });
      this.emit('mission', structuredClone(mission));
      if (ended) this.finish(d, mission);
      syncMission(d);
      this.emit('robot', d.robot);
    }
    this.robots.forEach(syncMission);
  }

  private finish(d: Driver, mission: Mission): void {
    const incident = this.incidents.find((i) => i.incident_id === mission.incident_id);
    const picture = mission.checkpoints[0]?.entry?.photos[0];
    if (incident && picture) {
      incident.verification.state = 'seen' satisfies VerificationState;
      incident.evidence.push(picture);
      this.note(incident, 'seen', { zh: '巡逻一号拍到现场', en: 'Patrol One photographed the place' }, null, picture);
      this.emit('incident', incident);
    }
    d.mission = d.suspended;
    d.suspended = null;
    d.robot.activity = 'idle';
    if (d.mission) Object.assign(d.mission, { state: 'underway', because: '' });
    const run = this.runs.find((r) => r.mission_ids.includes(mission.mission_id));
    if (run) run.state = 'done';
  }
}
