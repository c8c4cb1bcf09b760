/** Search over words: every part of what was typed must occur somewhere; spaces inside Chinese places do not matter. */

const plain = (text: string): string => text.normalize('NFKC').toLowerCase();

export function matches(typed: string, words: readonly string[]): boolean {
  const parts = plain(typed).split(/\s+/).filter(Boolean);
  if (parts.length === 0) return true;
  const spaced = plain(words.join('\n'));
  const tight = spaced.replace(/[^\S\n]/g, '');
  return parts.every((part) => spaced.includes(part) || tight.includes(part));
}
