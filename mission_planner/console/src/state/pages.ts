/** A list that comes page by page: the first when its key changes, more when asked. */
import { useSignal } from '@preact/signals';
import type { Page } from '../api/types';
import { t } from '../messages';
import { explain } from '../messages/explain';
import type { Resource } from './resource';
import { toast } from './toasts';
import { useResource } from './useresource';

export interface Pages<T> {
  first: Resource<Page<T>>;
  rows: readonly T[];
  more: boolean; // whether there are more to ask for
  busy: boolean;
  loadMore: () => void;
}

interface Rest<T> {
  of: string; // the key it belongs to
  rows: readonly T[];
  next: string | null;
  busy: boolean;
}

export function usePages<T>(key: string, read: (after?: string) => Promise<Page<T>>): Pages<T> {
  const first = useResource(key, () => read());
  const rest = useSignal<Rest<T> | null>(null);
  const fetched = first.value;
  const mine = rest.value?.of === key ? rest.value : null;
  const next = mine ? mine.next : fetched.state === 'ready' ? fetched.data.next : null;
  const loadMore = async () => {
    if (!next || mine?.busy) return;
    const before: Rest<T> = mine ?? { of: key, rows: [], next, busy: false };
    rest.value = { ...before, busy: true };
    try {
      const page = await read(next);
      if (rest.peek()?.of === key) {
        rest.value = { of: key, rows: [...before.rows, ...page.items], next: page.next, busy: false };
      }
    } catch (error) {
      if (rest.peek()?.of === key) rest.value = before;
      toast('problem', t().errors.notDone(t().common.more, explain(error)));
    }
  };
  return {
    first,
    rows: [...(fetched.state === 'ready' ? fetched.data.items : []), ...(mine?.rows ?? [])],
    more: next !== null,
    busy: mine?.busy ?? false,
    loadMore: () => void loadMore(),
  };
}
