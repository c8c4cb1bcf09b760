/** An error from the center as a sentence that says what to do. */
import { ApiError } from '../api/client';
import { say, t } from './index';

/** Reads the catalogue: call while drawing, or accept the language of the moment. */
export function explain(error: unknown): string {
  const m = t().errors;
  if (!(error instanceof ApiError)) return m.server;
  if (error.status === 0) return error.code === 'stream_ended' ? m.stream_ended : m.unreachable;
  switch (error.status) {
    case 403:
      return typeof error.sentence === 'string' ? m.forbidden : m.conflict(say(error.sentence));
    case 404:
      return m.notFound;
    case 409:
      return m.conflict(say(error.sentence));
    case 400:
    case 422:
      return m.invalid(say(error.sentence));
    case 429:
      return m.tooMany(Math.ceil(error.retryAfter_s ?? 30));
    case 503: // the center itself says why, or somebody before it that nobody is there
      return typeof error.sentence === 'string' ? m.unreachable : say(error.sentence);
    case 502:
    case 504:
      return m.unreachable;
    default:
      return m.server;
  }
}
