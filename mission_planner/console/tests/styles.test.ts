import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const CSS = readFileSync(new URL('../src/styles/tokens.css', import.meta.url), 'utf8');

/** The colours of one theme, by token. */
function tokens(selector: string): Map<string, string> {
  const block = CSS.slice(CSS.indexOf(`${selector} {`));
  const found = block.slice(0, block.indexOf('}')).matchAll(/--([\w-]+):\s*(#[0-9a-f]{6});/g);
  return new Map([...found].map(([, name, colour]) => [name ?? '', colour ?? '']));
}

/** Relative luminance (WCAG 2.2). */
function luminance(hex: string): number {
  const channel = (at: number) => {
    const c = parseInt(hex.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  return 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
}

function contrast(a: string, b: string): number {
  const [light, dark] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const TEXT_ON: [text: string, ground: string][] = [
  ...['ink', 'ink-2', 'ink-3', 'accent', 'p1', 'p2-text', 'p3-text', 'done'].map((t): [string, string] => [
    t,
    'surface',
  ]),
  ...['ink', 'ink-2', 'ink-3', 'accent', 'p2-text'].map((t): [string, string] => [t, 'surface-2']),
  ...['ink', 'ink-2', 'ink-3'].map((t): [string, string] => [t, 'surface-3']),
  ['accent-ink', 'accent'],
  ['accent', 'accent-soft'],
  ['p1-ink', 'p1-fill'],
  ['p1', 'p1-soft'],
  ['p3-text', 'p3-soft'],
  ['done', 'done-soft'],
  ['surface', 'ink'],
];

describe.each([
  ['light', ':root'],
  ['dark', ":root[data-theme='dark']"],
])('the %s theme', (_, selector) => {
  const colours = tokens(selector);

  it.each(TEXT_ON)('%s can be read on %s (4.5:1)', (text, ground) => {
    expect(contrast(colours.get(text) ?? '', colours.get(ground) ?? '')).toBeGreaterThanOrEqual(4.5);
  });

  it.each(['p1', 'p2', 'p4', 'done', 'accent', 'focus'])(
    'the shape in %s stands out from the surface (3:1)',
    (shape) => {
      expect(contrast(colours.get(shape) ?? '', colours.get('surface') ?? '')).toBeGreaterThanOrEqual(3);
    },
  );
});
