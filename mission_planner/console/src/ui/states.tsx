/** The states every page has: empty, loading, failed, not permitted, stale. */
import type { ComponentChildren } from 'preact';
import type { ApiError } from '../api/client';
import { t } from '../messages';
import { explain } from '../messages/explain';
import type { Fetched, Resource } from '../state/resource';
import { Button } from './button';
import { Icon, type IconName } from './icon';

interface BlankProps {
  icon: IconName;
  title: string;
  why?: string;
  children?: ComponentChildren;
}

export function Blank({ icon, title, why, children }: BlankProps) {
  return (
    <div class="blank">
      <Icon name={icon} size={28} />
      <h3>{title}</h3>
      {why && <p>{why}</p>}
      {children}
    </div>
  );
}

/** Grey bars where the content will be; told to screen readers as one word. */
export function Loading({ rows = 4 }: { rows?: number }) {
  return (
    <div class="loading" role="status" aria-label={t().common.loading}>
      {Array.from({ length: rows }, (_, i) => (
        <div key={i} class="loading-row">
          <i />
          <i />
        </div>
      ))}
    </div>
  );
}

export function Failed({ what, error, retry }: { what: string; error: ApiError; retry?: () => void }) {
  const m = t();
  if (error.status === 403) return <Blank icon="hide" title={m.errors.loadFailed(what)} why={m.common.notPermitted} />;
  return (
    <Blank icon="alert" title={m.errors.loadFailed(what)} why={explain(error)}>
      {retry && <Button label={m.common.retry} icon="reopen" onClick={retry} />}
    </Blank>
  );
}

interface WhenProps<T> {
  of: Resource<T>;
  what: string;
  children: (data: T, fetched: Extract<Fetched<T>, { state: 'ready' }>) => ComponentChildren;
}

/** Draws the resource in whichever state it is; data that could not be renewed is shown with a word about it. */
export function When<T>({ of, what, children }: WhenProps<T>) {
  const fetched = of.value;
  if (fetched.state === 'loading') return <Loading />;
  if (fetched.state === 'failed') return <Failed what={what} error={fetched.error} retry={() => void of.reload()} />;
  return (
    <>
      {fetched.stale && (
        <p class="notice notice-warn" role="status">
          <Icon name="alert" size={16} /> {t().common.stale} · {explain(fetched.stale)}
        </p>
      )}
      {children(fetched.data, fetched)}
    </>
  );
}
