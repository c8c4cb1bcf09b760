/** The video wall: one or four live pictures; where something goes on comes first. */
import { useSignal } from '@preact/signals';
import { useRef } from 'preact/hooks';
import { say, t } from '../messages';
import { snapshotSeen, world } from '../state/live';
import { useKey, type PageKey } from '../state/keys';
import { wallChosen, wallSize } from '../state/prefs';
import { IconButton } from '../ui/button';
import { Choice } from '../ui/form';
import { Panel } from '../ui/panel';
import { robotSentence } from '../ui/robotwords';
import { Blank, Loading } from '../ui/states';
import { LiveTile } from '../video/tile';
import { arrange, byInterest, eyesOf, type Eye } from '../video/wall';

export function VideoWall() {
  const m = t().video;
  const before = useRef<(string | null)[]>([]);
  const focused = useSignal<number | null>(null);
  const eyes = eyesOf(world.value.robots.values());
  const places = wallSize.value === '1' ? 1 : 4;
  const ranked = byInterest(eyes, world.value.incidents.values());
  const chosen = wallChosen.value;
  const filled = Math.min(places, Math.max(1, eyes.length));
  const shown = arrange(
    ranked.map((e) => e.key),
    chosen,
    before.current,
    filled,
  );
  before.current = shown;
  const large = focused.value !== null && shown[focused.value] && filled > 1 ? focused.value : null;
  const focus = (place: number) => (focused.value = large === place ? null : place);

  return (
    <Panel
      title={m.title}
      label={m.title}
      aside={
        eyes.length > 0 && (
          <Choice<'1' | '4'>
            label={m.wall.layout}
            value={wallSize.value}
            onChange={(v) => (wallSize.value = v)}
            options={[
              { value: '1', label: m.wall.one },
              { value: '4', label: m.wall.four },
            ]}
          />
        )
      }
    >
      <WallKeys filled={filled} focus={focus} leave={large === null ? null : () => (focused.value = null)} />
      {!snapshotSeen.value ? (
        <Loading />
      ) : eyes.length === 0 ? (
        <Blank icon="video" title={m.wall.empty} why={m.wall.emptyWhy} />
      ) : (
        <>
          <div class={`wall wall-of-${filled} ${large === null ? '' : 'wall-focused'}`}>
            {shown.map((key, place) => (
              <Place
                key={key ?? `free-${place}`}
                eye={eyes.find((e) => e.key === key) ?? null}
                place={place}
                large={large === place}
                eyes={eyes}
                focus={filled > 1 ? () => focus(place) : null}
              />
            ))}
          </div>
          <p class="hint wall-hint">{m.wall.autoHint}</p>
        </>
      )}
    </Panel>
  );
}

/** Keys 1–4 enlarge a place, Esc brings all back. */
function WallKeys({
  filled,
  focus,
  leave,
}: {
  filled: number;
  focus: (place: number) => void;
  leave: (() => void) | null;
}) {
  (['1', '2', '3', '4'] satisfies PageKey[]).forEach((key, place) =>
    useKey(key, () => place < filled && filled > 1 && focus(place)),
  );
  useKey('Escape', leave);
  return null;
}

interface PlaceProps {
  eye: Eye | null;
  place: number;
  large: boolean;
  eyes: Eye[];
  focus: (() => void) | null;
}

function Place({ eye, place, large, eyes, focus }: PlaceProps) {
  const m = t().video.wall;
  return (
    <section class={`wall-place ${large ? 'wall-large' : ''}`} aria-label={m.choose(place + 1)}>
      {eye ? (
        <LiveTile
          robot={eye.robot}
          cameraId={eye.cameraId}
          auto
          place={place + 1}
          aside={
            <>
              {focus && (
                <IconButton
                  label={large ? m.unfocus : m.focus(place + 1)}
                  icon={large ? 'grid' : 'enlarge'}
                  pressed={large}
                  onClick={focus}
                />
              )}
              <Chooser place={place} eyes={eyes} />
            </>
          }
        />
      ) : (
        <Blank icon="videoOff" title={m.free} why={m.freeWhy}>
          <Chooser place={place} eyes={eyes} />
        </Blank>
      )}
      {eye && <p class="wall-words">{robotSentence(eye.robot)}</p>}
    </section>
  );
}

function Chooser({ place, eyes }: { place: number; eyes: Eye[] }) {
  const m = t().video.wall;
  const chosen = wallChosen.value[place] ?? '';
  const sole = new Set(eyes.map((e) => e.robot.robot_id)).size === eyes.length;
  return (
    <select
      class="input wall-chooser"
      aria-label={m.choose(place + 1)}
      value={eyes.some((e) => e.key === chosen) ? chosen : ''}
      onChange={(e) => {
        const key = e.currentTarget.value || null;
        const next = Array.from({ length: 4 }, (_, i) => wallChosen.peek()[i] ?? null);
        wallChosen.value = next.map((had, i) => (i === place ? key : had === key ? null : had));
      }}
    >
      <option value="">{m.auto}</option>
      {eyes.map((e) => {
        const camera = e.robot.cameras.find((c) => c.camera_id === e.cameraId);
        return (
          <option key={e.key} value={e.key}>
            {say(e.robot.name)}
            {!sole && camera && ` · ${say(camera.name)}`}
          </option>
        );
      })}
    </select>
  );
}
