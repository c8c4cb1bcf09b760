/** What this person chose on this browser: language, theme, sound. Kept in local storage where that is allowed. */
import { computed, effect, signal } from '@preact/signals';
import type { Language } from '../logic/dates';

export type ThemeChoice = 'system' | 'light' | 'dark';

function kept<T extends string>(key: string, allowed: readonly T[], fallback: T) {
  let start = fallback;
  try {
    const found = localStorage.getItem(key);
    if (found !== null && (allowed as readonly string[]).includes(found)) start = found as T;
  } catch {
    // storage may be forbidden; the choice then lives as long as the page
  }
  const value = signal<T>(start);
  effect(() => {
    const now = value.value;
    try {
      localStorage.setItem(key, now);
    } catch {
      // as above
    }
  });
  return value;
}

export const language = kept<Language>('ronda.language', ['zh', 'en'], 'zh');
export const themeChoice = kept<ThemeChoice>('ronda.theme', ['system', 'light', 'dark'], 'system');
export const soundChoice = kept<'on' | 'off'>('ronda.sound', ['on', 'off'], 'on');
export const sensorsShown = kept<'on' | 'off'>('ronda.sensors', ['on', 'off'], 'on');
export const raised = kept<'on' | 'off'>('ronda.raised', ['on', 'off'], 'off'); // buildings stand up, the map tilts

export const wallSize = kept<'1' | '4'>('ronda.wall', ['1', '4'], '4'); // live pictures at once
export const wallChosen = signal<readonly (string | null)[]>([]); // by place; null: chosen by itself

const darkQuery = matchMedia('(prefers-color-scheme: dark)');
const systemDark = signal(darkQuery.matches);
darkQuery.addEventListener('change', (e) => (systemDark.value = e.matches));

export const theme = computed<'light' | 'dark'>(() =>
  themeChoice.value === 'system' ? (systemDark.value ? 'dark' : 'light') : themeChoice.value,
);

const calmQuery = matchMedia('(prefers-reduced-motion: reduce)');
export const reducedMotion = signal(calmQuery.matches);
calmQuery.addEventListener('change', (e) => (reducedMotion.value = e.matches));

const phoneQuery = matchMedia('(max-width: 760px)');
export const onPhone = signal(phoneQuery.matches);
phoneQuery.addEventListener('change', (e) => (onPhone.value = e.matches));

effect(() => {
  document.documentElement.dataset['theme'] = theme.value;
});
effect(() => {
  document.documentElement.lang = language.value === 'zh' ? 'zh-CN' : 'en';
});
