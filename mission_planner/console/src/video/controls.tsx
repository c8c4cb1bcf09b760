/** The buttons under a picture: pause, save, full screen. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren, RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import type { KnownRobot } from '../logic/world';
import { say, t } from '../messages';
import { toast } from '../state/toasts';
import { IconButton } from '../ui/button';
import type { Face } from './face';
import type { Screen } from './screen';

interface Props {
  face: Face;
  robot: KnownRobot;
  screen: Screen;
  figure: RefObject<HTMLElement | null>;
  pause: () => void;
  start: () => void;
  back: (() => void) | null; // out of the corner
  aside: ComponentChildren;
}

export function TileControls({ face, robot, screen, figure, pause, start, back, aside }: Props) {
  const m = t().video;
  const full = useFullscreen(figure);
  const plays = face === 'live' || face === 'frozen';
  const picture = plays || screen.kept.value;
  const save = async () => {
    const taken = await screen.snapshot();
    if (!taken) return;
    download(taken.blob, fileName(robot.robot_id, taken.at));
    toast('done', m.saved(say(robot.name)));
  };
  if (!picture && !aside && face !== 'connecting') return null;
  return (
    <figcaption class="video-controls">
      {plays || face === 'connecting' ? (
        <IconButton label={m.pause} icon="pause" onClick={pause} />
      ) : (
        picture && <IconButton label={m.resume} icon="play" onClick={start} />
      )}
      {picture && <IconButton label={m.snapshot} icon="snapshot" onClick={() => void save()} />}
      {picture && (
        <IconButton
          label={full.value ? m.leaveFullscreen : m.fullscreen}
          icon={full.value ? 'shrink' : 'fit'}
          pressed={full.value}
          onClick={() => void toggle(figure.current)}
        />
      )}
      {back && <IconButton label={m.backInPlace} icon="close" onClick={back} />}
      {aside}
    </figcaption>
  );
}

async function toggle(figure: HTMLElement | null): Promise<void> {
  if (document.fullscreenElement) return document.exitFullscreen();
  if (figure?.requestFullscreen) return figure.requestFullscreen();
  const video = figure?.querySelector('video') as (HTMLVideoElement & { webkitEnterFullscreen?: () => void }) | null;
  video?.webkitEnterFullscreen?.(); // iPhones know no other way
}

function useFullscreen(figure: RefObject<HTMLElement | null>) {
  const full = useSignal(false);
  useEffect(() => {
    const renew = () =>
      (full.value = document.fullscreenElement !== null && document.fullscreenElement === figure.current);
    document.addEventListener('fullscreenchange', renew);
    return () => document.removeEventListener('fullscreenchange', renew);
  }, []);
  return full;
}

/** "ronda-r1-20261121T112233Z.jpg": sorts by time, says whose. */
const fileName = (robotId: string, at: Date): string =>
  `ronda-${robotId}-${at.toISOString().replace(/[-:]|\.\d+/g, '')}.jpg`;

function download(blob: Blob, name: string): void {
  const url = URL.createObjectURL(blob);
  const link = Object.assign(document.createElement('a'), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
