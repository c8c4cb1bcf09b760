/** Sources that open no incidents for a while: listed where one looks for devices, with a way back. */
import { useEffect } from 'preact/hooks';
import { devices as calls } from '../api/calls';
import type { Shelved } from '../api/types';
import { say, t } from '../messages';
import { ACTIONS } from '../state/actions';
import { heldBack } from '../state/heldback';
import { mapDevices } from '../state/live';
import { hrefOf } from '../state/route';
import { may } from '../state/session';
import { toast } from '../state/toasts';
import { Button, useAct } from '../ui/button';
import { Moment } from '../ui/time';

export function ShelvedSources() {
  const m = t().devices;
  const { shelved } = heldBack;
  const fetched = shelved.value;
  useEffect(() => void shelved.reload(), []);
  if (fetched.state !== 'ready' || fetched.data.length === 0) return null; // nothing is held back
  return (
    <details class="set-aside" id="shelved">
      <summary>{m.shelved(fetched.data.length)}</summary>
      <p class="hint">{m.shelvedWhy}</p>
      <ul>
        {fetched.data.map((item) => (
          <ShelvedItem key={item.source.id + item.kind} item={item} />
        ))}
      </ul>
    </details>
  );
}

/** One source on the shelf, with the way back. */
export function ShelvedItem({ item }: { item: Shelved }) {
  const m = t().devices;
  const name = say(item.source.name) || item.source.id;
  const onMap = mapDevices.value;
  const device = onMap.state === 'ready' ? onMap.data.find((d) => d.device_id === item.source.id) : undefined;
  const place = device ? say(device.place) : '';
  const back = useAct(
    () => m.unshelve,
    async () => {
      await calls.unshelve(item.source.id, item.kind);
      toast('done', m.unshelved(name));
      void heldBack.shelved.reload();
    },
  );
  return (
    <li>
      <p>
        {item.source.kind === 'device' ? <a href={hrefOf('devices', item.source.id)}>{name}</a> : name}
        {place && ` · ${place}`} · {say(item.kind_name)} · {m.shelvedUntil} <Moment iso={item.until} />
      </p>
      <p class="hint">{[say(item.because), item.by, m.keptBack(item.kept_back)].filter(Boolean).join(' · ')}</p>
      {may(ACTIONS.shelve) && (
        <Button kind="quiet" label={m.unshelve} busy={back.busy} onClick={() => void back.run()} />
      )}
    </li>
  );
}
