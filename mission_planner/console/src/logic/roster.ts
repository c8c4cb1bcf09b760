/** A week's roster: days of the site's calendar, shifts by person and day, and local times as moments. Pure. */
import type { Shift } from '../api/types';
import { dayKey, timeOfDay } from './dates';

const DAY_MS = 86_400_000;

/** The moment at which the zone's wall clock shows this date and time. */
export function momentOf(date: string, time: string, timezone: string): Date {
  const wanted = Date.parse(`${date}T${time}:00Z`);
  let at = wanted;
  for (let i = 0; i < 3; i++) {
    const shown = new Date(at);
    const [hours = '0', minutes = '0'] = timeOfDay(shown, timezone, 'en').split(':');
    const seen = Date.parse(`${dayKey(shown, timezone)}T00:00:00Z`) + (Number(hours) * 60 + Number(minutes)) * 60_000;
    at += wanted - seen;
  }
  return new Date(at);
}

/** The date `days` after `date`, both YYYY-MM-DD. */
export const addDays = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);

/** The Monday of the week of a date. */
export function mondayOf(date: string): string {
  const weekday = (new Date(`${date}T00:00:00Z`).getUTCDay() + 6) % 7;
  return addDays(date, -weekday);
}

export const weekOf = (monday: string): string[] => Array.from({ length: 7 }, (_, i) => addDays(monday, i));

export interface RosterRow {
  username: string;
  display_name: string;
  days: Shift[][]; // by the day a shift begins, Monday first; on Monday also what began the week before
  hours: number; // of the week
}

/** One row for each person who has a shift in the week or is named in `people`. */
export function roster(
  shifts: readonly Shift[],
  people: readonly { username: string; display_name: string }[],
  monday: string,
  timezone: string,
): RosterRow[] {
  const week = weekOf(monday);
  const rows = new Map<string, RosterRow>();
  const row = (username: string, display_name: string): RosterRow => {
    const made = rows.get(username) ?? { username, display_name, days: week.map(() => []), hours: 0 };
    rows.set(username, made);
    return made;
  };
  people.forEach((p) => row(p.username, p.display_name));
  const begins_ms = momentOf(monday, '00:00', timezone).getTime();
  const ends_ms = momentOf(addDays(monday, 7), '00:00', timezone).getTime();
  for (const shift of [...shifts].sort((a, b) => Date.parse(a.starts_at) - Date.parse(b.starts_at))) {
    const [from_ms, to_ms] = [Date.parse(shift.starts_at), Date.parse(shift.ends_at)];
    if (to_ms <= begins_ms || from_ms >= ends_ms) continue;
    const of = row(shift.username, shift.display_name);
    of.days[Math.max(0, week.indexOf(dayKey(new Date(shift.starts_at), timezone)))]?.push(shift);
    of.hours += (Math.min(to_ms, ends_ms) - Math.max(from_ms, begins_ms)) / 3_600_000;
  }
  return [...rows.values()].sort((a, b) => a.display_name.localeCompare(b.display_name, 'zh-CN'));
}

/** The hours of the week in which nobody is on duty, of what is still to come. */
export function uncovered_h(shifts: readonly Shift[], from_ms: number, to_ms: number): number {
  const spans = shifts
    .map((s): [number, number] => [Math.max(from_ms, Date.parse(s.starts_at)), Math.min(to_ms, Date.parse(s.ends_at))])
    .filter(([a, b]) => b > a)
    .sort((a, b) => a[0] - b[0]);
  let free_ms = 0;
  let until = from_ms;
  for (const [a, b] of spans) {
    if (a > until) free_ms += a - until;
    until = Math.max(until, b);
  }
  return (free_ms + Math.max(0, to_ms - until)) / 3_600_000;
}
