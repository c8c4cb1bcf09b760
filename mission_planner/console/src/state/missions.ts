/** One mission with its ledger: from the stream where it is active, else asked for once. */
import { useEffect } from 'preact/hooks';
import { signal } from '@preact/signals';
import { missions as calls } from '../api/calls';
import { ApiError } from '../api/client';
import type { Mission } from '../api/types';
import { tellMission, world } from './live';

const failures = signal<ReadonlyMap<string, ApiError>>(new Map());

export type MissionView = { mission: Mission | null; error: ApiError | null };

export function useMission(missionId: string | null): MissionView {
  const known = missionId ? world.value.missions.get(missionId) : undefined;
  useEffect(() => {
    if (!missionId || world.peek().missions.has(missionId)) return;
    calls.read(missionId).then(tellMission, (reason: unknown) => {
      if (reason instanceof ApiError) failures.value = new Map(failures.peek()).set(missionId, reason);
    });
  }, [missionId, known === undefined]);
  return { mission: known ?? null, error: (missionId && !known && failures.value.get(missionId)) || null };
}
