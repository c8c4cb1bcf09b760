/** Times and ages as people say them; the full time is always in the title. */
import { site } from '../state/live';
import { siteNow, wallNow } from '../state/now';
import { language } from '../state/prefs';
import { ageOf, secondsSince } from '../logic/age';
import { day, daysApart, full, timeOfDay } from '../logic/dates';
import { t } from '../messages';

/** The site's zone; the browser's until the site is known. */
export function zone(): string {
  const known = site.value;
  return known.state === 'ready' ? known.data.timezone : Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** "刚刚", "12 秒前", "4 分钟前". */
export const ageText = (seconds: number): string => t().common.age(ageOf(seconds));
export const spanText = (seconds: number): string => t().common.span(ageOf(seconds));

/** "14:03" today, "昨天 14:03", "3月2日周一 14:03" otherwise. */
export function whenText(iso: string, seconds = false): string {
  const at = new Date(iso);
  const m = t().common;
  const time = timeOfDay(at, zone(), language.value, seconds);
  const apart = daysApart(at, new Date(siteNow()), zone());
  if (apart === 0) return time;
  const name = apart === 1 ? m.tomorrow : apart === -1 ? m.yesterday : day(at, zone(), language.value);
  return m.at(name, time);
}

export const fullText = (iso: string): string => full(new Date(iso), zone(), language.value);

export function Moment({ iso, seconds = false }: { iso: string; seconds?: boolean }) {
  return (
    <time class="num" dateTime={iso} title={fullText(iso)}>
      {whenText(iso, seconds)}
    </time>
  );
}

/** The age of a site time; greys when older than `staleAfter_s`. */
export function Age({ iso, staleAfter_s }: { iso: string; staleAfter_s?: number }) {
  const seconds = secondsSince(iso, siteNow()) ?? 0;
  const stale = staleAfter_s !== undefined && seconds > staleAfter_s;
  return (
    <time class={`num age ${stale ? 'age-stale' : ''}`} dateTime={iso} title={fullText(iso)}>
      {ageText(seconds)}
    </time>
  );
}

/** The age of something heard at wall time `ms`. */
export function WallAge({ ms }: { ms: number }) {
  return <span class="num age">{ageText((wallNow.value - ms) / 1000)}</span>;
}
