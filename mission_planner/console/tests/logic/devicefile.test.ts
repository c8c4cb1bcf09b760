import { expect, it } from 'vitest';
import { templateCsv, typeOf } from '../../src/logic/devicefile';
import { proofOf } from '../../src/logic/proof';

it.each([
  ['devices.csv', 'text/csv'],
  ['设备.YAML', 'application/yaml'],
  ['a.b.yml', 'application/yaml'],
  ['devices.xlsx', null],
  ['devices', null],
])('%s is sent as %s', (name, type) => {
  expect(typeOf(name)).toBe(type);
});

it('the template has as many cells on each line as columns, and the needed ones first', () => {
  const [header = '', ...rows] = templateCsv('b5').replace('\uFEFF', '').trim().split('\r\n');
  expect(header).toMatch(/^id,kind,/);
  expect(rows.map((row) => row.split(',').length)).toEqual(rows.map(() => header.split(',').length));
  expect(rows[0]).toContain('b5');
});

it('a photo proves at once, a device only after it has stayed normal', () => {
  const cleared = { evidence: [], source_cleared_at: '2026-03-02T10:00:00Z' };
  const at = Date.parse('2026-03-02T10:00:00Z');
  expect(proofOf(cleared, at + 599_000)).toBeNull();
  expect(proofOf(cleared, at + 600_000)).toBe('recovered');
  expect(proofOf({ ...cleared, source_cleared_at: null }, at)).toBeNull();
});
