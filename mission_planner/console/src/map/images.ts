/** Pictures for the map's symbols, drawn on a canvas: labels, viewpoints, docks, cameras, sensors, hatches. */
import { iconOfKind, strokeIcon, type IconName } from '../ui/icon';
import type { Palette } from './palette';

export const RATIO = 2; // device pixels per unit: crisp on dense screens

const FONT =
  "-apple-system, 'Segoe UI', 'PingFang SC', 'Noto Sans CJK SC', 'Noto Sans SC', 'Microsoft YaHei UI', system-ui, sans-serif";

function canvas(width: number, height: number): [HTMLCanvasElement, CanvasRenderingContext2D] {
  const element = document.createElement('canvas');
  element.width = Math.ceil(width * RATIO);
  element.height = Math.ceil(height * RATIO);
  const ctx = element.getContext('2d');
  if (!ctx) throw new Error('expected a 2D canvas; this browser gave none');
  ctx.scale(RATIO, RATIO);
  return [element, ctx];
}

const pixels = ([element, ctx]: [HTMLCanvasElement, CanvasRenderingContext2D]): ImageData =>
  ctx.getImageData(0, 0, element.width, element.height);

interface LabelLook {
  size: number;
  weight: number;
  ink: string;
  halo: string;
}

/** A word with a halo. */
export function labelImage(text: string, look: LabelLook): ImageData {
  const font = `${look.weight} ${look.size}px ${FONT}`;
  const [, probe] = canvas(1, 1);
  probe.font = font;
  const width = probe.measureText(text).width;
  const pad = 5;
  const made = canvas(width + 2 * pad, look.size * 1.35 + pad);
  const [element, ctx] = made;
  ctx.font = font;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'center';
  ctx.lineJoin = 'round';
  const x = element.width / RATIO / 2;
  const y = element.height / RATIO / 2;
  ctx.strokeStyle = look.halo;
  ctx.lineWidth = 3.6;
  ctx.strokeText(text, x, y);
  ctx.fillStyle = look.ink;
  ctx.fillText(text, x, y);
  return pixels(made);
}

/** A ring with a gap and a small beam to the north: where a robot looks from. `icon-rotate` turns it. */
export function viewpointImage(p: Palette): ImageData {
  const made = canvas(26, 26);
  const [, ctx] = made;
  ctx.translate(13, 13);
  const beam = ctx.createLinearGradient(0, 0, 0, -12);
  beam.addColorStop(0, withAlpha(p.thing, 0.55));
  beam.addColorStop(1, withAlpha(p.thing, 0));
  ctx.fillStyle = beam;
  ctx.beginPath();
  ctx.moveTo(0, 0);
  ctx.arc(0, 0, 12.5, -Math.PI / 2 - 0.5, -Math.PI / 2 + 0.5);
  ctx.closePath();
  ctx.fill();
  ctx.lineWidth = 1.8;
  ctx.fillStyle = p.thingHalo;
  ctx.strokeStyle = p.thing;
  ctx.beginPath();
  ctx.arc(0, 0, 4, 0, 2 * Math.PI);
  ctx.fill();
  ctx.beginPath();
  ctx.arc(0, 0, 4, -Math.PI / 2 + 0.55, -Math.PI / 2 - 0.55 + 2 * Math.PI);
  ctx.stroke();
  return pixels(made);
}

/** A rounded tile with an icon: docks, cameras. */
export function tileImage(icon: IconName, p: Palette): ImageData {
  const made = canvas(24, 24);
  const [, ctx] = made;
  ctx.fillStyle = p.thingHalo;
  ctx.strokeStyle = withAlpha(p.thing, 0.75);
  ctx.lineWidth = 1.2;
  ctx.beginPath();
  ctx.roundRect(2, 2, 20, 20, 5);
  ctx.fill();
  ctx.stroke();
  ctx.strokeStyle = p.thing;
  strokeIcon(ctx, icon, 12, 12, 13);
  return pixels(made);
}

/** Where a fixed camera looks: a pale fan to the north. */
export function fanImage(p: Palette): ImageData {
  const made = canvas(72, 72);
  const [, ctx] = made;
  ctx.translate(36, 36);
  const fan = ctx.createRadialGradient(0, 0, 4, 0, 0, 34);
  fan.addColorStop(0, withAlpha(p.thing, 0.34));
  fan.addColorStop(1, withAlpha(p.thing, 0));
  ctx.fillStyle = fan;
  ctx.beginPath();
  ctx.moveTo(0, 0);
  ctx.arc(0, 0, 34, -Math.PI / 2 - 0.55, -Math.PI / 2 + 0.55);
  ctx.closePath();
  ctx.fill();
  return pixels(made);
}

/** A small disc with the icon of the device's kind; in alarm it is filled. */
export function deviceImage(kind: string, alarm: boolean, p: Palette): ImageData {
  const made = canvas(20, 20);
  const [, ctx] = made;
  ctx.fillStyle = alarm ? p.alarm : p.thingHalo;
  ctx.strokeStyle = alarm ? p.thingHalo : withAlpha(p.sensor, 0.8);
  ctx.lineWidth = alarm ? 1.6 : 1.1;
  ctx.beginPath();
  ctx.arc(10, 10, 8.6, 0, 2 * Math.PI);
  ctx.fill();
  ctx.stroke();
  ctx.strokeStyle = alarm ? p.thingHalo : p.sensor;
  strokeIcon(ctx, iconOfKind(kind), 10, 10, 10.5);
  return pixels(made);
}

/** Diagonal hatch, repeating without a seam. */
export function hatchImage(stroke: string, ground: string, gap: number): ImageData {
  const made = canvas(gap, gap);
  const [, ctx] = made;
  ctx.fillStyle = ground;
  ctx.fillRect(0, 0, gap, gap);
  ctx.strokeStyle = stroke;
  ctx.lineWidth = gap / 6;
  ctx.beginPath();
  for (const shift of [-gap, 0, gap]) {
    ctx.moveTo(shift - 2, gap + 2);
    ctx.lineTo(shift + gap + 2, -2);
  }
  ctx.stroke();
  return pixels(made);
}

/** `#rrggbb` with an alpha. */
export function withAlpha(hex: string, alpha: number): string {
  const n = parseInt(hex.slice(1), 16);
  return `rgba(${(n >> 16) & 255},${(n >> 8) & 255},${n & 255},${alpha})`;
}
