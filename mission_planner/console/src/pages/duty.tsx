/** The roster of a week: who is on duty when; shifts are added, changed, deleted, and taken over from last week. */
import { useSignal } from '@preact/signals';
import { accounts as accountCalls, duty as calls } from '../api/calls';
import type { Person, Shift } from '../api/types';
import { day, dayKey, timeOfDay } from '../logic/dates';
import { addDays, momentOf, mondayOf, roster, uncovered_h, weekOf, type RosterRow } from '../logic/roster';
import { t } from '../messages';
import { explain } from '../messages/explain';
import { ACTIONS } from '../state/actions';
import { siteNow } from '../state/now';
import { language } from '../state/prefs';
import { go } from '../state/route';
import { may } from '../state/session';
import { toast } from '../state/toasts';
import { useResource } from '../state/useresource';
import { Button, IconButton } from '../ui/button';
import { Icon } from '../ui/icon';
import { Panel } from '../ui/panel';
import { Blank, When } from '../ui/states';
import { zone } from '../ui/time';
import { freshShiftId, ShiftForm, type ShiftAsk } from './shiftform';

const ON_DUTY_ROLES: readonly string[] = ['operator', 'field', 'admin'];

export function Duty() {
  const m = t().people;
  return (
    <Panel title={m.duty} label={m.duty} back={() => go('settings')} focusKey="duty">
      <p class="hint">{m.dutyWhy}</p>
      <Week />
    </Panel>
  );
}

/** People who may be planned; accounts are for administrators only, others see who has shifts. */
async function planned(): Promise<Person[]> {
  if (!may(ACTIONS.accountManage)) return [];
  const all = await accountCalls.all();
  return all.filter((p) => !p.disabled && p.roles.some((r) => ON_DUTY_ROLES.includes(r)));
}

function Week() {
  const m = t().people;
  const monday = useSignal(mondayOf(dayKey(new Date(siteNow()), zone())));
  const asking = useSignal<ShiftAsk | null>(null);
  const begins = momentOf(monday.value, '00:00', zone());
  const ends = momentOf(addDays(monday.value, 7), '00:00', zone());
  const shifts = useResource(`shifts/${monday.value}`, () => calls.shifts(begins, ends));
  const people = useResource('people', planned);
  const week = weekOf(monday.value);
  const name = (date: string) => day(momentOf(date, '12:00', zone()), zone(), language.value);
  const edits = may(ACTIONS.dutyEdit);

  const copy = async () => {
    try {
      const last = await calls.shifts(momentOf(addDays(monday.value, -7), '00:00', zone()), begins);
      const mine = last.filter(
        (s) => Date.parse(s.starts_at) >= momentOf(addDays(monday.value, -7), '00:00', zone()).getTime(),
      );
      for (const shift of mine) await calls.put(freshShiftId(), moved(shift));
      toast(mine.length > 0 ? 'done' : 'problem', mine.length > 0 ? m.copied(mine.length) : m.nothingToCopy);
    } catch (error) {
      toast('problem', t().errors.notDone(m.copyWeek, explain(error)));
    }
    void shifts.reload();
  };

  return (
    <>
      <div class="week-head">
        <IconButton icon="back" label={m.previousWeek} onClick={() => (monday.value = addDays(monday.value, -7))} />
        <strong>{m.week(name(monday.value), name(addDays(monday.value, 6)))}</strong>
        <IconButton icon="forward" label={m.nextWeek} onClick={() => (monday.value = addDays(monday.value, 7))} />
        <Button
          kind="quiet"
          label={m.thisWeek}
          onClick={() => (monday.value = mondayOf(dayKey(new Date(siteNow()), zone())))}
        />
        {edits && <Button label={m.copyWeek} onClick={() => void copy()} />}
      </div>
      <When of={people} what={m.accountsWhat}>
        {(all) => (
          <When of={shifts} what={m.what}>
            {(list) => {
              const rows = roster(list, all, monday.value, zone());
              if (rows.length === 0) return <Blank icon="duty" title={m.empty} why={m.emptyWhy} />;
              return (
                <>
                  <Gaps shifts={list} from={begins} to={ends} />
                  <div class="table-wide" ref={showToday}>
                    <table class="roster">
                      <thead>
                        <tr>
                          <th scope="col">{m.person}</th>
                          {week.map((date) => (
                            <th key={date} scope="col" class={isToday(date) ? 'roster-today' : ''}>
                              {name(date)}
                            </th>
                          ))}
                        </tr>
                      </thead>
                      <tbody>
                        {rows.map((row) => (
                          <PersonRow
                            key={row.username}
                            row={row}
                            week={week}
                            onAsk={edits ? (ask) => (asking.value = ask) : null}
                            role={
                              all
                                .find((p) => p.username === row.username)
                                ?.roles.find((r) => ON_DUTY_ROLES.includes(r)) ?? 'field'
                            }
                          />
                        ))}
                      </tbody>
                    </table>
                  </div>
                </>
              );
            }}
          </When>
        )}
      </When>
      {asking.value && (
        <ShiftForm
          ask={asking.value}
          onClose={() => (asking.value = null)}
          onDone={() => {
            asking.value = null;
            void shifts.reload();
          }}
        />
      )}
    </>
  );
}

