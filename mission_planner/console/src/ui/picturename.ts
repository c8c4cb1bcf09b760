/** What a picture shows, in the chosen language where the map or the mission knows it. */
import type { Picture } from '../api/types';
import { say, t } from '../messages';
import { world } from '../state/live';
import { stopName } from './robotwords';

export function pictureName(picture: Picture): string {
  const { checkpoint_id, mission_id, name } = picture;
  if (checkpoint_id) {
    const onMap = stopName(checkpoint_id);
    if (onMap !== checkpoint_id) return onMap;
    const mission = mission_id ? world.value.missions.get(mission_id) : undefined;
    const stop = mission?.checkpoints.find((c) => c.checkpoint_id === checkpoint_id);
    if (stop) return say(stop.name);
  }
  return name ?? t().common.photo;
}
