/** Photos: a tile with its age, a grid, and a lightbox one can walk through with the arrow keys. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Picture } from '../api/types';
import { STALE_AFTER_S } from '../logic/age';
import { t } from '../messages';
import { IconButton } from './button';
import { Icon } from './icon';
import { pictureName } from './picturename';
import { Age, Moment } from './time';

/** The image, or a plain word where it cannot be had. */
function Image({ picture, eager = false }: { picture: Picture; eager?: boolean }) {
  const [failed, setFailed] = useState(false);
  if (picture.complete === false || failed) {
    return (
      <span class="photo-missing">
        <Icon name={failed ? 'imageOff' : 'clock'} size={22} />
        {failed ? t().common.photoMissing : t().common.photoComing}
      </span>
    );
  }
  return (
    <img
      src={picture.url}
      alt={t().common.photoOf(pictureName(picture))}
      width={640}
      height={480}
      loading={eager ? 'eager' : 'lazy'}
      decoding="async"
      onError={() => setFailed(true)}
    />
  );
}

interface PhotosProps {
  pictures: Picture[];
  layout?: 'grid' | 'single' | 'lead'; // lead: the first large, the rest in rows below
  staleAfter_s?: number;
}

export function Photos({ pictures, layout = 'grid', staleAfter_s }: PhotosProps) {
  const [open, setOpen] = useState<number | null>(null);
  return (
    <>
      <ul class={`photos photos-${layout}`}>
        {pictures.map((picture, i) => (
          <li key={picture.digest + i}>
            <button type="button" class="photo" onClick={() => setOpen(i)}>
              <Image key={`${picture.digest}${picture.complete}`} picture={picture} />
              <span class="photo-caption">
                <span class="photo-name">{pictureName(picture)}</span>
                {picture.taken_at && (
                  <Age iso={picture.taken_at} {...(staleAfter_s === undefined ? {} : { staleAfter_s })} />
                )}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {open !== null && pictures[open] && (
        <Lightbox pictures={pictures} at={open} onMove={setOpen} onClose={() => setOpen(null)} />
      )}
    </>
  );
}

/** The newest picture of a robot: old ones grey and say so. */
export function LatestPhoto({ picture }: { picture: Picture }) {
  return <Photos pictures={[picture]} layout="single" staleAfter_s={STALE_AFTER_S.picture} />;
}

interface LightboxProps {
  pictures: Picture[];
  at: number;
  onMove: (at: number) => void;
  onClose: () => void;
}

function Lightbox({ pictures, at, onMove, onClose }: LightboxProps) {
  const ref = useRef<HTMLDialogElement>(null);
  const m = t().common;
  const picture = pictures[at];
  useEffect(() => {
    const dialog = ref.current;
    dialog?.showModal();
    return () => dialog?.close();
  }, []);
  if (!picture) return null;
  const move = (step: number) => onMove((at + step + pictures.length) % pictures.length);
  return (
    <dialog
      ref={ref}
      class="lightbox"
      aria-label={m.photoOf(pictureName(picture))}
      onCancel={(e) => {
        e.preventDefault();
        onClose();
      }}
      onClick={(e) => e.target === ref.current && onClose()}
      onKeyDown={(e) => {
        if (e.key === 'ArrowRight') move(1);
        else if (e.key === 'ArrowLeft') move(-1);
        else return;
        e.preventDefault();
      }}
    >
      <figure>
        <Image key={`${picture.digest}${picture.complete}`} picture={picture} eager />
        <figcaption aria-live="polite">
          <strong>{pictureName(picture)}</strong>
          {picture.taken_at && (
            <span>
              <Moment iso={picture.taken_at} seconds /> · <Age iso={picture.taken_at} />
            </span>
          )}
          {pictures.length > 1 && <span class="num">{m.photoCount(at + 1, pictures.length)}</span>}
        </figcaption>
      </figure>
      {pictures.length > 1 && (
        <>
          <IconButton class="lightbox-previous" label={m.previousPhoto} icon="back" onClick={() => move(-1)} />
          <IconButton class="lightbox-next" label={m.nextPhoto} icon="forward" onClick={() => move(1)} />
        </>
      )}
      <IconButton class="lightbox-close" label={m.close} icon="close" onClick={onClose} />
    </dialog>
  );
}
