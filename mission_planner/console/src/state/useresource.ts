/** A resource that belongs to a component: read when it appears and whenever its key changes. */
import { useEffect, useMemo } from 'preact/hooks';
import { resource, type Resource } from './resource';

export function useResource<T>(key: string, read: () => Promise<T>): Resource<T> {
  const held = useMemo(() => resource(read), [key]);
  useEffect(() => void held.reload(), [held]);
  return held;
}
