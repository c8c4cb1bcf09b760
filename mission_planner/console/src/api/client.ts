/** One door to the center: every request, its errors as one type, and what each error asks a person to do. */
import type { Sentence } from './types/common';

export const BASE = '/api/v1';

/** Why a request failed. `status` 0 means no answer came at all. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly where: string | null; // the field that is wrong, where the center names one
  readonly retryAfter_s: number | null;
  readonly sentence: Sentence; // the message, in both languages where the center gave both

  constructor(
    status: number,
    code: string,
    message: string,
    where: string | null,
    retryAfter_s: number | null,
    messageZh: string | null = null,
  ) {
    super(message);
    this.sentence = messageZh ? { zh: messageZh, en: message } : message;
    this.name = 'ApiError';
    this.status = status;
    this.code = code;
    this.where = where;
    this.retryAfter_s = retryAfter_s;
  }
}

type Listener = () => void;
const unauthorised = new Set<Listener>();

/** Called when the center no longer knows the session. Returns how to stop listening. */
export function onUnauthorised(listener: Listener): () => void {
  unauthorised.add(listener);
  return () => unauthorised.delete(listener);
}

/** Reads the center's error body; a body in another shape still becomes an ApiError with the status. */
export async function errorFrom(response: Response): Promise<ApiError> {
  const retryAfter = Number(response.headers.get('Retry-After'));
  const retryAfter_s = Number.isFinite(retryAfter) && retryAfter > 0 ? retryAfter : null;
  try {
    const body = (await response.json()) as {
      error?: { code?: string; message?: string; message_zh?: string | null; where?: unknown };
    };
    const where = body.error?.where;
    return new ApiError(
      response.status,
      body.error?.code ?? 'unknown',
      body.error?.message ?? '',
      typeof where === 'string' ? where : null,
      retryAfter_s,
      body.error?.message_zh ?? null,
    );
  } catch {
    return new ApiError(response.status, 'unknown', '', null, retryAfter_s);
  }
}

interface Options {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  body?: unknown;
  raw?: { type: string; content: Blob }; // instead of `body`: sent as it is
  signal?: AbortSignal;
  keepalive?: boolean; // let it finish though the page goes away
}

/** Sends one request; `undefined` for an answer without a body. Throws ApiError. */
export async function request<T>(path: string, options: Options = {}): Promise<T> {
  const { method = 'GET', body, raw, signal, keepalive = false } = options;
  const headers: Record<string, string> = { Accept: 'application/json' };
  if (method !== 'GET') headers['X-Ronda'] = '1';
  if (raw) headers['Content-Type'] = raw.type;
  else if (body !== undefined) headers['Content-Type'] = 'application/json';
  const sent = raw ? raw.content : body === undefined ? undefined : JSON.stringify(body);
  let response: Response;
  try {
    response = await fetch(BASE + path, {
      method,
      headers,
      credentials: 'same-origin',
      keepalive,
      ...(sent === undefined ? {} : { body: sent }),
      ...(signal ? { signal } : {}),
    });
  } catch (reason) {
    if (signal?.aborted) throw reason;
    throw new ApiError(0, 'unreachable', String(reason), null, null);
  }
  if (!response.ok) {
    const error = await errorFrom(response);
    if (error.status === 401 && path !== '/session') unauthorised.forEach((listener) => listener());
    throw error;
  }
  if (response.status === 204) return undefined as T;
  const text = await response.text();
  return (text ? JSON.parse(text) : undefined) as T;
}

/** Every item of a list, following its cursor. At most `atMost` items. */
export async function listAll<T>(path: string, atMost = 5000): Promise<T[]> {
  const items: T[] = [];
  let after: string | null = null;
  do {
    const query = new URLSearchParams({ limit: '200', ...(after ? { after } : {}) });
    const page: { items: T[]; next: string | null } = await request(
      `${path}${path.includes('?') ? '&' : '?'}${query.toString()}`,
    );
    items.push(...page.items);
    after = page.next;
  } while (after && items.length < atMost);
  return items;
}

/** Offers a WebRTC session (WHEP): the answer's SDP, and where the session ends. Throws ApiError. */
export async function offer(path: string, sdp: string): Promise<{ sdp: string; session: string | null }> {
  let response: Response;
  try {
    response = await fetch(BASE + path, {
      method: 'POST',
      headers: { Accept: 'application/sdp, application/json', 'Content-Type': 'application/sdp', 'X-Ronda': '1' },
      credentials: 'same-origin',
      body: sdp,
    });
  } catch (reason) {
    throw new ApiError(0, 'unreachable', String(reason), null, null);
  }
  if (!response.ok) {
    const error = await errorFrom(response);
    if (error.status === 401) unauthorised.forEach((listener) => listener());
    throw error;
  }
  return { sdp: await response.text(), session: response.headers.get('Location') };
}

/** Ends a session by the address its offer was answered with; also while the page goes away. Nothing to do on failure:
 *  the robot notices silence by itself. */
export function hangUp(session: string): void {
  void fetch(session, {
    method: 'DELETE',
    headers: { 'X-Ronda': '1' },
    credentials: 'same-origin',
    keepalive: true,
  }).catch(() => undefined);
}
