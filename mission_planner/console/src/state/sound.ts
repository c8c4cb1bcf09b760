/** The alarm: sounds only for life-threatening incidents that nobody has taken, and never without its visible twin. */
import { computed, effect, signal } from '@preact/signals';
import type { Incident } from '../api/types';
import { queued } from './live';
import { soundChoice } from './prefs';

const EVERY_MS = 4_000;
const TONES_HZ = [880, 660, 880, 660] as const;
const TONE_S = 0.18;

/** Life-threatening and without anyone on it, the most urgent first. */
export const lifeAlarms = computed<Incident[]>(() =>
  queued.value.filter((i) => i.priority === 1 && i.state === 'open'),
);

const silenced = signal<ReadonlySet<string>>(new Set());

/** Whether something sounds, or would if the browser let it. */
export const sounding = computed(
  () => soundChoice.value === 'on' && lifeAlarms.value.some((i) => !silenced.value.has(i.incident_id)),
);

/** Silence for what is known now; anything new sounds again. */
export function silence(): void {
  silenced.value = new Set(lifeAlarms.peek().map((i) => i.incident_id));
}

let context: AudioContext | null = null;
export const blocked = signal(true); // until a gesture: browsers forbid sound before it

async function wake(): Promise<void> {
  try {
    context ??= new AudioContext();
    if (context.state !== 'running') await context.resume();
    blocked.value = context.state !== 'running';
  } catch {
    blocked.value = true;
  }
}

for (const gesture of ['pointerdown', 'keydown'] as const)
  addEventListener(gesture, () => void wake(), { passive: true });

/** One alarm pattern. Whether the browser played it. */
export async function playAlarm(): Promise<boolean> {
  await wake();
  if (!context || context.state !== 'running') return false;
  const start_s = context.currentTime + 0.02;
  TONES_HZ.forEach((hz, i) => tone(context as AudioContext, hz, start_s + i * TONE_S * 1.15));
  return true;
}

function tone(audio: AudioContext, hz: number, at_s: number): void {
  const oscillator = audio.createOscillator();
  const gain = audio.createGain();
  oscillator.type = 'triangle';
  oscillator.frequency.value = hz;
  gain.gain.setValueAtTime(0, at_s);
  gain.gain.linearRampToValueAtTime(0.35, at_s + 0.015); // ramps, or it clicks
  gain.gain.setValueAtTime(0.35, at_s + TONE_S - 0.03);
  gain.gain.linearRampToValueAtTime(0, at_s + TONE_S);
  oscillator.connect(gain).connect(audio.destination);
  oscillator.start(at_s);
  oscillator.stop(at_s + TONE_S);
}

let repeating: ReturnType<typeof setInterval> | undefined;

effect(() => {
  clearInterval(repeating);
  if (!sounding.value) return;
  void playAlarm();
  repeating = setInterval(() => void playAlarm(), EVERY_MS);
});
