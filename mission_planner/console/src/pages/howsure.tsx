/** How sure one may be that an incident is real, in words; its sources; and when more people are told. */
import type { Incident } from '../api/types';
import { barOf, percentText } from '../logic/weighing';
import { say, t } from '../messages';
import { hrefOf } from '../state/route';
import { Clock, clockWords } from '../ui/clock';
import { Section } from '../ui/panel';
import { Age } from '../ui/time';

/** The sum of evidence: each word with what it adds. */
export function HowSure({ incident }: { incident: Incident }) {
  const m = t().incidents;
  const { probability, words } = incident.weighing;
  if (words.length === 0) return null;
  return (
    <Section title={m.sure} aside={<b class="num">{percentText(probability)}</b>}>
      <ul class="words">
        {words.map((word, i) => {
          const bar = barOf(word.log_odds);
          return (
            <li key={i}>
              <span>{say(word.text)}</span>
              <span class={`word-bar word-${bar.speaks}`} aria-hidden="true">
                <span style={{ width: `${bar.percent}%` }} />
              </span>
              <span class="word-says">
                {m.speaks[bar.speaks][bar.weight]} <span class="num faint">{bar.text}</span>
              </span>
            </li>
          );
        })}
      </ul>
      <p class="hint">{m.sureWhy}</p>
      {incident.repeats > 0 && <p class="hint">{m.repeats(incident.repeats)}</p>}
    </Section>
  );
}

/** Where there is more than one: each source, where it is, and how it is now. */
export function Sources({ incident }: { incident: Incident }) {
  const m = t().incidents;
  if (incident.sources.length < 2 && incident.explained === 0) return null;
  return (
    <Section title={m.sources(incident.sources.length)}>
      <ul class="sources">
        {incident.sources.map(({ source, place, at, cleared_at }) => (
          <li key={source.kind + source.id}>
            {source.kind === 'device' || source.kind === 'robot' ? (
              <a href={hrefOf(source.kind === 'device' ? 'devices' : 'robots', source.id)}>
                {say(source.name) || source.id}
              </a>
            ) : (
              <span>{say(source.name) || source.id}</span>
            )}
            <span class="faint">{say(place)}</span>
            <span class="faint">{cleared_at ? m.cleared : <Age iso={at} />}</span>
          </li>
        ))}
      </ul>
      {incident.explained > 0 && <p class="hint">{m.explained(incident.explained)}</p>}
    </Section>
  );
}

/** The clock in full: how late, who is told next, how often people were told. */
export function ClockLine({ incident }: { incident: Incident }) {
  const told = incident.sla?.told ?? 0;
  if (!clockWords(incident)) return null;
  return (
    <p class="clock-line">
      <Clock incident={incident} />
      {told > 0 && incident.state === 'open' && <span class="faint">{t().incidents.told(told)}</span>}
    </p>
  );
}
