/** The event stream: one connection, resumed where it broke, whose silence is noticed. */
import { createParser } from 'eventsource-parser';
import { backoff_ms } from '../logic/backoff';
import { ApiError, BASE, errorFrom } from './client';

/** Heartbeats come every 5 s; three missed mean that the connection is dead though nobody closed it. */
const SILENT_AFTER_MS = 16_000;

export interface StreamHandlers {
  event(type: string, data: unknown): void;
  /** Something was heard, be it a heartbeat. */
  heard(): void;
  up(): void;
  /** The connection is gone; the next attempt comes by itself. */
  down(error: ApiError): void;
  /** The session is over; no further attempt is made. */
  unauthorised(): void;
}

/** Opens the stream and keeps it open; returns how to end it. */
export function openStream(handlers: StreamHandlers): () => void {
  const ended = new AbortController();
  void keepOpen(handlers, ended.signal);
  return () => ended.abort();
}

async function keepOpen(handlers: StreamHandlers, ended: AbortSignal): Promise<void> {
  let lastEventId: string | null = null;
  let attempt = 0;
  while (!ended.aborted) {
    const once = new AbortController();
    const stop = () => once.abort();
    ended.addEventListener('abort', stop, { once: true });
    addEventListener('offline', stop); // do not wait for the silence to be noticed: try at once whether it is true
    try {
      lastEventId = await readOnce(
        handlers,
        once,
        lastEventId,
        () => (attempt = 0),
        (id) => (lastEventId = id),
      );
      handlers.down(new ApiError(0, 'stream_ended', '', null, null));
    } catch (reason) {
      if (ended.aborted) return;
      const error = reason instanceof ApiError ? reason : new ApiError(0, 'unreachable', String(reason), null, null);
      if (error.status === 401) return handlers.unauthorised();
      handlers.down(error);
    } finally {
      ended.removeEventListener('abort', stop);
      removeEventListener('offline', stop);
    }
    await pause(backoff_ms(attempt++, Math.random()), ended);
  }
}

async function readOnce(
  handlers: StreamHandlers,
  once: AbortController,
  lastEventId: string | null,
  opened: () => void,
  sawId: (id: string) => void,
): Promise<string | null> {
  let watchdog = 0;
  let newest = lastEventId;
  const heard = () => {
    clearTimeout(watchdog);
    watchdog = window.setTimeout(() => once.abort(), SILENT_AFTER_MS);
    handlers.heard();
  };
  watchdog = window.setTimeout(() => once.abort(), SILENT_AFTER_MS);
  try {
    const response = await fetch(`${BASE}/events`, {
      headers: { Accept: 'text/event-stream', ...(lastEventId ? { 'Last-Event-ID': lastEventId } : {}) },
      credentials: 'same-origin',
      cache: 'no-store',
      signal: once.signal,
    });
    if (!response.ok) throw await errorFrom(response);
    if (!response.body) throw new ApiError(0, 'stream_ended', '', null, null);
    opened();
    handlers.up();
    heard();
    const parser = createParser({
      onEvent: ({ event, data, id }) => {
        if (id) sawId((newest = id));
        handlers.event(event ?? 'message', JSON.parse(data));
      },
    });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return newest;
      heard();
      parser.feed(value);
    }
  } finally {
    clearTimeout(watchdog);
  }
}

function pause(ms: number, ended: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener('online', done);
      ended.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    addEventListener('online', done); // the network is back: do not wait out the pause
    ended.addEventListener('abort', done);
  });
}
