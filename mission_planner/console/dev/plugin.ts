/** Development only: the played center behind `vite` and `vite preview`, so that the console can be seen without a backend. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Plugin } from 'vite';
import type { Body } from './answers/answer';
import { Center } from './center';
import { picture } from './pictures';

async function bodyOf(request: IncomingMessage): Promise<Body> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  if (/csv|yaml/.test(request.headers['content-type'] ?? '')) return { text };
  return text ? (JSON.parse(text) as Body) : {};
}

/** The Vite plugin: answers `/api/v1` in `vite` and `vite preview`. */
export function playedCenter(): Plugin {
  let center: Center | null = null;
  const handle = (request: IncomingMessage, response: ServerResponse, next: () => void) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (!url.pathname.startsWith('/api/v1/')) return next();
    center ??= new Center();
    const path = url.pathname.slice('/api/v1'.length);
    const cookie = /ronda_session=/.test(request.headers.cookie ?? '');
    if (path === '/events') return center.listen(request, response);
    if (path.startsWith('/evidence/')) {
      response.writeHead(200, { 'Content-Type': 'image/svg+xml' });
      return response.end(picture(path.slice('/evidence/'.length)));
    }
    const held = center;
    void bodyOf(request).then((body) => {
      const { status, body: sent } = held.answer(request.method ?? 'GET', path, url.searchParams, body, cookie);
      const headers: Record<string, string> = { 'Content-Type': 'application/json' };
      if (status === 429) headers['Retry-After'] = '20';
      if (path === '/session' && request.method === 'POST' && status === 200)
        headers['Set-Cookie'] = 'ronda_session=played; Path=/; HttpOnly; SameSite=Strict';
      if (path === '/session' && request.method === 'DELETE')
        headers['Set-Cookie'] = 'ronda_session=; Path=/; Max-Age=0';
      response.writeHead(status, headers);
      response.end(sent === undefined ? '' : JSON.stringify(sent));
    });
  };
  return {
    name: 'ronda-played-center',
    configureServer: (server) => void server.middlewares.use((q, r, n) => void handle(q, r, n)),
    configurePreviewServer: (server) => void server.middlewares.use((q, r, n) => void handle(q, r, n)),
  };
}
