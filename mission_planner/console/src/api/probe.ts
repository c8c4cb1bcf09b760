/** What the center says of itself to anybody: it needs no session, and so no database. */

/** The answer as it came; null where nobody answers in JSON. A center that is not ready says so with 503. */
export async function probe(): Promise<unknown> {
  try {
    const response = await fetch('/readyz', { headers: { Accept: 'application/json' } });
    return await response.json();
  } catch {
    return null;
  }
}
