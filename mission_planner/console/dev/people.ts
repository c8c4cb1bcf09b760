/** Development only: the played people, their shifts, and how fast they were. */
import type { HandlingReport, Person, Shift } from '../src/api/types';
import { dayKey } from '../src/logic/dates';
import { addDays, momentOf, mondayOf } from '../src/logic/roster';
import { iso } from './robots';

const ZONE = 'Asia/Shanghai';

export const PEOPLE: Person[] = (
  [
    ['admin', '管理员', ['admin']],
    ['li.na', '李娜', ['operator']],
    ['wang.gang', '王刚', ['field']],
    ['chen.jie', '陈杰', ['field']],
    ['zhao.min', '赵敏', ['operator']],
    ['street', '街道大屏', ['viewer']],
  ] as const
).map(([username, display_name, roles]) => ({
  username,
  display_name,
  roles: [...roles],
  disabled: username === 'street',
}));

/** Days for some, nights for others, from Monday to Sunday. */
export function shiftsOf(from: string): Shift[] {
  const monday = mondayOf(dayKey(new Date(from), ZONE));
  const shifts: Shift[] = [];
  const add = (username: string, role: string, day: number, begins: string, ends: string) => {
    const date = addDays(monday, day);
    const person = PEOPLE.find((p) => p.username === username);
    shifts.push({
      shift_id: `${username}-${day}-${begins}`,
      username,
      display_name: person?.display_name ?? username,
      role,
      starts_at: momentOf(date, begins, ZONE).toISOString(),
      ends_at: momentOf(ends <= begins ? addDays(date, 1) : date, ends, ZONE).toISOString(),
    });
  };
  for (let day = 0; day < 7; day++) {
    add(day % 2 ? 'li.na' : 'zhao.min', 'operator', day, '08:00', '20:00');
    add(day < 5 ? 'wang.gang' : 'chen.jie', 'field', day, '08:00', '20:00');
    if (day !== 3) add(day % 2 ? 'zhao.min' : 'li.na', 'operator', day, '20:00', '08:00');
  }
  return shifts;
}

export const dispatchable = () =>
  [
    ['wang.gang', true, 0, '当班，手上没有事件，离得最近', 'on duty, free, nearest'],
    ['chen.jie', true, 1, '当班，手上 1 起事件', 'on duty, busy with 1'],
    ['li.na', false, 0, '不当班', 'off duty'],
  ].map(([username, on_duty, busy_with, zh, en]) => {
    const person = PEOPLE.find((p) => p.username === username);
    return {
      username,
      display_name: person?.display_name,
      role: person?.roles[0],
      on_duty,
      busy_with,
      why: { zh, en },
    };
  });

/** Some days of handling, each a little different. */
export function handlingOf(days: number): HandlingReport {
  const per_day = Array.from({ length: days }, (_, i) => ({
    date: iso(Date.now() - i * 86_400_000).slice(0, 10),
    count: 3 + ((i * 5) % 7),
    mean_s: 260 + ((i * 97) % 340),
  }));
  const kind = (name: string, zh: string, en: string, n: number, mean_s: number) => ({
    kind: name,
    kind_name: { zh, en },
    count: n * days,
    mean_s,
    median_s: mean_s * 0.8,
    best_s: mean_s * 0.3,
  });
  return {
    count: per_day.reduce((sum, d) => sum + d.count, 0),
    mean_s: 402,
    median_s: 341,
    best_s: 71,
    by_kind: [
      kind('smoke', '烟感报警', 'Smoke alarm', 2, 388),
      kind('sos', '一键求助', 'SOS call', 1, 214),
      kind('elevator', '电梯故障', 'Elevator fault', 1, 1260),
      kind('door', '门磁告警', 'Door alarm', 1, 640),
    ],
    per_day,
  };
}
