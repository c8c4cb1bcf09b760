/** Alarms that open nothing for now: shelved sources, what a power cut explains, reports nobody could read. */
import { useEffect } from 'preact/hooks';
import { t } from '../messages';
import { say } from '../messages';
import { heldBack } from '../state/heldback';
import { hrefOf } from '../state/route';
import { Age } from '../ui/time';
import { SetAsideReports } from './setaside';
import { ShelvedSources } from './shelved';

export function HeldBack() {
  return (
    <div class="held-back">
      <ShelvedSources />
      <InhibitedDevices />
      <SetAsideReports />
    </div>
  );
}

/** Silent devices that an open power cut explains. */
function InhibitedDevices() {
  const m = t().devices;
  const fetched = heldBack.inhibited.value;
  useEffect(() => void heldBack.inhibited.reload(), []);
  if (fetched.state !== 'ready' || fetched.data.length === 0) return null; // nothing is explained away
  return (
    <details class="set-aside" id="inhibited">
      <summary>{m.inhibited(fetched.data.length)}</summary>
      <p class="hint">{m.inhibitedWhy}</p>
      <ul>
        {fetched.data.map(({ device, device_name, incident_id, since, count }) => (
          <li key={device}>
            <p>
              <a href={hrefOf('devices', device)}>{say(device_name)}</a>
            </p>
            <p class="hint">
              <Age iso={since} /> · {m.explainedTimes(count)} ·{' '}
              <a href={hrefOf('incidents', incident_id)}>{m.explainedBy}</a>
            </p>
          </li>
        ))}
      </ul>
    </details>
  );
}
