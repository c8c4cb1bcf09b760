/** A sensor's state, health and value, as rows and pages show them. */
import type { Device } from '../api/types';
import { say, t } from '../messages';

export function StateChip({ device }: { device: Device }) {
  const look = { alarm: 'chip-alarm', normal: '', unknown: 'chip-faint' }[device.state];
  return <span class={`chip ${look}`}>{t().devices.state[device.state]}</span>;
}

/** Nothing while it is well. */
export function HealthChip({ device }: { device: Device }) {
  const state = device.health?.state ?? 'ok';
  if (state === 'ok') return null;
  const look = state === 'never_heard' ? 'chip-faint' : 'chip-warn';
  return (
    <span class={`chip ${look}`} title={say(device.health?.text)}>
      {t().devices.health[state]}
    </span>
  );
}

/** "0.31 %/m"; null where it never said a figure. */
export function valueText(device: Device): string | null {
  if (device.value === null) return null;
  return [Number(device.value.toPrecision(4)), device.unit].filter((part) => part !== null && part !== '').join(' ');
}
