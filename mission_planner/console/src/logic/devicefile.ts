/** A file of devices before it is sent: how it is written, whether it is too large, and a template to begin with. Pure. */

export const MAX_FILE_BYTES = 64 * 1024 * 1024; // as the center has it

export type FileType = 'text/csv' | 'application/yaml';

/** By its ending; null for anything else. */
export function typeOf(name: string): FileType | null {
  const ending = /\.([a-z]+)$/i.exec(name)?.[1]?.toLowerCase();
  if (ending === 'csv') return 'text/csv';
  return ending === 'yaml' || ending === 'yml' ? 'application/yaml' : null;
}

/** Columns of the file as the center reads them; only the first two are needed. */
const COLUMNS = [
  'id',
  'kind',
  'name_zh',
  'name_en',
  'building',
  'unit',
  'floor',
  'flat',
  'spot_zh',
  'spot_en',
  'x_m',
  'y_m',
  'height_m',
  'external_id',
  'gateway',
  'silent_after_h',
] as const;

const cell = (text: string): string => (/[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** A template: the columns, one device of a flat, one outdoors by its position. */
export function templateCsv(building: string): string {
  const rows: Partial<Record<(typeof COLUMNS)[number], string>>[] = [
    {
      id: `smoke-${building}-1-0301-new`,
      kind: 'smoke',
      name_zh: '客厅烟感',
      name_en: 'Living-room smoke detector',
      building,
      unit: '1',
      floor: '3',
      flat: '301',
      external_id: 'a84041000181c061',
    },
    {
      id: 'manhole-new-1',
      kind: 'manhole',
      name_zh: '雨水井盖',
      name_en: 'Storm drain cover',
      spot_zh: '南门内侧',
      spot_en: 'inside the south gate',
      x_m: '12.5',
      y_m: '-40',
      silent_after_h: '26',
    },
  ];
  const lines = [COLUMNS.join(','), ...rows.map((row) => COLUMNS.map((c) => cell(row[c] ?? '')).join(','))];
  return `\uFEFF${lines.join('\r\n')}\r\n`; // with a byte order mark, so that spreadsheets read it as UTF-8
}
