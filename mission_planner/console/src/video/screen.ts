/** The picture element of a tile: frames as they are drawn, their age, the boxes, the last picture, a snapshot. */
import { signal } from '@preact/signals';
import { siteNowAt, siteSpeed } from '../state/now';
import { seenIn, type Seen } from './boxes';
import { ageOfFrame_s, frameTime_ms, stillFor_s } from './frames';
import { drawBoxes } from './overlay';
import type { Watcher } from './watcher';

const EVERY_MS = 250; // how often ages are renewed
const GIVE_UP_AFTER_S = 10; // a picture that stands still so long is connected anew

export interface Elements {
  video: HTMLVideoElement;
  boxes: HTMLCanvasElement;
  still: HTMLCanvasElement;
}

export class Screen {
  readonly age_s = signal<number | null>(null);
  readonly still_s = signal<number | null>(null);
  readonly seen = signal<Seen | null>(null);
  readonly kept = signal(false); // a last picture is held
  readonly size = signal<{ w: number; h: number } | null>(null);

  standing = false; // the robot does not move: what its eyes saw stays true a little longer

  private elements: Elements | null = null;
  private watcher: Watcher | null = null;
  private frame_ms: number | null = null; // monotonic
  private moment_ms: number | null = null; // monotonic
  private taken_ms: number | null = null; // site time
  private rtp: number | null = null;
  private callback = 0;

  /** Shows the watcher's stream in these elements until the returned function is called. */
  mount(elements: Elements, watcher: Watcher): () => void {
    this.elements = elements;
    this.watcher = watcher;
    const timer = setInterval(this.renew, EVERY_MS);
    const shown = () => !document.hidden && this.grace();
    document.addEventListener('visibilitychange', shown);
    const stop = watcher.stream.subscribe((stream) => this.show(stream));
    return () => {
      stop();
      clearInterval(timer);
      document.removeEventListener('visibilitychange', shown);
      this.show(null);
      this.elements = null;
    };
  }

  private show(stream: MediaStream | null): void {
    const video = this.elements?.video;
    if (!video) return;
    video.cancelVideoFrameCallback?.(this.callback);
    this.frame_ms = this.moment_ms = this.taken_ms = this.rtp = null;
    this.age_s.value = this.still_s.value = this.seen.value = null;
    video.srcObject = stream;
    this.draw(null);
    if (!stream) return;
    void video.play().catch(() => undefined); // refused autoplay: no frame comes, and the tile says so
    this.next(video);
  }

  private next(video: HTMLVideoElement): void {
    this.callback = video.requestVideoFrameCallback((_, meta) => {
      this.next(video);
      this.frame((meta as { rtpTimestamp?: number }).rtpTimestamp ?? null);
    });
  }

  private frame(rtp: number | null): void {
    const { watcher, elements } = this;
    if (!watcher || !elements) return;
    const now_ms = performance.now();
    this.frame_ms = now_ms;
    this.rtp = rtp;
    const taken_ms = frameTime_ms(watcher.stamps, rtp, siteSpeed());
    if (taken_ms !== null && (this.taken_ms === null || taken_ms > this.taken_ms)) this.moment_ms = now_ms;
    this.taken_ms = taken_ms ?? this.taken_ms;
    const { videoWidth: w, videoHeight: h } = elements.video;
    const had = this.size.peek();
    if (w > 0 && (had?.w !== w || had.h !== h)) this.size.value = { w, h };
    watcher.drawn();
    this.renew();
  }

  private readonly renew = (): void => {
    const { watcher } = this;
    if (!watcher || watcher.state.peek() !== 'live') return;
    const now_ms = performance.now();
    const speed = siteSpeed();
    if (document.hidden) return; // no frames are drawn then, whatever comes
    this.still_s.value = stillFor_s({ now_ms, frame_ms: this.frame_ms, moment_ms: this.moment_ms });
    const clocks = { now_ms, siteNow_ms: siteNowAt(Date.now()), speed };
    this.age_s.value = ageOfFrame_s(watcher.stamps, this.rtp, clocks);
    const frozen = this.still_s.peek() !== null;
    this.draw(
      frozen ? null : seenIn({ rtp: this.rtp, at_ms: this.taken_ms, speed, standing: this.standing }, watcher.seen),
    );
    const silent_s = this.frame_ms === null ? 0 : (now_ms - this.frame_ms) / 1000;
    if (silent_s > GIVE_UP_AFTER_S) watcher.fail({ kind: 'lost' });
  };

  /** The page is shown again: frames need a moment to come. */
  private grace(): void {
    if (this.frame_ms === null) return;
    this.frame_ms = performance.now();
    if (this.moment_ms !== null) this.moment_ms = this.frame_ms;
  }

  private draw(seen: Seen | null): void {
    if (this.seen.peek() !== seen) this.seen.value = seen;
    if (!this.elements) return;
    const { video, boxes } = this.elements;
    drawBoxes(boxes, { w: video.videoWidth, h: video.videoHeight }, seen);
  }

  /** Draws the boxes anew: the stage has another size, or the language changed. */
  redraw(): void {
    this.draw(this.seen.peek());
  }

  /** Holds on to what is on the screen now. */
  keep(): void {
    const { elements } = this;
    if (!elements) return;
    this.kept.value = paint(elements.video, elements.still);
  }

  forget(): void {
    this.kept.value = false;
  }

  /** The picture as a JPEG without boxes, and when it was taken; null where there is none. */
  async snapshot(): Promise<{ blob: Blob; at: Date } | null> {
    const { elements } = this;
    if (!elements) return null;
    const canvas = document.createElement('canvas');
    if (this.kept.peek()) {
      Object.assign(canvas, { width: elements.still.width, height: elements.still.height });
      canvas.getContext('2d')?.drawImage(elements.still, 0, 0);
    } else if (!paint(elements.video, canvas)) return null;
    const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, 'image/jpeg', 0.92));
    return blob && { blob, at: new Date(this.taken_ms ?? siteNowAt(Date.now())) };
  }
}

/** Copies the frame that is shown; whether there was one. */
function paint(video: HTMLVideoElement, canvas: HTMLCanvasElement): boolean {
  const { videoWidth: width, videoHeight: height } = video;
  if (width === 0 || height === 0) return false;
  Object.assign(canvas, { width, height });
  canvas.getContext('2d')?.drawImage(video, 0, 0);
  return true;
}
