/** Where the person is: the page and what is open on it, kept in the address after `#`. */
import { computed, signal } from '@preact/signals';

export const PAGES = ['live', 'patrols', 'incidents', 'robots', 'video', 'devices', 'analysis', 'settings'] as const;
export type PageName = (typeof PAGES)[number];

export interface Route {
  page: PageName;
  id: string | null;
  sub: string | null; // e.g. "edit"
}

/** `#/incidents/<id>`; anything not understood is the live page. */
export function parse(hash: string): Route {
  const [page, id, sub] = hash
    .replace(/^#\/?/, '')
    .split('/')
    .map((part) => {
      try {
        return decodeURIComponent(part);
      } catch {
        return part;
      }
    });
  const known = (PAGES as readonly string[]).includes(page ?? '');
  return known ? { page: page as PageName, id: id || null, sub: sub || null } : { page: 'live', id: null, sub: null };
}

export function hrefOf(page: PageName, id?: string | null, sub?: string | null): string {
  return '#/' + [page, ...(id ? [id] : []), ...(id && sub ? [sub] : [])].map(encodeURIComponent).join('/');
}

const hash = signal(location.hash);
addEventListener('hashchange', () => (hash.value = location.hash));

export const route = computed(() => parse(hash.value));

export function go(page: PageName, id?: string | null, sub?: string | null): void {
  location.hash = hrefOf(page, id, sub);
}
