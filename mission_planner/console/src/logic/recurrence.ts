/** A patrol's rhythm as people choose it, and the RFC 5545 rule it stands for. */

export const WEEKDAYS = ['MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** Hours of the day, from inclusive, to exclusive; may run over midnight (22 → 6). */
export interface HourWindow {
  from: number;
  to: number;
}

export type Recurrence =
  | { every: 'minutes' | 'hours'; interval: number; window: HourWindow | null }
  | { every: 'days'; times: string[]; days: Weekday[] } // "HH:MM"; no days chosen means every day
  | { every: 'rule'; rrule: string }; // a rule that the form does not know

export type Problem = 'interval' | 'times_missing' | 'times_minutes' | 'window' | 'rule_empty';

const LIMITS = { minutes: [5, 720], hours: [1, 48] } as const;
export const limitsOf = (every: 'minutes' | 'hours'): readonly [number, number] => LIMITS[every];

/** The hours of a window, in clock order from its start. */
export function hoursOf({ from, to }: HourWindow): number[] {
  const count = (to - from + 24) % 24;
  return Array.from({ length: count }, (_, i) => (from + i) % 24);
}

/** What keeps this from being a rule; null when it is one. */
export function problemOf(r: Recurrence): Problem | null {
  switch (r.every) {
    case 'minutes':
    case 'hours': {
      const [least, most] = LIMITS[r.every];
      if (!Number.isInteger(r.interval) || r.interval < least || r.interval > most) return 'interval';
      return r.window && hoursOf(r.window).length === 0 ? 'window' : null;
    }
    case 'days': {
      if (r.times.length === 0 || r.times.some((t) => !/^([01]\d|2[0-3]):[0-5]\d$/.test(t))) return 'times_missing';
      // BYHOUR and BYMINUTE multiply: times that differ in their minutes would need two rules
      return new Set(r.times.map((t) => t.slice(3))).size > 1 ? 'times_minutes' : null;
    }
    case 'rule':
      return r.rrule.trim() ? null : 'rule_empty';
  }
}

/** The RRULE; call only where `problemOf` is null. */
export function toRrule(r: Recurrence): string {
  switch (r.every) {
    case 'minutes':
    case 'hours': {
      const parts = [`FREQ=${r.every === 'minutes' ? 'MINUTELY' : 'HOURLY'}`, `INTERVAL=${r.interval}`];
      if (r.window) parts.push(`BYHOUR=${ascending(hoursOf(r.window)).join(',')}`);
      return parts.join(';');
    }
    case 'days': {
      const times = [...new Set(r.times)].sort();
      const week = r.days.length > 0 && r.days.length < 7;
      return [
        week ? 'FREQ=WEEKLY' : 'FREQ=DAILY',
        ...(week ? [`BYDAY=${WEEKDAYS.filter((d) => r.days.includes(d)).join(',')}`] : []),
        `BYHOUR=${times.map((t) => Number(t.slice(0, 2))).join(',')}`,
        `BYMINUTE=${Number(times[0]?.slice(3) ?? 0)}`,
        'BYSECOND=0',
      ].join(';');
    }
    case 'rule':
      return r.rrule.trim().replace(/^RRULE:/i, '');
  }
}

/** The form for a rule; a rule with more in it than the form can hold stays as it is written. */
export function fromRrule(rrule: string): Recurrence {
  const asWritten: Recurrence = { every: 'rule', rrule };
  const parts = new Map<string, string>();
  for (const part of rrule.replace(/^RRULE:/i, '').split(';')) {
    const [name, value] = part.split('=');
    if (!name || value === undefined) return asWritten;
    parts.set(name.toUpperCase(), value.toUpperCase());
  }
  const only = (...names: string[]) => [...parts.keys()].every((name) => names.includes(name));
  const freq = parts.get('FREQ');
  const interval = Number(parts.get('INTERVAL') ?? '1');
  const hours = numbers(parts.get('BYHOUR'));
  if (hours === null) return asWritten;
  if ((freq === 'MINUTELY' || freq === 'HOURLY') && only('FREQ', 'INTERVAL', 'BYHOUR')) {
    const window = hours.length ? windowOf(hours) : null;
    if (hours.length && !window) return asWritten;
    return { every: freq === 'MINUTELY' ? 'minutes' : 'hours', interval, window };
  }
  const minutes = numbers(parts.get('BYMINUTE'));
  const daily = freq === 'DAILY' || (freq === 'WEEKLY' && parts.has('BYDAY'));
  if (daily && interval === 1 && only('FREQ', 'INTERVAL', 'BYDAY', 'BYHOUR', 'BYMINUTE', 'BYSECOND')) {
    const days = (parts.get('BYDAY') ?? '').split(',').filter(Boolean);
    if (!hours.length || minutes?.length !== 1 || (parts.get('BYSECOND') ?? '0') !== '0') return asWritten;
    if (!days.every((d): d is Weekday => (WEEKDAYS as readonly string[]).includes(d))) return asWritten;
    const two = (n: number) => String(n).padStart(2, '0');
    return { every: 'days', times: hours.map((h) => `${two(h)}:${two(minutes[0] ?? 0)}`), days: days as Weekday[] };
  }
  return asWritten;
}

const ascending = (values: number[]) => [...values].sort((a, b) => a - b);

function numbers(list: string | undefined): number[] | null {
  if (list === undefined || list === '') return [];
  const values = list.split(',').map(Number);
  return values.every((v) => Number.isInteger(v) && v >= 0) ? values : null;
}

/** The one run of hours that the set is, over midnight too; null when it has a hole. */
function windowOf(hours: number[]): HourWindow | null {
  const set = new Set(hours);
  if (set.size >= 24) return null;
  const starts = [...set].filter((h) => !set.has((h + 23) % 24));
  if (starts.length !== 1) return null;
  const from = starts[0] ?? 0;
  return { from, to: (from + set.size) % 24 };
}
