/** Every call the console makes, by noun. */
import { request, listAll } from './client';
import type {
  Account,
  Device,
  IceServers,
  Incident,
  Mission,
  Page,
  Patrol,
  PatrolDraft,
  PreviewRun,
  Robot,
  Run,
  SetAside,
  Shelved,
  Site,
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

export const incidents = {
  read: (incidentId: string) => request<Incident>(`/incidents/${id(incidentId)}`),
  ended: (after?: string) =>
    request<Page<Incident>>(`/incidents?state=closed,false_alarm&limit=50${after ? `&after=${id(after)}` : ''}`),
  allEnded: () => listAll<Incident>('/incidents?state=closed,false_alarm', 1000),
  acknowledge: (incidentId: string) => act(incidentId, 'acknowledge', {}),
  close: (incidentId: string, note: string) => act(incidentId, 'close', { note }),
  falseAlarm: (incidentId: string, note: string) => act(incidentId, 'false-alarm', { note }),
  reopen: (incidentId: string) => act(incidentId, 'reopen', {}),
  note: (incidentId: string, note: string) => act(incidentId, 'note', { note }),
  release: (incidentId: string) => act(incidentId, 'release', { note: '' }),
};

function act(incidentId: string, verb: string, body: object): Promise<Incident> {
  return request<Incident>(`/incidents/${id(incidentId)}/${verb}`, { method: 'POST', body });
}

export const devices = {
  all: () => listAll<Device>('/sensors'),
  shelved: () => request<Page<Shelved>>('/sensors/shelved'),
  unshelve: (deviceId: string, kind: string) =>
    request<void>(`/sensors/${id(deviceId)}/unshelve`, { method: 'POST', body: { kind } }),
  setAside: () => request<Page<SetAside>>('/sensors/set-aside?limit=20'),
};

/** Live video, signalled as WHEP has it. */
export const video = {
  iceServers: () => request<IceServers>('/video/ice-servers'),
  offerPath: (robotId: string, cameraId: string) => `/robots/${id(robotId)}/cameras/${id(cameraId)}/whep`,
};
