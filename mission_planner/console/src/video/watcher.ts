/** Watches one camera: performs what the table of states asks for, and keeps what came with the picture. */
import { signal } from '@preact/signals';
import { backoff_ms } from '../logic/backoff';
import { readWord, withSeen, type Seen } from './boxes';
import { withStamp, type Stamp } from './frames';
import { advance, knows, type WatchEffect, type WatchEvent, type WatchState } from './machine';
import { places } from './places';
import { isLasting, whyOf, type Why } from './why';
import { connect, type Peer } from './whep';

const FIRST_PICTURE_MS = 12_000;

/** What the tile does with the last picture. */
export interface StillHooks {
  keep(): void;
  forget(): void;
}

/** Every connection that is open now, by camera; the browser tests read their statistics. */
const open = new Map<string, RTCPeerConnection>();
Object.assign(globalThis, { rondaVideo: open });

let made = 0;

export class Watcher {
  readonly state = signal<WatchState>('off');
  readonly why = signal<Why | null>(null);
  readonly dueAt_ms = signal<number | null>(null); // wall: when it is tried again
  readonly stream = signal<MediaStream | null>(null);
  stamps: readonly Stamp[] = [];
  seen: readonly Seen[] = [];

  private readonly place: string;
  private serial = 0; // of the newest attempt; words of older ones are not heard
  private attempt = 0; // failures in a row
  private peer: Peer | null = null;
  private retry: ReturnType<typeof setTimeout> | undefined;
  private patience: ReturnType<typeof setTimeout> | undefined;

  constructor(
    private readonly key: string,
    private readonly path: string,
    private readonly still: StillHooks,
  ) {
    this.place = `${key}#${++made}`;
  }

  /** Throws IllegalTransition for what the table does not know. */
  tell(event: WatchEvent): void {
    const was = this.state.peek();
    const { state, effects } = advance(was, event);
    this.state.value = state;
    if (event === 'watch' || event === 'picture') this.why.value = null;
    if (event === 'picture') this.attempt = 0;
    for (const effect of effects) this.perform(effect);
  }

  /** As `tell`, where the event may come too late to matter. */
  tellIf(event: WatchEvent): void {
    if (knows(this.state.peek(), event)) this.tell(event);
  }

  /** A frame is on the screen. */
  drawn(): void {
    clearTimeout(this.patience);
    if (this.state.peek() === 'connecting') this.tell('picture');
  }

  fail(why: Why): void {
    this.why.value = why;
    this.tellIf(isLasting(why) ? 'refused' : 'failed');
  }

  private perform(effect: WatchEffect): void {
    switch (effect) {
      case 'open':
        return void this.open();
      case 'close':
        return this.close();
      case 'keep':
        return this.still.keep();
      case 'forget':
        this.why.value = null;
        return this.still.forget();
      case 'arm': {
        const wait_ms = backoff_ms(++this.attempt, Math.random());
        this.dueAt_ms.value = Date.now() + wait_ms;
        this.retry = setTimeout(() => this.tellIf('due'), wait_ms);
        return;
      }
      case 'disarm':
        clearTimeout(this.retry);
        this.dueAt_ms.value = null;
    }
  }

  private async open(): Promise<void> {
    const mine = ++this.serial;
    const current = () => mine === this.serial;
    this.dueAt_ms.value = null;
    if (!places.take(this.place, () => this.tellIf('due'))) return this.tell('full');
    this.stamps = [];
    this.seen = [];
    this.waitForPicture(current);
    try {
      const peer = await connect(this.path, {
        stream: (stream) => current() && (this.stream.value = stream),
        word: (text) => current() && this.hear(text),
        lost: (why) => current() && this.fail(why),
      });
      if (!current()) return peer.close();
      this.peer = peer;
      open.set(this.key, peer.connection);
    } catch (reason) {
      if (current()) this.fail(whyOf(reason));
    }
  }

  /** A page that is not shown draws no frames: then nothing can be said. */
  private waitForPicture(current: () => boolean): void {
    clearTimeout(this.patience);
    this.patience = setTimeout(() => {
      if (!current()) return;
      if (document.hidden) this.waitForPicture(current);
      else this.fail({ kind: 'noPicture' });
    }, FIRST_PICTURE_MS);
  }

  private hear(text: string): void {
    const word = readWord(text, performance.now());
    if (word?.type === 'stamp') this.stamps = withStamp(this.stamps, word.stamp);
    if (word?.type === 'seen') this.seen = withSeen(this.seen, word.seen);
  }

  private close(): void {
    this.serial++;
    clearTimeout(this.patience);
    if (this.peer && open.get(this.key) === this.peer.connection) open.delete(this.key);
    this.peer?.close();
    this.peer = null;
    this.stream.value = null;
    this.seen = [];
    places.free(this.place);
  }
}
