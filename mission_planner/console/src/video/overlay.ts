/** Draws what the robot's eyes say over the picture: a box with colour, shape and word for each person. */
import { t } from '../messages';
import type { Box, Seen, Verdict } from './boxes';

/** The stage is dark in both themes, so these are too bright for a page and right for a picture. */
const LOOK: Record<Verdict, { line: string; plate: string; ink: string; width: number; dash: number[] }> = {
  '': { line: '#ffffff', plate: 'rgba(16,22,23,0.82)', ink: '#ffffff', width: 1.6, dash: [] },
  suspected: { line: '#ff9f43', plate: '#ff9f43', ink: '#1b1205', width: 2.6, dash: [8, 5] },
  confirmed: { line: '#ff4b40', plate: '#c4201d', ink: '#ffffff', width: 3.2, dash: [] },
};
const HALO = 'rgba(8,11,12,0.6)';

/** Where the picture lies on a stage that shows all of it (`object-fit: contain`). */
export function contain(stage: { w: number; h: number }, picture: { w: number; h: number }) {
  const scale = Math.min(stage.w / picture.w, stage.h / picture.h);
  const w = picture.w * scale;
  const h = picture.h * scale;
  return { x: (stage.w - w) / 2, y: (stage.h - h) / 2, w, h };
}

/** Clears the canvas and draws the boxes; `null` leaves it empty. */
export function drawBoxes(canvas: HTMLCanvasElement, picture: { w: number; h: number }, seen: Seen | null): void {
  const ratio = devicePixelRatio || 1;
  const stage = { w: canvas.clientWidth, h: canvas.clientHeight };
  const width = Math.round(stage.w * ratio);
  const height = Math.round(stage.h * ratio);
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const ctx = canvas.getContext('2d');
  if (!ctx) return;
  ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
  ctx.clearRect(0, 0, stage.w, stage.h);
  if (!seen || picture.w === 0 || picture.h === 0) return;
  const at = contain(stage, picture);
  const size = Math.max(11, Math.min(24, stage.w / 34));
  const urgentLast = [...seen.boxes].sort((a, b) => weight(a.verdict) - weight(b.verdict));
  for (const box of urgentLast) drawBox(ctx, box, at, size);
}

const weight = (verdict: Verdict): number => ({ '': 0, suspected: 1, confirmed: 2 })[verdict];

function drawBox(ctx: CanvasRenderingContext2D, box: Box, at: ReturnType<typeof contain>, size: number): void {
  const look = LOOK[box.verdict];
  const [left, top, right, bottom] = box.box.map((v) => Math.min(1, Math.max(0, v))) as [
    number,
    number,
    number,
    number,
  ];
  const x = at.x + left * at.w;
  const y = at.y + top * at.h;
  const w = (right - left) * at.w;
  const h = (bottom - top) * at.h;
  ctx.beginPath();
  ctx.roundRect(x, y, w, h, 3);
  ctx.setLineDash([]);
  ctx.lineWidth = look.width + 2;
  ctx.strokeStyle = HALO;
  ctx.stroke();
  ctx.setLineDash(look.dash);
  ctx.lineWidth = look.width;
  ctx.strokeStyle = look.line;
  ctx.stroke();
  ctx.setLineDash([]);
  drawLabel(ctx, box, { x, y, at, size });
}

interface Spot {
  x: number;
  y: number;
  at: ReturnType<typeof contain>;
  size: number;
}

/** Above the box where there is room, inside its top otherwise; never over the picture's edge. */
function drawLabel(ctx: CanvasRenderingContext2D, box: Box, { x, y, at, size }: Spot): void {
  const look = LOOK[box.verdict];
  const m = t().video.eyes;
  const word = box.verdict ? m[box.verdict] : m.person;
  const parts = [word, box.distance_m !== null && m.distance(box.distance_m.toFixed(1))].filter(Boolean);
  const text = parts.join(' · ');
  ctx.font = `600 ${size}px ${getComputedStyle(ctx.canvas).fontFamily}`;
  const pad = size * 0.45;
  const mark = box.verdict ? size * 0.95 : 0;
  const width = ctx.measureText(text).width + 2 * pad + (mark ? mark + pad * 0.7 : 0);
  const height = size * 1.65;
  const left = Math.max(at.x + 2, Math.min(x - 1, at.x + at.w - width - 2));
  const top = y - height - 3 >= at.y ? y - height - 3 : Math.min(y + 3, at.y + at.h - height);
  ctx.fillStyle = look.plate;
  ctx.beginPath();
  ctx.roundRect(left, top, width, height, 4);
  ctx.fill();
  ctx.fillStyle = look.ink;
  const middle = top + height / 2;
  if (mark) drawMark(ctx, box.verdict, left + pad + mark / 2, middle, mark);
  ctx.textBaseline = 'middle';
  ctx.fillText(text, left + pad + (mark ? mark + pad * 0.7 : 0), middle + size * 0.04);
}

/** The same shapes as the priorities': a triangle asks to look, a diamond is a matter of life. */
function drawMark(ctx: CanvasRenderingContext2D, verdict: Verdict, x: number, y: number, size: number): void {
  const r = size / 2;
  ctx.beginPath();
  if (verdict === 'confirmed') {
    ctx.moveTo(x, y - r);
    ctx.lineTo(x + r, y);
    ctx.lineTo(x, y + r);
    ctx.lineTo(x - r, y);
  } else {
    ctx.moveTo(x, y - r * 0.9);
    ctx.lineTo(x + r, y + r * 0.8);
    ctx.lineTo(x - r, y + r * 0.8);
  }
  ctx.closePath();
  ctx.fill();
}
