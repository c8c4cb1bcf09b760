/** An incident's clock as words: "还有 42 秒通知网格员"; what is late is red and says how late. */
import type { Incident } from '../api/types';
import { countdown, newlyTold } from '../logic/countdown';
import { t } from '../messages';
import { siteNow } from '../state/now';
import { roleNames } from './rolewords';
import { spanText } from './time';

/** The clock's words, and whether it is late; null where it has nothing to say. */
export function clockWords(incident: Incident): { text: string; late: string | null } | null {
  const found = countdown(incident, siteNow());
  if (!found || !incident.sla) return null;
  const m = t().acts;
  const late = found.late_s === null ? null : m.late(spanText(found.late_s));
  if (found.until === 'end') return { text: late === null ? m.endsIn(spanText(found.left_s)) : '', late };
  if (found.left_s <= 0) return { text: m.tellsNow, late };
  const span = spanText(Math.ceil(found.left_s));
  const who = newlyTold(incident.sla);
  return { text: who.length > 0 ? m.tellsIn(span, roleNames(who)) : m.tellsAgainIn(span), late };
}

export function Clock({ incident }: { incident: Incident }) {
  const words = clockWords(incident);
  if (!words) return null;
  return (
    <span class="clock num" role="timer">
      {words.late && <strong class="clock-late">{words.late}</strong>}
      {words.text && <span>{words.text}</span>}
    </span>
  );
}
