/** Every call the console makes, by noun. */
import { BASE, listAll, request } from './client';
import type {
  Account,
  Credential,
  Device,
  DeviceHistory,
  DeviceSummary,
  Dispatchable,
  Flood,
  HandlingReport,
  IceServers,
  ImportReport,
  Incident,
  Inhibited,
  MergeCandidate,
  Mission,
  Notice,
  Page,
  Patrol,
  PatrolDraft,
  Person,
  PersonChange,
  PersonDraft,
  PreviewRun,
  QueueRow,
  Robot,
  Run,
  Sentences,
  SetAside,
  Shelved,
  Shift,
  ShiftDraft,
  Site,
  SpeakBody,
  Status,
} from './types';

const id = encodeURIComponent;

export const session = {
  read: () => request<{ account: Account }>('/session'),
  open: (username: string, password: string) =>
    request<{ account: Account }>('/session', { method: 'POST', body: { username, password } }),
  end: () => request<void>('/session', { method: 'DELETE' }),
};

export const site = { read: () => request<Site>('/site') };
export const status = { read: () => request<Status>('/status') };

export const robots = {
  read: (robotId: string) => request<Robot>(`/robots/${id(robotId)}`),
  dock: (robotId: string) => request<unknown>(`/robots/${id(robotId)}/dock`, { method: 'POST', body: { note: '' } }),
  pause: (robotId: string) => request<unknown>(`/robots/${id(robotId)}/pause`, { method: 'POST', body: { note: '' } }),
  resume: (robotId: string) =>
    request<unknown>(`/robots/${id(robotId)}/resume`, { method: 'POST', body: { note: '' } }),
  lights: (robotId: string, on: boolean) =>
    request<Robot>(`/robots/${id(robotId)}/lights`, { method: 'POST', body: { on, note: '' } }),
  sentences: () => request<Sentences>('/robots/sentences'),
  speak: (robotId: string, body: SpeakBody) => request<Robot>(`/robots/${id(robotId)}/speak`, { method: 'POST', body }),
};

export const missions = {
  read: (missionId: string) => request<Mission>(`/missions/${id(missionId)}`),
  ofRobot: (robotId: string) => request<Page<Mission>>(`/missions?robot_id=${id(robotId)}&limit=10`),
  cancel: (missionId: string, note: string) =>
    request<Mission>(`/missions/${id(missionId)}/cancel`, { method: 'POST', body: { note } }),
};

export const patrols = {
  all: () => listAll<Patrol>('/patrols'),
  create: (draft: PatrolDraft) => request<Patrol>('/patrols', { method: 'POST', body: draft }),
  update: (patrolId: string, draft: PatrolDraft) =>
    request<Patrol>(`/patrols/${id(patrolId)}`, { method: 'PUT', body: draft }),
  remove: (patrolId: string, keepalive = false) =>
    request<void>(`/patrols/${id(patrolId)}`, { method: 'DELETE', keepalive }),
  run: (patrolId: string) =>
    request<{ run_id: string; missions: string[] }>(`/patrols/${id(patrolId)}/run`, { method: 'POST', body: {} }),
  runs: (patrolId: string, after?: string) =>
    request<Page<Run>>(`/patrols/${id(patrolId)}/runs?limit=20${after ? `&after=${id(after)}` : ''}`),
  preview: (rrule: string, starts_at: string, timezone: string, signal?: AbortSignal) =>
    request<{ next: PreviewRun[] }>('/patrols/preview', {
      method: 'POST',
      body: { rrule, starts_at, timezone },
      ...(signal ? { signal } : {}),
    }),
};

const ENDED = 'closed,false_alarm,merged';

export const incidents = {
  read: (incidentId: string) => request<Incident>(`/incidents/${id(incidentId)}`),
  queue: (after?: string) => request<Page<QueueRow>>(`/incidents/queue?limit=100${after ? `&after=${id(after)}` : ''}`),
  ended: (after?: string, limit = 50) =>
    request<Page<Incident>>(`/incidents?state=${ENDED}&limit=${limit}${after ? `&after=${id(after)}` : ''}`),
  acknowledge: (incidentId: string) => act(incidentId, 'acknowledge', {}),
  verify: (incidentId: string) => act(incidentId, 'verify', {}),
  dispatch: (incidentId: string, to: string | null, note: string) => act(incidentId, 'dispatch', { to, note }),
  take: (incidentId: string) => request<Incident>(`/incidents/${id(incidentId)}/take`, { method: 'POST' }),
  arrive: (incidentId: string) => act(incidentId, 'arrive', {}),
  resolve: (incidentId: string, note: string) => act(incidentId, 'resolve', { note }),
  close: (incidentId: string, note: string) => act(incidentId, 'close', { note }),
  falseAlarm: (incidentId: string, note: string) => act(incidentId, 'false-alarm', { note }),
  merge: (incidentId: string, into: string, note: string) => act(incidentId, 'merge', { into, note }),
  reopen: (incidentId: string) => act(incidentId, 'reopen', {}),
  note: (incidentId: string, note: string) => act(incidentId, 'note', { note }),
  release: (incidentId: string) => act(incidentId, 'release', { note: '' }),
  people: (incidentId: string) => request<Dispatchable[]>(`/incidents/${id(incidentId)}/people`),
  mergeCandidates: (incidentId: string) => request<MergeCandidate[]>(`/incidents/${id(incidentId)}/merge-candidates`),
  handling: (days: number) => request<HandlingReport>(`/incidents/handling?days=${days}`),
  flood: () => request<Flood>('/incidents/flood'),
  bundleUrl: (incidentId: string) => `${BASE}/incidents/${id(incidentId)}/bundle`,
};

