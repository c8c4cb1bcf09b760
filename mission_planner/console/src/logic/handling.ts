/** How long incidents took: from opening until someone had them, and until they ended. Seconds of site time. */
import type { Incident } from '../api/types';

export interface Handling {
  incident: Incident;
  take_s: number | null; // null: nobody took it before it ended, or the record does not say when
  end_s: number;
}

export interface Summary {
  n: number;
  take_s: number | null; // medians
  end_s: number | null;
  falseAlarms: number;
  withPhoto: number;
}

/** The handling of every ended incident; those without an end are left out. */
export function handlings(incidents: Iterable<Incident>): Handling[] {
  const all: Handling[] = [];
  for (const incident of incidents) {
    if (!incident.closed_at) continue;
    const opened_ms = Date.parse(incident.opened_at);
    const taken = incident.timeline.find((entry) => /acknowledge/.test(entry.kind));
    all.push({
      incident,
      take_s: taken ? Math.max(0, (Date.parse(taken.at) - opened_ms) / 1000) : null,
      end_s: Math.max(0, (Date.parse(incident.closed_at) - opened_ms) / 1000),
    });
  }
  return all;
}

export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

export function summary(all: readonly Handling[]): Summary {
  return {
    n: all.length,
    take_s: median(all.flatMap((h) => (h.take_s === null ? [] : [h.take_s]))),
    end_s: median(all.map((h) => h.end_s)),
    falseAlarms: all.filter((h) => h.incident.state === 'false_alarm').length,
    withPhoto: all.filter((h) => h.incident.evidence.length > 0).length,
  };
}

interface Day {
  date: string;
  count: number;
  mean_s: number | null;
}

/** Every day from the first to `last` (YYYY-MM-DD), those without anything too; `days` at most. */
export function everyDay(known: readonly Day[], days: number, last: string): Day[] {
  const found = new Map(known.map((d) => [d.date, d]));
  return Array.from({ length: days }, (_, i) => {
    const date = new Date(Date.parse(`${last}T00:00:00Z`) - (days - 1 - i) * 86_400_000).toISOString().slice(0, 10);
    return found.get(date) ?? { date, count: 0, mean_s: null };
  });
}
