/** Dates and times in the site's zone, through Intl. */

export type Language = 'zh' | 'en';

const LOCALE: Record<Language, string> = { zh: 'zh-CN', en: 'en-GB' };
const formats = new Map<string, Intl.DateTimeFormat>();

function format(language: Language, timezone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${language}|${timezone}|${JSON.stringify(options)}`;
  let made = formats.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat(LOCALE[language], { timeZone: timezone, hourCycle: 'h23', ...options });
    formats.set(key, made);
  }
  return made;
}

/** 14:03 or 14:03:07. */
export function timeOfDay(at: Date, timezone: string, language: Language, seconds = false): string {
  return format(language, timezone, {
    hour: '2-digit',
    minute: '2-digit',
    ...(seconds ? { second: '2-digit' } : {}),
  }).format(at);
}

/** 3月2日 周一 / Mon 2 Mar. */
export function day(at: Date, timezone: string, language: Language): string {
  return format(language, timezone, { month: 'short', day: 'numeric', weekday: 'short' }).format(at);
}

/** The full date and time: for titles and records. */
export function full(at: Date, timezone: string, language: Language): string {
  return `${dayKey(at, timezone)} ${timeOfDay(at, timezone, language, true)}`;
}

/** YYYY-MM-DD in the zone: equal for two moments on one day. */
export function dayKey(at: Date, timezone: string): string {
  const parts = format('en', timezone, { year: 'numeric', month: '2-digit', day: '2-digit' }).formatToParts(at);
  const part = (type: string) => parts.find((p) => p.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
}

/** How many calendar days `at` lies after `now` in the zone. */
export function daysApart(at: Date, now: Date, timezone: string): number {
  return Math.round((Date.parse(dayKey(at, timezone)) - Date.parse(dayKey(now, timezone))) / 86_400_000);
}

/** The wall clock of the zone as local ISO without offset, to the minute: what `starts_at` wants. */
export function localIso(at: Date, timezone: string): string {
  return `${dayKey(at, timezone)}T${timeOfDay(at, timezone, 'en')}:00`;
}
