/** Sending a photo, with its progress: `fetch` cannot tell how much of a body has gone. */
import type { Incident } from './types';
import { ApiError, BASE, errorFrom } from './client';

/** What the center takes at most, bytes. */
export const MAX_PHOTO_BYTES = 32 * 1024 * 1024;

/** Adds a photo to an incident; `progress` hears 0..1 of what has gone. Throws ApiError. */
export function sendPhoto(incidentId: string, photo: Blob, progress: (sent: number) => void): Promise<Incident> {
  return new Promise((resolve, reject) => {
    const asked = new XMLHttpRequest();
    asked.open('POST', `${BASE}/incidents/${encodeURIComponent(incidentId)}/photos`);
    asked.setRequestHeader('X-Ronda', '1');
    asked.setRequestHeader('Accept', 'application/json');
    asked.setRequestHeader('Content-Type', photo.type || 'image/jpeg');
    asked.upload.onprogress = (event) => event.lengthComputable && progress(event.loaded / event.total);
    asked.onerror = () => reject(new ApiError(0, 'unreachable', '', null, null));
    asked.onload = () => {
      if (asked.status === 201) resolve(JSON.parse(asked.responseText) as Incident);
      else void errorFrom(new Response(asked.responseText, { status: asked.status || 500 })).then(reject);
    };
    asked.send(photo);
  });
}
