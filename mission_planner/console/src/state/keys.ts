/** Keyboard: the page says what its keys do, one listener asks it. */
import { signal } from '@preact/signals';
import { useLayoutEffect } from 'preact/hooks';

export type PageKey = 'a' | 'c' | 'd' | 'f' | 'm' | 'v' | '1' | '2' | '3' | '4' | 'Escape';

const acts = new Map<PageKey, () => void>();

/** While the component is there and `act` is not null, `key` does it. */
export function useKey(key: PageKey, act: (() => void) | null): void {
  // before the paint: a key pressed on what is seen already must not be lost
  useLayoutEffect(() => {
    if (!act) return;
    acts.set(key, act);
    return () => {
      if (acts.get(key) === act) acts.delete(key);
    };
  });
}

export const keysShown = signal(false);

export interface GlobalKeys {
  move(step: 1 | -1): void;
  page(nth: number): void;
  fit(): void;
  raise(): void;
  video(): void;
  escape(): void;
}

/** Whether the key belongs to what is being typed into, or to a dialog. */
function taken(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return true;
  if (document.querySelector('dialog[open]')) return true;
  const target = event.target instanceof HTMLElement ? event.target : null;
  return Boolean(target?.closest('input, textarea, select, [contenteditable]'));
}

export function listenToKeys(global: GlobalKeys): () => void {
  const onKey = (event: KeyboardEvent) => {
    if (taken(event)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const act = acts.get(key as PageKey);
    if (act) act();
    else if (key === 'j') global.move(1);
    else if (key === 'k') global.move(-1);
    else if (key === '/') document.querySelector<HTMLInputElement>('[data-search]')?.focus();
    else if (key === '?') keysShown.value = true;
    else if (key === '0') global.fit();
    else if (key === 'b') global.raise();
    else if (key === 'v') global.video();
    else if (key === 'Escape') global.escape();
    else if (/^[1-8]$/.test(key)) global.page(Number(key));
    else return;
    event.preventDefault();
  };
  addEventListener('keydown', onKey);
  return () => removeEventListener('keydown', onKey);
}
