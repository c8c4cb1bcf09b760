/** At most four live pictures at once; who asks beyond that waits in line, first come first served. */

export const MOST_PICTURES = 4;
const LONGEST_LINE = 16; // beyond it the oldest in line is told to ask again when it is looked at

export class Places {
  private readonly taken = new Set<string>();
  private line: { key: string; call: () => void }[] = [];

  constructor(private readonly most = MOST_PICTURES) {}

  /** Whether `key` has a place now; if not, `call` tells when one is free (it must then be taken again). */
  take(key: string, call: () => void): boolean {
    if (this.taken.has(key)) return true;
    if (this.taken.size < this.most) {
      this.taken.add(key);
      this.line = this.line.filter((w) => w.key !== key);
      return true;
    }
    this.line = [...this.line.filter((w) => w.key !== key), { key, call }].slice(-LONGEST_LINE);
    return false;
  }

  /** Gives the place back, or leaves the line. The first in line is called. */
  free(key: string): void {
    this.line = this.line.filter((w) => w.key !== key);
    if (!this.taken.delete(key)) return;
    const next = this.line.shift();
    next?.call();
  }

  get open(): number {
    return this.taken.size;
  }
}

export const places = new Places();
