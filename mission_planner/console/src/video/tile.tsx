/** A live picture with everything one must know to believe it: its age, what the eyes say, why there is none. */
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { video as calls } from '../api/calls';
import type { KnownRobot } from '../logic/world';
import { say, t } from '../messages';
import { ACTIONS } from '../state/actions';
import { useKey } from '../state/keys';
import { language } from '../state/prefs';
import { may } from '../state/session';
import { isStale } from '../ui/robotwords';
import { counted } from './boxes';
import { TileControls } from './controls';
import { faceOf, type Face } from './face';
import { LATE_AFTER_S, tenths } from './frames';
import { TileNotice } from './notice';
import { Screen } from './screen';
import { keyOf } from './wall';
import { Watcher } from './watcher';
import { useInView, usePageShown } from './onscreen';

const STANDS_MPS = 0.05;

interface Props {
  robot: KnownRobot;
  cameraId: string;
  auto?: boolean; // begins by itself; otherwise on a press
  keyed?: boolean; // the key V opens it
  corner?: boolean; // goes to the corner of the page, instead of closing, when one scrolls away
  place?: number; // its place on the wall
  aside?: ComponentChildren; // more buttons
}

/** The tile of a robot's first camera, or the word that it has none. */
export function RobotTile(props: Omit<Props, 'cameraId'>) {
  return <LiveTile key={props.robot.robot_id} {...props} cameraId={props.robot.cameras[0]?.camera_id ?? ''} />;
}

export function LiveTile({ robot, cameraId, auto = false, keyed = false, corner = false, place, aside }: Props) {
  const m = t().video;
  const holder = useRef<HTMLDivElement>(null);
  const figure = useRef<HTMLElement>(null);
  const video = useRef<HTMLVideoElement>(null);
  const boxes = useRef<HTMLCanvasElement>(null);
  const still = useRef<HTMLCanvasElement>(null);
  const wanted = useSignal(auto);
  const inPlace = useSignal(false); // told to stay there
  const inView = useInView(holder);
  const pageShown = usePageShown();
  const { screen, watcher } = useMemo(() => {
    const screen = new Screen();
    return {
      screen,
      watcher: new Watcher(keyOf(robot.robot_id, cameraId), calls.offerPath(robot.robot_id, cameraId), screen),
    };
  }, [robot.robot_id, cameraId]);

  useEffect(() => {
    if (!video.current || !boxes.current || !still.current) return;
    return screen.mount({ video: video.current, boxes: boxes.current, still: still.current }, watcher);
  }, [screen]);
  useEffect(() => {
    const stage = boxes.current;
    if (!stage) return;
    const observer = new ResizeObserver(() => screen.redraw());
    observer.observe(stage);
    return () => observer.disconnect();
  }, [screen]);
  useEffect(() => screen.redraw(), [language.value]);

  screen.standing = robot.speed_mps !== null && Math.abs(robot.speed_mps) < STANDS_MPS;

  const allowed = may(ACTIONS.watchVideo);
  const camera = cameraId !== '';
  const online = !isStale(robot);
  const state = watcher.state.value;
  const look = wanted.value && allowed && camera && pageShown.value && (inView.value || corner);
  useEffect(() => {
    if (look && online && state === 'off') watcher.tell('watch');
    if (!look && state !== 'paused') watcher.tellIf('leave');
    if (!online && (state === 'waiting' || state === 'queued')) watcher.tellIf('leave');
  }, [watcher, look, online, state]);
  useEffect(() => () => watcher.tellIf('leave'), [watcher]);

  const start = () => {
    wanted.value = true;
    if (online) watcher.tellIf('watch');
  };
  useKey(
    'v',
    keyed && allowed && camera ? () => (state === 'live' ? void figure.current?.requestFullscreen() : start()) : null,
  );

  const face = faceOf({ allowed, camera, online, state, played: screen.kept.value, still_s: screen.still_s.value });
  const cornered = corner && !inPlace.value && !inView.value && (face === 'live' || face === 'frozen');
  const size = screen.size.value;
  const poster = robot.latest_picture?.complete === false ? null : robot.latest_picture;
  return (
    <div ref={holder} class={`video-holder ${cornered ? 'video-holder-empty' : ''}`}>
      <figure
        ref={figure}
        class={`video video-${face} ${cornered ? 'video-cornered' : ''}`}
        data-face={face}
        data-robot={robot.robot_id}
        aria-label={m.liveOf(say(robot.name))}
        style={size ? { '--ratio': `${size.w} / ${size.h}` } : undefined}
      >
        <div class="video-stage">
          {poster && face !== 'live' && face !== 'frozen' && !screen.kept.value && (
            <img class="video-poster" src={poster.url} alt={m.lastPhoto} />
          )}
          <canvas
            ref={still}
            class="video-still"
            hidden={!screen.kept.value || face === 'live' || face === 'frozen'}
            aria-hidden="true"
          />
          <video ref={video} muted playsInline disablePictureInPicture={false} aria-hidden="true" />
          <canvas ref={boxes} class="video-boxes" aria-hidden="true" />
          <Chips face={face} screen={screen} robot={robot} place={place} />
          <TileNotice face={face} robot={robot} watcher={watcher} screen={screen} start={start} />
        </div>
        <TileControls
          face={face}
          robot={robot}
          screen={screen}
          figure={figure}
          pause={() => watcher.tellIf('pause')}
          start={start}
          back={cornered ? () => (inPlace.value = true) : null}
          aside={aside}
        />
      </figure>
    </div>
  );
}

/** What lies over the picture at its top: whose it is, its age. */
function Chips({
  face,
  screen,
  robot,
  place,
}: {
  face: Face;
  screen: Screen;
  robot: KnownRobot;
  place: number | undefined;
}) {
  const m = t().video;
  const { people, suspected, confirmed } = counted(screen.seen.value);
  return (
    <div class="video-chips">
      <span class="video-name">
        {place !== undefined && <kbd>{place}</kbd>}
        {say(robot.name)}
      </span>
      {face === 'live' && <AgeChip age_s={screen.age_s.value} />}
      {face === 'live' && people > 0 && <span class="unseen">{m.seen(people, suspected, confirmed)}</span>}
    </div>
  );
}

function AgeChip({ age_s }: { age_s: number | null }) {
  const m = t().video;
  if (age_s === null) return <span class="video-age">{m.ageUnknown}</span>;
  const late = age_s > LATE_AFTER_S;
  return (
    <span class={`video-age num ${late ? 'video-age-late' : ''}`} data-age={age_s.toFixed(2)}>
      <i aria-hidden="true" />
      {late ? m.late(tenths(age_s)) : m.age(tenths(age_s))}
    </span>
  );
}
