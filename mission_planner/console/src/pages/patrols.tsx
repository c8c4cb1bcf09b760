/** Patrols: which there are, when they run next, how the last went and why one did not. */
import type { Patrol } from '../api/types';
import { say, t } from '../messages';
import { ACTIONS } from '../state/actions';
import { patrols, visiblePatrols } from '../state/patrols';
import { go, hrefOf } from '../state/route';
import { may } from '../state/session';
import { Button } from '../ui/button';
import { Icon } from '../ui/icon';
import { Panel } from '../ui/panel';
import { rhythmText } from '../ui/rhythm';
import { Blank, Failed, Loading, When } from '../ui/states';
import { Age, whenText } from '../ui/time';
import { PatrolPanel } from './patrol';
import { PatrolForm } from './patrolform';

export function Patrols({ id, sub }: { id: string | null; sub: string | null }) {
  const m = t();
  if (id === 'new') return <PatrolForm key="new" patrol={null} />;
  if (!id) return <PatrolList />;
  const fetched = patrols.value;
  const patrol = visiblePatrols.value.find((p) => p.patrol_id === id);
  if (patrol) {
    return sub === 'edit' ? <PatrolForm key={id} patrol={patrol} /> : <PatrolPanel key={id} patrol={patrol} />;
  }
  return (
    <Panel title={m.patrols.title} label={m.patrols.title} back={() => go('patrols')}>
      {fetched.state === 'loading' ? (
        <Loading />
      ) : fetched.state === 'failed' ? (
        <Failed what={m.patrols.what} error={fetched.error} retry={() => void patrols.reload()} />
      ) : (
        <Blank icon="search" title={m.patrols.gone} why={m.patrols.goneWhy} />
      )}
    </Panel>
  );
}

function PatrolList() {
  const m = t();
  const plan = may(ACTIONS.patrolEdit) && (
    <Button kind="primary" icon="plus" label={m.patrols.plan} onClick={() => go('patrols', 'new')} />
  );
  return (
    <Panel title={m.patrols.title} label={m.patrols.title} aside={visiblePatrols.value.length > 0 && plan}>
      <When of={patrols} what={m.patrols.what}>
        {() =>
          visiblePatrols.value.length === 0 ? (
            <Blank icon="patrols" title={m.patrols.empty} why={m.patrols.emptyWhy}>
              {plan}
            </Blank>
          ) : (
            <ul class="rows">
              {visiblePatrols.value.map((patrol) => (
                <Row key={patrol.patrol_id} patrol={patrol} />
              ))}
            </ul>
          )
        }
      </When>
    </Panel>
  );
}

function Row({ patrol }: { patrol: Patrol }) {
  const m = t().patrols;
  const last = patrol.last_run;
  return (
    <li>
      <a class={`row ${patrol.enabled ? '' : 'row-off'}`} href={hrefOf('patrols', patrol.patrol_id)}>
        <Icon name="patrols" size={22} />
        <span class="row-main">
          <b>{patrol.name}</b>
          <span>
            {rhythmText(patrol.rrule)} · {m.viewpoints(patrol.viewpoint_ids.length)}
          </span>
          {last && (
            <span class={last.state === 'skipped' || last.state === 'failed' ? 'warn' : ''}>
              {m.lastRun(m.runState[last.state])} · <Age iso={last.started_at ?? last.due_at} />
              {(last.state === 'skipped' || last.state === 'failed') && say(last.because) && ` · ${say(last.because)}`}
            </span>
          )}
        </span>
        <span class="row-end">
          <NextRun patrol={patrol} />
        </span>
      </a>
    </li>
  );
}

/** When it runs next; or that it does not, and why. */
export function NextRun({ patrol }: { patrol: Patrol }) {
  const m = t().patrols;
  if (!patrol.enabled) return <span class="chip">{m.disabled}</span>;
  const next = patrol.next_runs[0];
  if (!next) return <span class="chip chip-warn">{m.noNext}</span>;
  return (
    <>
      <span>{m.next}</span>
      <b class="num">{whenText(next)}</b>
    </>
  );
}