/** On a narrow screen the table scrolls; it begins at today. */
function showToday(box: HTMLElement | null): void {
  const column = box?.querySelector<HTMLElement>('thead .roster-today');
  const names = box?.querySelector<HTMLElement>('thead th');
  if (box && column && names) box.scrollLeft = column.offsetLeft - names.offsetWidth;
}

const isToday = (date: string): boolean => date === dayKey(new Date(siteNow()), zone());

/** The same shift a week later, by the wall clock. */
function moved(shift: Shift) {
  const later = (iso: string) => {
    const at = new Date(iso);
    return momentOf(addDays(dayKey(at, zone()), 7), timeOfDay(at, zone(), 'en'), zone()).toISOString();
  };
  return {
    username: shift.username,
    role: shift.role,
    starts_at: later(shift.starts_at),
    ends_at: later(shift.ends_at),
  };
}

/** Hours of the week still to come in which nobody is there. */
function Gaps({ shifts, from, to }: { shifts: Shift[]; from: Date; to: Date }) {
  const m = t().people;
  const hours = Math.round(uncovered_h(shifts, Math.max(from.getTime(), siteNow()), to.getTime()));
  if (siteNow() > to.getTime()) return null;
  return (
    <p class={`notice ${hours > 0 ? 'notice-warn' : 'notice-done'}`}>
      <Icon name={hours > 0 ? 'alert' : 'check'} size={16} />
      <span>{hours > 0 ? m.gaps(hours) : m.noGaps}</span>
    </p>
  );
}

interface PersonRowProps {
  row: RosterRow;
  week: string[];
  role: string;
  onAsk: ((ask: ShiftAsk) => void) | null;
}

function PersonRow({ row, week, role, onAsk }: PersonRowProps) {
  const m = t().people;
  const { username, display_name } = row;
  const hm = (iso: string) => timeOfDay(new Date(iso), zone(), language.value);
  return (
    <tr>
      <th scope="row">
        <b>{display_name}</b>
        <span class="faint num">{m.hours(Math.round(row.hours))}</span>
      </th>
      {week.map((date, i) => (
        <td key={date} class={isToday(date) ? 'roster-today' : ''}>
          {row.days[i]?.map((shift) => {
            const full = `${hm(shift.starts_at)}–${hm(shift.ends_at)}`;
            const begun = dayKey(new Date(shift.starts_at), zone()); // its day, or one of the week before
            const short = full.replace(/^(\d\d):00–(\d\d):00$/, '$1–$2');
            const text = begun === date ? short : short.replace(/^[^–]+/, '…');
            return onAsk ? (
              <button
                key={shift.shift_id}
                type="button"
                class="shift num"
                title={full}
                aria-label={`${m.edit}: ${display_name} ${begun} ${full}`}
                onClick={() => onAsk({ username, display_name, role: shift.role, date: begun, shift })}
              >
                {text}
              </button>
            ) : (
              <span key={shift.shift_id} class="shift num" title={full}>
                {text}
              </span>
            );
          })}
          {onAsk && (
            <button
              type="button"
              class="shift-add"
              aria-label={m.addFor(display_name, date)}
              title={m.add}
              onClick={() => onAsk({ username, display_name, role, date, shift: null })}
            >
              <Icon name="plus" size={14} />
            </button>
          )}
        </td>
      ))}
    </tr>
  );
}
