/** The words over a picture that is not live: what is the matter, why, and what one can do. */
import type { ComponentChildren } from 'preact';
import type { KnownRobot } from '../logic/world';
import { say, t } from '../messages';
import { explain } from '../messages/explain';
import { wallNow } from '../state/now';
import { Button } from '../ui/button';
import { Icon, type IconName } from '../ui/icon';
import { silentFor_s } from '../ui/robotwords';
import { ageText } from '../ui/time';
import type { Face } from './face';
import type { Screen } from './screen';
import type { Watcher } from './watcher';
import type { Why } from './why';

interface Props {
  face: Face;
  robot: KnownRobot;
  watcher: Watcher;
  screen: Screen;
  start: () => void;
}

export function TileNotice({ face, robot, watcher, screen, start }: Props) {
  const m = t().video;
  const why = watcher.why.value ? whyText(watcher.why.value, robot) : '';
  const again = <Button label={m.again} icon="reopen" onClick={() => watcher.tellIf('watch')} />;
  switch (face) {
    case 'live':
      return null;
    case 'start':
      return (
        <div class="video-notice video-notice-start">
          <Button kind="primary" icon="play" label={m.start} shortcut="V" onClick={start} />
        </div>
      );
    case 'connecting':
      return <Words busy title={m.connecting} />;
    case 'queued':
      return <Words icon="pause" title={m.queued} why={m.queuedWhy} />;
    case 'frozen':
      return <Words icon="alert" alarm title={m.frozen(Math.round(screen.still_s.value ?? 0))} why={m.frozenWhy} />;
    case 'paused':
      return (
        <Words icon="pause" title={m.paused}>
          <Button label={m.resume} icon="play" onClick={start} />
        </Words>
      );
    case 'offline':
      return <Words icon="offline" title={m.offline} why={offlineWhy(robot)} />;
    case 'noPermission':
      return <Words icon="hide" title={m.noPermission} why={m.noPermissionWhy} />;
    case 'noCamera':
      return <Words icon="videoOff" title={m.noCamera} />;
    case 'broken':
    case 'failed':
      return (
        <Words icon="alert" title={face === 'broken' ? m.broken : m.failed} why={why}>
          <RetryIn watcher={watcher} />
          {again}
        </Words>
      );
    case 'unavailable':
      return (
        <Words icon="videoOff" title={m.unavailable} why={why}>
          {again}
        </Words>
      );
  }
}

interface WordsProps {
  title: string;
  why?: string;
  icon?: IconName;
  busy?: boolean;
  alarm?: boolean;
  children?: ComponentChildren;
}

function Words({ title, why, icon, busy = false, alarm = false, children }: WordsProps) {
  return (
    <div class={`video-notice ${alarm ? 'video-notice-alarm' : ''}`}>
      <div role="status">
        <strong>
          {busy ? <span class="spinner" aria-hidden="true" /> : icon && <Icon name={icon} />}
          {title}
        </strong>
        {why && <p>{why}</p>}
      </div>
      {children}
    </div>
  );
}

/** Counted down outside the status, or a screen reader would say every second. */
function RetryIn({ watcher }: { watcher: Watcher }) {
  const due_ms = watcher.dueAt_ms.value;
  if (due_ms === null) return null;
  const left_s = Math.max(1, Math.ceil((due_ms - wallNow.value) / 1000));
  return <p class="video-retry num">{t().video.retryIn(left_s)}</p>;
}

function offlineWhy(robot: KnownRobot): string {
  const m = t().video;
  const silent_s = silentFor_s(robot);
  return robot.link === 'never' || silent_s === null ? m.neverWhy : m.offlineWhy(ageText(silent_s));
}

/** What the robot says of its own video comes first, then the center's sentence. */
export function whyText(why: Why, robot: KnownRobot): string {
  const m = t().video.why;
  switch (why.kind) {
    case 'answer': {
      const { status, sentence } = why.error;
      if (status === 0) return m.unreachable;
      if (status !== 409 && status !== 503) return explain(why.error);
      const part = robot.parts.find((p) => p.name === 'media' && p.state !== 'ok');
      return (part && say(part.because)) || say(sentence) || m.noAnswer;
    }
    case 'broken':
      return `${m.broken} (${why.text})`;
    default:
      return m[why.kind];
  }
}
