/** A patrol's rule as a phrase: "每 2 小时，22:00–06:00 之间", "周一至周五 08:00". */
import { fromRrule, WEEKDAYS, type Weekday } from '../logic/recurrence';
import { t } from '../messages';

const two = (hour: number): string => `${String(hour).padStart(2, '0')}:00`;
const same = (a: readonly Weekday[], b: readonly Weekday[]) => a.length === b.length && b.every((d) => a.includes(d));

export function rhythmText(rrule: string): string {
  const m = t();
  const r = fromRrule(rrule);
  switch (r.every) {
    case 'minutes':
    case 'hours': {
      const every = m.patrols.rhythm[r.every](r.interval);
      if (!r.window) return every;
      return every + m.common.listComma + m.patrols.rhythm.window(two(r.window.from), two(r.window.to));
    }
    case 'days': {
      const times = r.times.join(m.common.list);
      if (r.days.length === 0 || r.days.length === 7) return m.patrols.rhythm.daily(times);
      if (same(r.days, WEEKDAYS.slice(0, 5))) return m.patrols.rhythm.weekdays(times);
      if (same(r.days, WEEKDAYS.slice(5))) return m.patrols.rhythm.weekend(times);
      return m.patrols.rhythm.onDays(r.days.map((d) => m.patrols.day[d]).join(m.common.list), times);
    }
    case 'rule':
      return m.patrols.rhythm.rule(r.rrule);
  }
}
