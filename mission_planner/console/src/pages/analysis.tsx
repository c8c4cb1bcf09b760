/** Analysis: how fast incidents were handled over some days, by kind and by day; and the newest that ended. */
import { useSignal } from '@preact/signals';
import { incidents as calls } from '../api/calls';
import type { HandlingReport, Incident } from '../api/types';
import { stopwatch } from '../logic/age';
import { dayKey } from '../logic/dates';
import { everyDay, handlings, summary } from '../logic/handling';
import { say, t } from '../messages';
import { siteNow } from '../state/now';
import { hrefOf } from '../state/route';
import { useResource } from '../state/useresource';
import { Choice } from '../ui/form';
import { Icon, iconOfKind } from '../ui/icon';
import { Mark } from '../ui/mark';
import { Panel, Section } from '../ui/panel';
import { placeText } from '../ui/placewords';
import { Blank, When } from '../ui/states';
import { Moment, zone } from '../ui/time';

const DAYS = ['1', '7', '30'] as const;
const NEWEST = 100; // ended incidents looked at for the lower part
const LONGEST = 5;

const span = (seconds: number | null): string => (seconds === null ? t().analysis.dash : stopwatch(seconds));

export function Analysis() {
  const m = t().analysis;
  const days = useSignal<(typeof DAYS)[number]>('7');
  const report = useResource(`handling/${days.value}`, () => calls.handling(Number(days.value)));
  const newest = useResource('ended', async () => (await calls.ended(undefined, NEWEST)).items);
  return (
    <Panel title={m.title} label={m.title}>
      <Choice
        label={m.range}
        hideLabel
        value={days.value}
        onChange={(v) => (days.value = v)}
        options={DAYS.map((v) => ({ value: v, label: m.ranges[v] }))}
      />
      <When of={report} what={m.what}>
        {(read) =>
          read.count === 0 ? (
            <Blank icon="analysis" title={m.empty} why={m.emptyWhy} />
          ) : (
            <Handled report={read} days={Number(days.value)} />
          )
        }
      </When>
      <When of={newest} what={m.ended}>
        {(incidents) => (incidents.length === 0 ? null : <Newest incidents={incidents} />)}
      </When>
    </Panel>
  );
}

function Handled({ report, days }: { report: HandlingReport; days: number }) {
  const m = t().analysis;
  const figures: [string, string][] = [
    [m.count, String(report.count)],
    [m.mean, span(report.mean_s)],
    [m.median, span(report.median_s)],
    [m.best, span(report.best_s)],
  ];
  const most_s = Math.max(1, ...report.by_kind.map((k) => k.mean_s ?? 0));
  return (
    <>
      <dl class="figures">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      {days > 1 && (
        <Section title={m.perDay}>
          <PerDay days={everyDay(report.per_day, days, dayKey(new Date(siteNow()), zone()))} />
        </Section>
      )}
      <Section title={m.byKind}>
        <table class="table">
          <thead>
            <tr>
              <th scope="col">{m.columns.kind}</th>
              <th scope="col">{m.columns.n}</th>
              <th scope="col">{m.columns.mean}</th>
              <th scope="col">{m.columns.median}</th>
              <th scope="col">{m.columns.best}</th>
            </tr>
          </thead>
          <tbody>
            {report.by_kind.map((k) => (
              <tr key={k.kind}>
                <th scope="row">
                  <Icon name={iconOfKind(k.kind)} size={16} /> {say(k.kind_name)}
                  <i class="bar-line" style={{ width: `${(100 * (k.mean_s ?? 0)) / most_s}%` }} />
                </th>
                <td>{k.count}</td>
                <td>{span(k.mean_s)}</td>
                <td>{span(k.median_s)}</td>
                <td>{span(k.best_s)}</td>
              </tr>
            ))}
          </tbody>
        </table>
        <p class="hint">{m.note}</p>
      </Section>
    </>
  );
}

/** A column for each day: as high as the mean, with the count below. */
function PerDay({ days }: { days: HandlingReport['per_day'] }) {
  const m = t().analysis;
  const most_s = Math.max(1, ...days.map((d) => d.mean_s ?? 0));
  const every = Math.ceil(days.length / 10); // more dates would not fit
  return (
    <ol class={`days ${days.length > 14 ? 'days-many' : ''}`}>
      {days.map((d, i) => {
        const label = m.dayLabel(d.date, d.count, span(d.mean_s));
        return (
          <li key={d.date} title={label}>
            <span class="unseen">{label}</span>
            <span class="days-bar" aria-hidden="true">
              {days.length <= 14 && d.mean_s !== null && <small>{stopwatch(d.mean_s)}</small>}
              <i style={{ height: `calc((100% - 1.5em) * ${(d.mean_s ?? 0) / most_s})` }} />
            </span>
            <b aria-hidden="true">{d.count || ''}</b>
            <small aria-hidden="true">{i % every === 0 ? d.date.slice(5).replace('-', '/') : ''}</small>
          </li>
        );
      })}
    </ol>
  );
}

function Newest({ incidents }: { incidents: Incident[] }) {
  const m = t().analysis;
  const all = handlings(incidents);
  const total = summary(all);
  const longest = [...all].sort((a, b) => b.end_s - a.end_s).slice(0, LONGEST);
  return (
    <Section title={m.newest(total.n)}>
      <dl class="figures">
        <div>
          <dt>{m.medianTake}</dt>
          <dd>{span(total.take_s)}</dd>
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
      <h4 class="label">{m.longest}</h4>
      <ul class="rows">
        {longest.map(({ incident, end_s }) => (
          <li key={incident.incident_id}>
            <a class="row row-slim" href={hrefOf('incidents', incident.incident_id)}>
              <Mark priority={incident.priority} state={incident.state} />
              <span class="row-main">
                <b>{say(incident.kind_name)}</b>
                <span>
                  {placeText(incident)} · <Moment iso={incident.opened_at} />
                </span>
              </span>
              <span class="row-end num">{stopwatch(end_s)}</span>
            </a>
          </li>
        ))}
      </ul>
    </Section>
  );
}
