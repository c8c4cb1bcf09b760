/** Photos of the place, taken or chosen: each is sent as it is, with its progress; what failed can be tried again. */
import { useSignal } from '@preact/signals';
import { ApiError } from '../api/client';
import { MAX_PHOTO_BYTES, sendPhoto } from '../api/upload';
import type { Incident } from '../api/types';
import { t } from '../messages';
import { explain } from '../messages/explain';
import { ACTIONS } from '../state/actions';
import { tellIncident } from '../state/live';
import { may } from '../state/session';
import { Button } from '../ui/button';
import { Icon } from '../ui/icon';

export function AddPhoto({ incident }: { incident: Incident }) {
  const m = t();
  const sent = useSignal<number | null>(null); // 0..1 of the photo that is on its way
  const problem = useSignal<string | null>(null);
  const unsent = useSignal<readonly File[]>([]);
  const kept = useSignal(0);
  if (!may(ACTIONS.note)) return null;

  const send = async (photos: readonly File[]): Promise<void> => {
    problem.value = null;
    unsent.value = photos;
    const large = photos.find((photo) => photo.size > MAX_PHOTO_BYTES);
    if (large) {
      problem.value = t().acts.photoTooLarge(large.name);
      unsent.value = [];
      return;
    }
    for (const photo of photos) {
      sent.value = 0;
      try {
        tellIncident(await sendPhoto(incident.incident_id, photo, (part) => (sent.value = part)));
        unsent.value = unsent.value.slice(1);
        kept.value++;
      } catch (error) {
        problem.value = t().errors.notDone(t().acts.addPhoto, explain(error));
        const refused = error instanceof ApiError && error.status >= 400 && error.status < 500;
        if (refused) unsent.value = []; // the same file would be refused again
        break;
      } finally {
        sent.value = null;
      }
    }
  };

  const busy = sent.value !== null;
  return (
    <div class="add-photo">
      <label class="button button-plain" aria-busy={busy}>
        {busy ? <span class="spinner" aria-hidden="true" /> : <Icon name="snapshot" />}
        <span>{busy ? m.acts.photoSending(Math.round((sent.value ?? 0) * 100)) : m.acts.addPhoto}</span>
        <input
          type="file"
          accept="image/jpeg,image/png"
          multiple
          disabled={busy}
          aria-label={m.acts.addPhoto}
          onChange={(e) => {
            const photos = [...(e.currentTarget.files ?? [])];
            e.currentTarget.value = ''; // the same one may be chosen again
            void send(photos);
          }}
        />
      </label>
      <p class={problem.value ? 'field-error' : 'hint'} role="status">
        {problem.value ?? (kept.value > 0 && !busy ? m.acts.photoAdded(kept.value) : '')}
      </p>
      {problem.value && unsent.value.length > 0 && (
        <Button icon="reopen" label={m.common.retry} onClick={() => void send(unsent.value)} />
      )}
    </div>
  );
}
