/** Wire types of `/api/v1` that several nouns share. Times are ISO 8601 UTC, points are metres in frame `map`. */

export interface Text {
  zh: string;
  en: string;
}

/** A sentence from the center: in both languages, or in the site's first language only. */
export type Sentence = Text | string;

export interface Point {
  x_m: number;
  y_m: number;
}

export interface Pose extends Point {
  heading_rad: number; // counter-clockwise from east (REP-103)
}

export interface Page<T> {
  items: T[];
  next: string | null;
}

export interface Picture {
  digest: string;
  url: string;
  taken_at: string | null;
  checkpoint_id: string | null;
  mission_id: string | null;
  name: string | null;
  complete?: boolean; // false: its bytes are still on their way
}

/** What the stream tells of a thing that was removed. */
export interface Gone {
  id: string;
  deleted: true;
}
