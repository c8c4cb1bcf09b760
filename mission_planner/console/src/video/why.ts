/** Why there is no live picture, and whether asking again can help. */
import { ApiError } from '../api/client';

export type Why =
  | { kind: 'answer'; error: ApiError } // what the center said
  | { kind: 'noPicture' } // connected, or not, but no frame came in time
  | { kind: 'lost' } // it played, and the connection broke
  | { kind: 'noFormat' } // this browser cannot play H.264
  | { kind: 'noWebRtc' } // or cannot hold such a connection at all
  | { kind: 'broken'; text: string }; // the browser refused the answer

/** No such camera, no permission, an offer that is never understood: the same question gets the same answer. */
const LASTING: ReadonlySet<number> = new Set([400, 401, 403, 404, 405, 406, 415, 422]);

export const isLasting = (why: Why): boolean =>
  why.kind === 'noFormat' || why.kind === 'noWebRtc' || (why.kind === 'answer' && LASTING.has(why.error.status));

export class NoVideo extends Error {
  constructor(readonly why: Why) {
    super(why.kind);
    this.name = 'NoVideo';
  }
}

export function whyOf(reason: unknown): Why {
  if (reason instanceof NoVideo) return reason.why;
  if (reason instanceof ApiError) return { kind: 'answer', error: reason };
  return { kind: 'broken', text: String(reason) };
}