function act(incidentId: string, verb: string, body: object): Promise<Incident> {
  return request<Incident>(`/incidents/${id(incidentId)}/${verb}`, { method: 'POST', body });
}

export interface DeviceFilter {
  kind: string;
  q: string;
  health: string;
  state: string;
}

/** The filter as a query; what is empty is left out. */
function asked(filter: Partial<DeviceFilter>, more: Record<string, string>): string {
  const given = Object.entries({ ...filter, ...more }).filter(([, value]) => value !== '');
  return new URLSearchParams(given).toString();
}

export const devices = {
  some: (filter: Partial<DeviceFilter>, limit: number, after?: string) =>
    request<Page<Device>>(`/sensors?${asked(filter, { limit: String(limit), ...(after ? { after } : {}) })}`),
  upTo: (atMost: number, filter: Partial<DeviceFilter> = {}) =>
    listAll<Device>(`/sensors?${asked(filter, {})}`, atMost),
  read: (deviceId: string) => request<Device>(`/sensors/${id(deviceId)}`),
  summary: () => request<DeviceSummary>('/sensors/summary'),
  history: (deviceId: string, hours: number) =>
    request<DeviceHistory>(`/sensors/${id(deviceId)}/history?hours=${hours}`),
  credential: (deviceId: string) => request<Credential>(`/sensors/${id(deviceId)}/credential`, { method: 'POST' }),
  revoke: (deviceId: string) => request<void>(`/sensors/${id(deviceId)}/credential`, { method: 'DELETE' }),
  load: (content: Blob, type: string, dryRun: boolean) =>
    request<ImportReport>(`/sensors/import?dry_run=${dryRun}`, { method: 'POST', raw: { type, content } }),
  exportUrl: `${BASE}/sensors/export`,
  shelved: () => request<Page<Shelved>>('/sensors/shelved'),
  shelve: (deviceId: string, kind: string, minutes: number, note: string) =>
    request<void>(`/sensors/${id(deviceId)}/shelve`, { method: 'POST', body: { kind, minutes, note } }),
  unshelve: (deviceId: string, kind: string) =>
    request<void>(`/sensors/${id(deviceId)}/unshelve`, { method: 'POST', body: { kind } }),
  inhibited: () => request<Inhibited[]>('/sensors/inhibited'),
  setAside: () => request<Page<SetAside>>('/sensors/set-aside?limit=20'),
};

export const duty = {
  shifts: (from: Date, to: Date) =>
    request<Shift[]>(`/duty/shifts?from=${id(from.toISOString())}&to=${id(to.toISOString())}`),
  put: (shiftId: string, draft: ShiftDraft) =>
    request<Shift>(`/duty/shifts/${id(shiftId)}`, { method: 'PUT', body: draft }),
  remove: (shiftId: string) => request<void>(`/duty/shifts/${id(shiftId)}`, { method: 'DELETE' }),
};

export const notices = {
  newest: () => request<Page<Notice>>('/notices?limit=100'),
  unread: () => request<{ unread: number }>('/notices/unread'),
  read: (upto: number) => request<void>('/notices/read', { method: 'POST', body: { upto } }),
};

export const accounts = {
  all: () => request<Person[]>('/accounts'),
  create: (draft: PersonDraft) => request<Person>('/accounts', { method: 'POST', body: draft }),
  change: (username: string, change: PersonChange) =>
    request<Person>(`/accounts/${id(username)}`, { method: 'PATCH', body: change }),
};

/** Live video, signalled as WHEP has it. */
export const video = {
  iceServers: () => request<IceServers>('/video/ice-servers'),
  offerPath: (robotId: string, cameraId: string) => `/robots/${id(robotId)}/cameras/${id(cameraId)}/whep`,
};
