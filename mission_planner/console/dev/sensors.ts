/** Development only: what the played sensors said, and what the center makes of files of them. */
import type { Device, DeviceSummary, HistoryPoint, ImportReport } from '../src/api/types';
import { iso } from './robots';

const fits = (wanted: string | null, is: string): boolean => !wanted || wanted.split(',').includes(is);

/** The page of sensors that a query asks for. */
export function pageOf(devices: Device[], query: URLSearchParams): { items: Device[]; next: string | null } {
  const q = (query.get('q') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const after = query.get('after');
  const limit = Number(query.get('limit') ?? 100);
  const found = devices
    .filter((d) => fits(query.get('kind'), d.kind))
    .filter((d) => fits(query.get('state'), d.state))
    .filter((d) => fits(query.get('health'), d.health?.state ?? 'ok'))
    .filter((d) =>
      q.every((word) => JSON.stringify([d.device_id, d.name, d.place, d.kind_name]).toLowerCase().includes(word)),
    )
    .sort((a, b) => (a.device_id < b.device_id ? -1 : 1))
    .filter((d) => !after || d.device_id > after);
  const items = found.slice(0, limit);
  return { items, next: found.length > limit ? (items.at(-1)?.device_id ?? null) : null };
}

export function summaryOf(devices: Device[]): DeviceSummary {
  const sum: DeviceSummary = {
    total: devices.length,
    by_health: { ok: 0, silent: 0, battery_low: 0, never_heard: 0 },
    by_state: { normal: 0, alarm: 0, unknown: 0 },
  };
  for (const d of devices) {
    sum.by_health[d.health?.state ?? 'ok'] += 1;
    sum.by_state[d.state] += 1;
  }
  return sum;
}

/** A quiet curve with a gap in the night and, where the sensor is in alarm, what it rose to. */
export function historyOf(device: Device, hours: number): { points: HistoryPoint[]; unit: string | null } {
  const points: HistoryPoint[] = [];
  const figures = device.unit !== null;
  for (let n = 0; n < 144; n++) {
    const share = n / 143;
    if (share > 0.38 && share < 0.47) continue;
    const alarm = (share > 0.7 && share < 0.73) || (device.state === 'alarm' && share > 0.98);
    const wave = 0.06 + 0.03 * Math.sin(share * 18) + 0.012 * Math.sin(share * 131);
    points.push({
      at: iso(Date.now() - (1 - share) * hours * 3_600_000),
      value: figures ? Number((alarm ? 0.31 + wave / 3 : wave).toFixed(3)) : null,
      state: alarm ? 'alarm' : 'normal',
    });
  }
  return { points: device.last_seen_at ? points : [], unit: device.unit };
}

/** Reads just enough of a CSV to answer as the center does: an unknown kind and a missing cell are errors. */
export function importOf(text: string, devices: Device[]): ImportReport {
  const [head = '', ...lines] = text.replace('\uFEFF', '').split(/\r?\n/).filter(Boolean);
  const columns = head.split(',');
  const report: ImportReport = { rows: 0, added: 0, changed: 0, unchanged: 0, errors: [], errors_total: 0, sample: [] };
  const kinds = new Map(devices.map((d) => [d.kind, d.kind_name]));
  lines.forEach((line, i) => {
    report.rows += 1;
    const cells = Object.fromEntries(line.split(',').map((cell, n) => [columns[n] ?? '', cell]));
    const { id = '', kind = '' } = cells;
    if (!kinds.has(kind)) {
      report.errors.push({
        line: i + 2,
        column: 'kind',
        expected: [...kinds.keys()].join(', '),
        came: kind || 'nothing',
      });
      return;
    }
    if (devices.some((d) => d.device_id === id)) report.unchanged += 1;
    else {
      report.added += 1;
      const name = { zh: cells['name_zh'] ?? id, en: cells['name_en'] ?? id };
      const place = `${cells['building']} ${cells['unit']} ${cells['flat']}`;
      report.sample.push({ device_id: id, kind, kind_name: kinds.get(kind) ?? name, name, place });
    }
  });
  report.errors_total = report.errors.length;
  return report;
}
