/** What is held back now: shelved sources and what a power cut explains; and whether alarms flood. Asked again and again. */
import { effect } from '@preact/signals';
import { devices, incidents } from '../api/calls';
import type { Flood, Inhibited, Shelved } from '../api/types';
import { floodChanged } from './live';
import { resource } from './resource';
import { session } from './session';

const RENEW_MS = 20_000;

export const heldBack = {
  shelved: resource<Shelved[]>(async () => (await devices.shelved()).items),
  inhibited: resource<Inhibited[]>(devices.inhibited),
  flood: resource<Flood>(incidents.flood),
};

function renew(): void {
  if (session.peek().state !== 'in' || document.hidden) return;
  Object.values(heldBack).forEach((of) => void of.reload());
}

effect(() => {
  if (session.value.state === 'in') renew();
});
effect(() => {
  if (floodChanged.value > 0) void heldBack.flood.reload();
});
setInterval(renew, RENEW_MS);
