/** Short words about what just happened, with the way back where there is one. */
import { signal } from '@preact/signals';

export interface Toast {
  key: number;
  tone: 'done' | 'problem';
  text: string;
  action: { label: string; run: () => void } | null;
}

const SHOWN_MS = { done: 6_000, problem: 12_000 } as const;
const MOST = 3; // the oldest goes first; what matters stays visible where it happened

export const toasts = signal<Toast[]>([]);
let nextKey = 1;

/** Shows a toast; returns its key. With an action it stays two seconds longer; said again it takes its own place. */
export function toast(tone: Toast['tone'], text: string, action: Toast['action'] = null): number {
  const key = nextKey++;
  const others = toasts.peek().filter((shown) => shown.action || shown.tone !== tone || shown.text !== text);
  toasts.value = [...others, { key, tone, text, action }].slice(-MOST);
  setTimeout(() => dismiss(key), SHOWN_MS[tone] + (action ? 2_000 : 0));
  return key;
}

export function dismiss(key: number): void {
  toasts.value = toasts.peek().filter((t) => t.key !== key);
}
