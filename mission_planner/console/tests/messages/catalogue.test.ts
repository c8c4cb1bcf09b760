import { describe, expect, it } from 'vitest';
import { acts } from '../../src/messages/acts';
import { common } from '../../src/messages/common';
import { devices } from '../../src/messages/devices';
import { errors } from '../../src/messages/errors';
import { incidents } from '../../src/messages/incidents';
import { live } from '../../src/messages/live';
import { patrolForm, patrols } from '../../src/messages/patrols';
import { analysis, settings } from '../../src/messages/places';
import { people } from '../../src/messages/people';
import { robots } from '../../src/messages/robots';
import { login, shell } from '../../src/messages/shell';
import { speech } from '../../src/messages/speech';
import { video } from '../../src/messages/video';

const AREAS = {
  acts,
  common,
  errors,
  incidents,
  live,
  patrolForm,
  patrols,
  people,
  analysis,
  devices,
  settings,
  robots,
  login,
  shell,
  video,
  speech,
};

/** Every text of an area with its path; sentences are filled with samples. */
function texts(node: unknown, path: string): [path: string, text: string][] {
  if (typeof node === 'string') return [[path, node]];
  if (typeof node === 'function') {
    const sample = path.endsWith('.age') || path.endsWith('.span') ? { value: 5, unit: 'minute' } : '5';
    return [[path, String((node as (...args: unknown[]) => string)(sample, '6', '7'))]];
  }
  return Object.entries(node as object).flatMap(([key, value]) => texts(value, `${path}.${key}`));
}

describe.each(Object.entries(AREAS))('the texts of %s', (name, area) => {
  const zh = texts(area.zh, name);
  const en = texts(area.en, name);

  it('are there in both languages, none empty', () => {
    expect(en.map(([path]) => path)).toEqual(zh.map(([path]) => path));
    for (const [path, text] of [...zh, ...en]) expect(text.trim(), path).not.toBe('');
  });

  it('have no Chinese left in English', () => {
    for (const [path, text] of en) {
      if (!path.startsWith('shell.language')) expect(text, path).not.toMatch(/[\u4e00-\u9fff]/);
    }
  });
});
