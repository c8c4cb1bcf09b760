/** Development only: what is asked of the played center, and the shapes of its answers. */

export type Body = Record<string, unknown>;

/** A request under `/api/v1`: `/noun/id/verb`. */
export interface Asked {
  method: string;
  noun: string;
  id: string;
  verb: string;
  query: URLSearchParams;
  body: Body;
}

export interface Answer {
  status: number;
  body?: unknown;
}

export const DONE: Answer = { status: 204 };
export const ok = (body: unknown): Answer => ({ status: 200, body });
export const page = (items: unknown[]): Answer => ok({ items, next: null });
export const wrong = (status: number, code: string, message: string, where: string | null = null): Answer => ({
  status,
  body: { error: { code, message, where } },
});
