/** Fixed sensors on the map: those that share a place are set side by side. */
import type { Feature, FeatureCollection, Point } from 'geojson';
import type { Device } from '../api/types';
import { toLonLat, type Origin } from '../logic/projection';
import { collection } from './features';

const STEP_PX = 19; // between sensors of one place
const NEAR_M = 2.5; // closer than this they would cover one another

/** Offsets (pixels) that set `n` things of one place out on rows around it. */
export function spread(n: number): [number, number][] {
  const columns = Math.ceil(Math.sqrt(n));
  const rows = Math.ceil(n / columns);
  return Array.from({ length: n }, (_, i) => {
    const row = Math.floor(i / columns);
    const inRow = row === rows - 1 ? n - row * columns : columns;
    return [((i % columns) - (inRow - 1) / 2) * STEP_PX, (row - (rows - 1) / 2) * STEP_PX];
  });
}

export function deviceFeatures(devices: readonly Device[], origin: Origin): FeatureCollection<Point> {
  const groups = new Map<string, Device[]>();
  for (const device of devices) {
    if (!device.position) continue;
    const key = `${Math.round(device.position.x_m / NEAR_M)},${Math.round(device.position.y_m / NEAR_M)}`;
    groups.set(key, [...(groups.get(key) ?? []), device]);
  }
  const features: Feature<Point>[] = [];
  for (const group of groups.values()) {
    const offsets = spread(group.length);
    group.forEach((device, i) => {
      if (!device.position) return;
      features.push({
        type: 'Feature',
        properties: { id: device.device_id, kind: device.kind, state: device.state, offset: offsets[i] ?? [0, 0] },
        geometry: { type: 'Point', coordinates: toLonLat(origin, device.position) },
      });
    });
  }
  return collection(features);
}
