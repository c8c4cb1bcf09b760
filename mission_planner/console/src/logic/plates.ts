/** Where a marker's plate goes so that it covers no other marker and is covered by none. Screen pixels, y down. Pure. */

export interface Rect {
  x: number;
  y: number;
  w: number;
  h: number;
}

export interface Spot {
  x: number;
  y: number;
}

export const SIDES = ['right', 'left', 'below', 'above'] as const;
export type PlateSide = (typeof SIDES)[number];

export const around = (at: Spot, size: number): Rect => ({ x: at.x - size / 2, y: at.y - size / 2, w: size, h: size });

/** The plate's place at one side of a marker of `size`, with `gap` between the two. */
export function plateAt(side: PlateSide, at: Spot, size: number, plate: { w: number; h: number }, gap: number): Rect {
  const far = size / 2 + gap;
  const x = side === 'right' ? at.x + far : side === 'left' ? at.x - far - plate.w : at.x - plate.w / 2;
  const y = side === 'below' ? at.y + far : side === 'above' ? at.y - far - plate.h : at.y - plate.h / 2;
  return { x, y, ...plate };
}

const overlap = (a: Rect, b: Rect): number =>
  Math.max(0, Math.min(a.x + a.w, b.x + b.w) - Math.max(a.x, b.x)) *
  Math.max(0, Math.min(a.y + a.h, b.y + b.h) - Math.max(a.y, b.y));

/** How much of the plate would be lost: under others, or beyond the map's edge. */
function lost(plate: Rect, room: Rect, taken: readonly Rect[]): number {
  return taken.reduce((sum, t) => sum + overlap(plate, t), plate.w * plate.h - overlap(plate, room));
}

/** The first side where nothing is lost, else the one that loses least. */
export function sideFor(
  at: Spot,
  size: number,
  plate: { w: number; h: number },
  gap: number,
  room: Rect,
  taken: readonly Rect[],
): PlateSide {
  let best: { side: PlateSide; lost: number } | null = null;
  for (const side of SIDES) {
    const here = lost(plateAt(side, at, size, plate, gap), room, taken);
    if (here === 0) return side;
    if (!best || here < best.lost) best = { side, lost: here };
  }
  return best?.side ?? 'right';
}

/** By how much a marker steps aside so that it stands at least `apart` from every other. */
export function stepAside(at: Spot, others: readonly Spot[], apart: number): Spot {
  let moved = { ...at };
  for (const other of others) {
    const dx = moved.x - other.x;
    const dy = moved.y - other.y;
    const far = Math.hypot(dx, dy);
    if (far >= apart) continue;
    const [ux, uy] = far < 1 ? [0, -1] : [dx / far, dy / far];
    moved = { x: other.x + ux * apart, y: other.y + uy * apart };
  }
  return { x: moved.x - at.x, y: moved.y - at.y };
}
