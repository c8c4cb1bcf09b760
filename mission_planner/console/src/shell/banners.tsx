/** Bars over the map: the center is not heard; life-threatening incidents without anyone. */
import { say, t } from '../messages';
import { heldBack } from '../state/heldback';
import { connection, lastHeard_ms } from '../state/live';
import { wallNow } from '../state/now';
import { soundChoice } from '../state/prefs';
import { go } from '../state/route';
import { blocked, lifeAlarms, silence, sounding } from '../state/sound';
import { trouble } from '../state/trouble';
import { Button } from '../ui/button';
import { Icon } from '../ui/icon';
import { placeText } from '../ui/placewords';
import { Moment, spanText } from '../ui/time';

const QUIET_MS = 8_000; // heartbeats come every 5 s

export function Banners() {
  return (
    <div class="banners">
      <Lost />
      <Trouble />
      <LifeAlarm />
      <FloodBar />
    </div>
  );
}

function Lost() {
  const silent_ms = wallNow.value - lastHeard_ms.peek();
  if (connection.value.state === 'opening') return null;
  if (connection.value.state === 'up' && silent_ms < QUIET_MS) return null;
  return (
    <div class="banner banner-lost" role="alert">
      <Icon name="offline" />
      <span>{t().shell.lost(spanText(silent_ms / 1000))}</span>
    </div>
  );
}

/** The center answers, but a part of it that alarms hang on is not well: a quiet map must not be taken for peace. */
function Trouble() {
  const m = t();
  const worst = trouble.value[0];
  if (!worst) return null;
  const { state } = worst;
  if (state === 'ok') return null;
  const names: Readonly<Record<string, string>> = m.settings.components;
  return (
    <div class={`banner banner-trouble banner-trouble-${state}`} role="alert">
      <Icon name="alert" />
      <span>
        <b>{m.shell.trouble[state]}</b>
        {trouble.value.map((part) => (
          <small key={part.name}>
            {m.settings.component(names[part.name] ?? part.name, m.settings.state[part.state], say(part.because))}
          </small>
        ))}
      </span>
      <Button label={m.shell.troubleGo} onClick={() => go('settings')} />
    </div>
  );
}

/** The visible twin of the alarm sound. */
function LifeAlarm() {
  const m = t().shell;
  const alarms = lifeAlarms.value;
  const first = alarms[0];
  if (!first) return null;
  return (
    <div class="banner banner-life" role="alert">
      <Icon name="incidents" />
      <span>
        {m.lifeAlarm(alarms.length)}
        <small>
          {say(first.kind_name)} · {placeText(first)}
        </small>
        {sounding.value && blocked.value && <small>{m.soundBlocked}</small>}
      </span>
      <Button label={m.lifeAlarmGo} onClick={() => go('incidents', first.incident_id)} />
      {soundChoice.value === 'on' && sounding.value && !blocked.value && (
        <Button label={m.mute} icon="soundOff" onClick={silence} />
      )}
    </div>
  );
}

/** More alarms than people can take; opens the list. */
function FloodBar() {
  const m = t().shell;
  const fetched = heldBack.flood.value;
  if (fetched.state !== 'ready' || !fetched.data.active) return null;
  const { alarms_in_10_min, limit, bundled, since } = fetched.data;
  return (
    <div class="banner banner-flood" role="status">
      <Icon name="flood" />
      <span>
        <b>{m.flood(alarms_in_10_min, limit)}</b>
        <small>
          {m.floodBundled(bundled)}
          {since && (
            <>
              {' '}
              · {m.floodSince} <Moment iso={since} />
            </>
          )}
        </small>
      </span>
      <Button label={m.floodGo} onClick={() => go('incidents')} />
    </div>
  );
}
