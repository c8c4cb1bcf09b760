/** Analysis: how fast incidents were taken and ended, from those that ended. */
import { incidents as calls } from '../api/calls';
import { stopwatch } from '../logic/age';
import { byKind, handlings, summary, type Handling } from '../logic/handling';
import { say, t } from '../messages';
import { hrefOf } from '../state/route';
import { useResource } from '../state/useresource';
import { Icon, iconOfKind } from '../ui/icon';
import { Mark } from '../ui/mark';
import { Panel, Section } from '../ui/panel';
import { Blank, When } from '../ui/states';
import { Moment } from '../ui/time';

export function Analysis() {
  const m = t().analysis;
  const ended = useResource('ended', calls.allEnded);
  return (
    <Panel title={m.title} label={m.title}>
      <When of={ended} what={m.what}>
        {(incidents) => {
          const all = handlings(incidents);
          return all.length === 0 ? <Blank icon="analysis" title={m.empty} why={m.emptyWhy} /> : <Figures all={all} />;
        }}
      </When>
    </Panel>
  );
}

function Figures({ all }: { all: Handling[] }) {
  const m = t().analysis;
  const total = summary(all);
  const kinds = byKind(all);
  const most_s = Math.max(1, ...kinds.map((k) => k.summary.end_s ?? 0));
  const span = (seconds: number | null) => (seconds === null ? m.dash : stopwatch(seconds));
  const longest = [...all].sort((a, b) => b.end_s - a.end_s).slice(0, 5);
  return (
    <>
      <p class="hint">{m.lead(all.length)}</p>
      <dl class="figures">
        <div>
          <dt>{m.medianTake}</dt>
          <dd>{span(total.take_s)}</dd>
        </div>
        <div>
          <dt>{m.medianEnd}</dt>
          <dd>{span(total.end_s)}</dd>
        </div>
        <div>
          <dt>{m.falseShare}</dt>
          <dd>{m.of(total.falseAlarms, total.n)}</dd>
        </div>
        <div>
          <dt>{m.seenShare}</dt>
          <dd>{m.of(total.withPhoto, total.n)}</dd>
        </div>
      </dl>
      <Section title={m.byKind}>
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{m.columns.kind}</th>
              <th scope="col">{m.columns.n}</th>
              <th scope="col">{m.columns.take}</th>
              <th scope="col">{m.columns.end}</th>
              <th scope="col">{m.columns.false_}</th>
            </tr>
          </thead>
          <tbody>
            {kinds.map(({ kind, sample, summary: s }) => (
              <tr key={kind}>
                <th scope="row">
                  <Icon name={iconOfKind(kind)} size={16} /> {say(sample.kind_name)}
                  <i class="bar-line" style={{ width: `${(100 * (s.end_s ?? 0)) / most_s}%` }} />
                </th>
                <td>{s.n}</td>
                <td>{span(s.take_s)}</td>
                <td>{span(s.end_s)}</td>
                <td>{s.falseAlarms}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <p class="hint">{m.note}</p>
      </Section>
      <Section title={m.longest}>
        <ul class="rows">
          {longest.map(({ incident, end_s }) => (
            <li key={incident.incident_id}>
              <a class="row row-slim" href={hrefOf('incidents', incident.incident_id)}>
                <Mark priority={incident.priority} state={incident.state} />
                <span class="row-main">
                  <b>{say(incident.kind_name)}</b>
                  <span>
                    {say(incident.place)} · <Moment iso={incident.opened_at} />
                  </span>
                </span>
                <span class="row-end num">{stopwatch(end_s)}</span>
              </a>
            </li>
          ))}
        </ul>
      </Section>
    </>
  );
}
