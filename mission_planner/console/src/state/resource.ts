/** Something fetched: loading, ready or failed, with the last good answer kept while it is asked again. */
import { signal } from '@preact/signals';
import { ApiError } from '../api/client';

export type Fetched<T> =
  | { state: 'loading' }
  | { state: 'ready'; data: T; at_ms: number; stale: ApiError | null } // stale: asking again failed
  | { state: 'failed'; error: ApiError };

export interface Resource<T> {
  readonly value: Fetched<T>;
  peek(): Fetched<T>;
  reload(): Promise<void>;
  set(data: T): void;
}

/** A resource that is read on `reload`; of several reloads under way the newest wins. */
export function resource<T>(read: () => Promise<T>): Resource<T> {
  const held = signal<Fetched<T>>({ state: 'loading' });
  let newest = 0;
  return {
    get value() {
      return held.value;
    },
    peek: () => held.peek(),
    set: (data) => (held.value = { state: 'ready', data, at_ms: Date.now(), stale: null }),
    async reload() {
      const mine = ++newest;
      if (held.peek().state === 'failed') held.value = { state: 'loading' };
      try {
        const data = await read();
        if (mine === newest) held.value = { state: 'ready', data, at_ms: Date.now(), stale: null };
      } catch (reason) {
        if (mine !== newest) return;
        const error = reason instanceof ApiError ? reason : new ApiError(0, 'broken', String(reason), null, null);
        const had = held.peek();
        held.value = had.state === 'ready' ? { ...had, stale: error } : { state: 'failed', error };
      }
    },
  };
}
