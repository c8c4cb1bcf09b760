/** Sources that open no incidents for a while: listed where one looks for devices, with a way back. */
import { devices as calls } from '../api/calls';
import type { Shelved } from '../api/types';
import { say, t } from '../messages';
import { ACTIONS } from '../state/actions';
import { may } from '../state/session';
import { toast } from '../state/toasts';
import { useResource } from '../state/useresource';
import { Button, useAct } from '../ui/button';
import { Moment } from '../ui/time';

export function ShelvedSources() {
  const m = t().devices;
  const shelved = useResource('shelved', calls.shelved);
  const fetched = shelved.value;
  if (fetched.state !== 'ready' || fetched.data.items.length === 0) return null; // nothing is held back
  return (
    <details class="set-aside">
      <summary>{m.shelved(fetched.data.items.length)}</summary>
      <p class="hint">{m.shelvedWhy}</p>
      <ul>
        {fetched.data.items.map((item) => (
          <Item key={item.source.id + item.kind} item={item} reload={() => void shelved.reload()} />
        ))}
      </ul>
    </details>
  );
}

function Item({ item, reload }: { item: Shelved; reload: () => void }) {
  const m = t().devices;
  const name = say(item.source.name) || item.source.id;
  const back = useAct(
    () => m.unshelve,
    async () => {
      await calls.unshelve(item.source.id, item.kind);
      toast('done', m.unshelved(name));
      reload();
    },
  );
  return (
    <li>
      <p>
        {name} · {say(item.kind_name)} · {m.shelvedUntil} <Moment iso={item.until} />
      </p>
      <p class="hint">{[say(item.because), item.by, m.keptBack(item.kept_back)].filter(Boolean).join(' · ')}</p>
      {may(ACTIONS.shelve) && (
        <Button kind="quiet" label={m.unshelve} busy={back.busy} onClick={() => void back.run()} />
      )}
    </li>
  );
}
