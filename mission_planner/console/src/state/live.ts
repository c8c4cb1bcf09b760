/** The living view of the site: the event stream flows into these signals, and acts' answers do too. */
import { computed, signal } from '@preact/signals';
import { devices as deviceCalls, site as siteCalls, status as statusCalls } from '../api/calls';
import { ApiError } from '../api/client';
import { openStream } from '../api/stream';
import type { Device, Gone, Incident, Mission, Poses, Site, Snapshot, Status } from '../api/types';
import { apply, EMPTY, type World, type WorldEvent } from '../logic/world';
import { queue } from '../logic/order';
import { hearSiteTime } from './now';
import { resource } from './resource';
import { session } from './session';

export type Connection = { state: 'opening' | 'up' } | { state: 'down'; error: ApiError };

export const world = signal<World>(EMPTY);
export const connection = signal<Connection>({ state: 'opening' });
export const lastHeard_ms = signal<number>(Date.now()); // wall; any sign of life from the center
export const snapshots = signal(0); // how many came
export const snapshotSeen = signal(false); // until then "nothing there" would be a guess

export const site = resource<Site>(siteCalls.read);
export const status = resource<Status>(async () => {
  const read = await statusCalls.read();
  hearSiteTime(read.site_time, read.speed);
  return read;
});
/** More sensors than the map can show at once; of a larger site it shows those in alarm. */
const ON_MAP = 2000;

/** The sensors the map shows. Lists ask for themselves, page by page. */
export const mapDevices = resource<Device[]>(async () => {
  const { total } = await deviceCalls.summary();
  return deviceCalls.upTo(ON_MAP, total > ON_MAP ? { state: 'alarm' } : {});
});

/** The sensor that was told of last: lists and pages that show it take it over. */
export const heardDevice = signal<Device | null>(null);

/** Grows when more alarms than people can take begin or end. */
export const floodChanged = signal(0);

/** Grows when somebody is told of something. */
export const noticeTold = signal(0);

/** Grows when a patrol was changed or removed: lists then ask again. */
export const patrolsChanged = signal(0);

export const queued = computed(() => queue(world.value.incidents.values()));

export function tell(event: WorldEvent): void {
  world.value = apply(world.peek(), event, Date.now());
}

const WORLD_EVENTS = new Set(['snapshot', 'incident', 'mission', 'robot', 'poses']);

function hear(type: string, data: unknown): void {
  if (type === 'snapshot' || type === 'poses') hearSiteTime((data as Snapshot | Poses).site_time);
  if (WORLD_EVENTS.has(type) && !(data as Partial<Gone>).deleted) tell({ type, data } as WorldEvent);
  if (type === 'snapshot') {
    snapshotSeen.value = true;
    snapshots.value++;
    patrolsChanged.value++;
    floodChanged.value++;
    if (mapDevices.value.state === 'ready') void mapDevices.reload();
  }
  if (type === 'sensor' && !(data as Partial<Gone>).deleted) hearDevice(data as Device);
  if (type === 'patrol') patrolsChanged.value++;
  if (type === 'flood') floodChanged.value++;
  if (type === 'notice' || type === 'snapshot') noticeTold.value++;
}

function hearDevice(device: Device): void {
  heardDevice.value = device;
  const now = mapDevices.value;
  if (now.state !== 'ready') return;
  const at = now.data.findIndex((d) => d.device_id === device.device_id);
  if (at >= 0) mapDevices.set(now.data.with(at, device));
  else if (now.data.length < ON_MAP || device.state === 'alarm') mapDevices.set([...now.data, device]);
}

/** Takes over what an act answered with, ahead of its event. */
export const tellIncident = (incident: Incident): void => tell({ type: 'incident', data: incident });
export const tellMission = (mission: Mission): void => tell({ type: 'mission', data: mission });

let close: (() => void) | null = null;

export function startLive(): void {
  close?.();
  connection.value = { state: 'opening' };
  snapshotSeen.value = false;
  void site.reload();
  void status.reload();
  void mapDevices.reload();
  close = openStream({
    event: hear,
    heard: () => (lastHeard_ms.value = Date.now()),
    up: () => {
      const was = connection.peek().state;
      connection.value = { state: 'up' };
      if (was === 'down') {
        if (site.value.state !== 'ready') void site.reload();
        void status.reload();
      }
    },
    down: (error) => (connection.value = { state: 'down', error }),
    unauthorised: () => (session.value = { state: 'out', ended: true }),
  });
}

export function stopLive(): void {
  close?.();
  close = null;
  world.value = EMPTY;
}
