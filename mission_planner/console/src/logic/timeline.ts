/** The order in which a timeline is read. Pure. */

/** Newest first; of what happened in the same instant, what was written later comes first. */
export function newestFirst<E extends { at: string }>(entries: readonly E[]): E[] {
  return [...entries].reverse().sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}
