/** The map's buttons and its legend. */
import { useSignal } from '@preact/signals';
import { t } from '../messages';
import { raised, sensorsShown } from '../state/prefs';
import { IconButton } from '../ui/button';
import { Switch } from '../ui/form';
import { Icon } from '../ui/icon';
import { MARK_PATHS, TICK } from '../ui/mark';
import { fitSite } from './focus';
import type { SiteMap } from './sitemap';

export function MapControls({ map }: { map: SiteMap }) {
  const m = t().live;
  const legend = useSignal(false);
  const up = raised.value === 'on';
  return (
    <>
      <div class="map-buttons" role="toolbar" aria-label={m.map}>
        <IconButton label={m.zoomIn} icon="plus" onClick={() => map.zoomBy(1)} />
        <IconButton label={m.zoomOut} icon="minus" onClick={() => map.zoomBy(-1)} />
        <IconButton label={m.fit} icon="fit" onClick={fitSite} />
        <IconButton
          label={up ? m.flatten : m.raise}
          icon="raise"
          pressed={up}
          onClick={() => (raised.value = up ? 'off' : 'on')}
        />
        <IconButton
          label={m.legend}
          icon="list"
          pressed={legend.value}
          expanded={legend.value}
          onClick={() => (legend.value = !legend.value)}
        />
      </div>
      {legend.value && <Legend onClose={() => (legend.value = false)} />}
    </>
  );
}

function Legend({ onClose }: { onClose: () => void }) {
  const m = t();
  const items = m.live.legendItems;
  return (
    <aside class="legend" aria-label={m.live.legend}>
      <header>
        <h3>{m.live.legend}</h3>
        <IconButton label={m.common.close} icon="close" onClick={onClose} />
      </header>
      <ul>
        <li>
          <i class="key key-robot">
            <Icon name="robots" size={12} />
          </i>
          {items.robot}
        </li>
        <li>
          <i class="key key-robot key-lost">
            <Icon name="robots" size={12} />
          </i>
          {items.robotLost}
        </li>
        <li class="legend-marks">
          {([1, 2, 3, 4] as const).map((p) => (
            <span key={p}>
              <svg class={`mark mark-${p}`} viewBox="-1 -1 22 22" width="15" height="15" aria-hidden="true">
                <path d={MARK_PATHS[p]} />
              </svg>
              {m.incidents.priority[p]}
            </span>
          ))}
          <span>
            <svg class="mark mark-done" viewBox="-1 -1 22 22" width="15" height="15" aria-hidden="true">
              <path d={MARK_PATHS.done} />
              <path class="mark-tick" d={TICK} />
            </svg>
            {items.done}
          </span>
        </li>
        <li>
          <i class="key key-viewpoint" />
          {items.viewpoint}
        </li>
        <li>
          <i class="key key-tile">
            <Icon name="dock" size={12} />
          </i>
          {items.dock}
        </li>
        <li>
          <i class="key key-tile">
            <Icon name="camera" size={12} />
          </i>
          {items.camera}
        </li>
        <li>
          <i class="key key-sensor">
            <Icon name="flame" size={11} />
          </i>
          {items.sensor}
        </li>
        <li>
          <i class="key key-sensor key-alarm">
            <Icon name="flame" size={11} />
          </i>
          {items.sensorAlarm}
        </li>
        <li>
          <i class="key key-lane" />
          {items.lane}
        </li>
        <li>
          <i class="key key-fire" />
          {items.fireLane}
        </li>
        <li>
          <i class="key key-nogo" />
          {items.noGo}
        </li>
      </ul>
      <Switch
        label={m.live.showSensors}
        checked={sensorsShown.value === 'on'}
        onChange={(on) => (sensorsShown.value = on ? 'on' : 'off')}
      />
    </aside>
  );
}
