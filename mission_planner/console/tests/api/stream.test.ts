import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError } from '../../src/api/client';
import { openStream, type StreamHandlers } from '../../src/api/stream';

/** A center that answers each request to the stream with the next of these bodies. */
function center(...answers: (string[] | number)[]): { asked: (string | null)[] } {
  const asked: (string | null)[] = [];
  const encoder = new TextEncoder();
  vi.stubGlobal('fetch', (_url: string, init: RequestInit) => {
    asked.push(new Headers(init.headers).get('Last-Event-ID'));
    const answer = answers.shift() ?? [];
    if (typeof answer === 'number') return Promise.resolve(new Response('{}', { status: answer }));
    const body = new ReadableStream<Uint8Array>({
      start(controller) {
        answer.forEach((part) => controller.enqueue(encoder.encode(part)));
        controller.close();
      },
    });
    return Promise.resolve(new Response(body, { status: 200 }));
  });
  return { asked };
}

function listening() {
  const events: [string, unknown][] = [];
  const log: string[] = [];
  const handlers: StreamHandlers = {
    event: (type, data) => events.push([type, data]),
    heard: () => undefined,
    up: () => log.push('up'),
    down: (error: ApiError) => log.push(`down ${error.status} ${error.code}`),
    unauthorised: () => log.push('unauthorised'),
  };
  return { events, log, handlers };
}

describe('the event stream', () => {
  let stop: () => void = () => undefined;

  beforeEach(() => {
    vi.useFakeTimers();
    vi.stubGlobal('window', globalThis);
    vi.stubGlobal('addEventListener', () => undefined);
    vi.stubGlobal('removeEventListener', () => undefined);
  });

  afterEach(() => {
    stop();
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });

  it('reads events that come in pieces', async () => {
    center(['id: 4\nevent: inci', 'dent\ndata: {"a":', '1}\n\n', ': here\n\n']);
    const { events, handlers, log } = listening();
    stop = openStream(handlers);
    await vi.waitFor(() => expect(log).toContain('down 0 stream_ended'));
    expect(events).toEqual([['incident', { a: 1 }]]);
  });

  it('comes back by itself and asks for what it missed', async () => {
    const { asked } = center(['id: 7\nevent: mission\ndata: {}\n\n'], ['id: 8\nevent: mission\ndata: {}\n\n']);
    const { events, handlers } = listening();
    stop = openStream(handlers);
    await vi.waitFor(async () => {
      await vi.advanceTimersByTimeAsync(600);
      expect(events.length).toBe(2);
    });
    expect(asked.slice(0, 2)).toEqual([null, '7']);
  });

  it('remembers the last id though the connection broke without an end', async () => {
    const asked: (string | null)[] = [];
    vi.stubGlobal('fetch', (_url: string, init: RequestInit) => {
      asked.push(new Headers(init.headers).get('Last-Event-ID'));
      let sent = false;
      const body = new ReadableStream<Uint8Array>({
        pull(controller) {
          if (sent) controller.error(new Error('connection reset'));
          else controller.enqueue(new TextEncoder().encode('id: 9\nevent: mission\ndata: {}\n\n'));
          sent = true;
        },
      });
      return Promise.resolve(new Response(body, { status: 200 }));
    });
    const { handlers } = listening();
    stop = openStream(handlers);
    await vi.waitFor(async () => {
      await vi.advanceTimersByTimeAsync(600);
      expect(asked.length).toBeGreaterThan(1);
    });
    expect(asked[1]).toBe('9');
  });

  it('tries again after an error of the center, and says which', async () => {
    const { asked } = center(503, 503);
    const { log, handlers } = listening();
    stop = openStream(handlers);
    await vi.waitFor(async () => {
      await vi.advanceTimersByTimeAsync(600);
      expect(asked.length).toBeGreaterThan(1);
    });
    expect(log[0]).toBe('down 503 unknown');
  });

  it('stops for good when the session is over', async () => {
    const { asked } = center(401);
    const { log, handlers } = listening();
    stop = openStream(handlers);
    await vi.waitFor(() => expect(log).toEqual(['unauthorised']));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(asked.length).toBe(1);
  });
});
