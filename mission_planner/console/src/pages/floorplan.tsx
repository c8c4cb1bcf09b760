/** Building → floor → flats: which flats have alarms, and who lives next to them. A schematic from the building's own numbers. */
import { computed, useSignal } from '@preact/signals';
import type { Incident, PlaceDetail } from '../api/types';
import {
  flatOf,
  flatsOf,
  keyOf,
  neighboursOf,
  plan,
  type Beside,
  type BuildingShape,
  type Flat,
  type Room,
} from '../logic/floorplan';
import { byUrgency, isActive } from '../logic/order';
import { nameOf, type SiteProperties } from '../map/features';
import { say, t } from '../messages';
import { site, world } from '../state/live';
import { hrefOf } from '../state/route';
import { iconOfKind, Icon } from '../ui/icon';
import { MARK_PATHS } from '../ui/mark';
import { Section } from '../ui/panel';
import type { Text } from '../api/types';

interface Building extends BuildingShape {
  name: Text;
}

interface BuildingProperties extends SiteProperties {
  units?: { unit: string; flats_per_floor: number }[];
}

const features = computed(() => (site.value.state === 'ready' ? site.value.data.map.features : []));

const buildings = computed<ReadonlyMap<string, Building>>(() => {
  const found = new Map<string, Building>();
  for (const { properties } of features.value) {
    const p = properties as BuildingProperties | null;
    if (p?.layer !== 'building' || !p.units?.some((u) => u.flats_per_floor > 0)) continue;
    const units = p.units.map((u) => ({ unit: u.unit, flats: u.flats_per_floor }));
    found.set(p.id, { id: p.id, name: nameOf(p), floors: p.floors ?? 1, units });
  }
  return found;
});

interface Sensor {
  id: string;
  kind: string;
  name: Text;
}

/** The sensors of each flat, as the site map has them: by building, unit and flat. */
const sensors = computed<ReadonlyMap<string, Sensor[]>>(() => {
  const found = new Map<string, Sensor[]>();
  for (const { properties } of features.value) {
    const p = properties as SiteProperties | null;
    if (p?.layer !== 'device' || !p.flat || !p.building) continue;
    const key = `${p.building}/${p.unit}/${p.flat}`;
    found.set(key, [...(found.get(key) ?? []), { id: p.id, kind: p.kind ?? '', name: nameOf(p) }]);
  }
  return found;
});

/** The open incidents of each flat, the most urgent first. */
function alarmsOf(building: BuildingShape, incidents: Iterable<Incident>): Map<string, Incident[]> {
  const found = new Map<string, Incident[]>();
  for (const incident of incidents) {
    if (!isActive(incident.state)) continue;
    const places = [incident.place_detail, ...incident.sources.map((s) => s.place_detail ?? null)];
    const keys = new Set(places.flatMap((place) => keyFor(building, place)));
    keys.forEach((key) => found.set(key, [...(found.get(key) ?? []), incident].sort(byUrgency)));
  }
  return found;
}

function keyFor(building: BuildingShape, place: PlaceDetail | null): string[] {
  const flat = place && flatOf(building, place);
  return flat ? [keyOf(flat)] : [];
}

export function FloorPlan({ place }: { place: PlaceDetail | null }) {
  const building = place?.building_id ? buildings.value.get(place.building_id) : undefined;
  if (!building || !place) return null;
  return <Plan key={building.id} building={building} place={place} />;
}

function Plan({ building, place }: { building: Building; place: PlaceDetail }) {
  const m = t().acts;
  const flat = flatOf(building, place);
  const floor = useSignal(flat?.floor ?? place.floor ?? 1);
  const alarms = alarmsOf(building, world.value.incidents.values());
  const props = { building, alarms, flat, floor: floor.value };
  return (
    <Section title={m.plan} aside={<span class="aside">{m.planOf(say(building.name), String(floor.value))}</span>}>
      <div class="plan">
        <SectionView {...props} onFloor={(n) => (floor.value = n)} />
        <div class="plan-floor">
          {building.units.map(({ unit }) => (
            <Staircase key={unit} {...props} unit={unit} named={building.units.length > 1} />
          ))}
        </div>
      </div>
      {flat && <Neighbours building={building} alarms={alarms} flat={flat} />}
      <p class="hint">{m.planNote}</p>
    </Section>
  );
}

interface PlanProps {
  building: Building;
  alarms: ReadonlyMap<string, Incident[]>;
  flat: Flat | null;
  floor: number;
}

const SECTION_HIGH = 250;
const CELL_WIDE = 13;

/** The whole building from the side: every flat a window, those with alarms in their colour. */
function SectionView({ building, alarms, flat, floor, onFloor }: PlanProps & { onFloor: (floor: number) => void }) {
  const m = t().acts;
  const row = Math.min(14, SECTION_HIGH / building.floors);
  const wide = building.units.reduce((sum, u) => sum + u.flats * CELL_WIDE, 0) + (building.units.length - 1) * 5 + 22;
  const high = row * building.floors;
  const move = (step: number) => onFloor(Math.min(building.floors, Math.max(1, floor + step)));
  return (
    <svg
      class="plan-section"
      width={wide}
      height={high + 4}
      viewBox={`0 -2 ${wide} ${high + 4}`}
      role="slider"
      tabIndex={0}
      aria-label={m.section}
      aria-valuemin={1}
      aria-valuemax={building.floors}
      aria-valuenow={floor}
      aria-valuetext={m.floor(String(floor))}
      aria-orientation="vertical"
      onKeyDown={(e) => {
        if (e.key === 'ArrowUp') move(1);
        else if (e.key === 'ArrowDown') move(-1);
        else return;
        e.preventDefault();
      }}
    >
      {Array.from({ length: building.floors }, (_, i) => {
        const n = building.floors - i;
        let x = 22;
        return (
          <g key={n} class={`plan-level ${n === floor ? 'plan-level-here' : ''}`} onClick={() => onFloor(n)}>
            <rect class="plan-level-hit" x={0} y={i * row} width={wide} height={row} />
            {(n % 5 === 0 || n === 1 || n === floor) && (
              <text x={17} y={i * row + row / 2} dy="0.34em" text-anchor="end">
                {n}
              </text>
            )}
            {building.units.map(({ unit }) => {
              const windows = flatsOf(building, unit, n).map((f) => {
                const worst = alarms.get(keyOf(f))?.[0];
                const here = flat && keyOf(f) === keyOf(flat);
                const at = x;
                x += CELL_WIDE;
                return (
                  <rect
                    key={f.flat}
                    class={`plan-window ${worst ? `plan-window-${worst.priority}` : ''} ${here ? 'plan-window-here' : ''}`}
                    x={at + 1.5}
                    y={i * row + row * 0.16}
                    width={CELL_WIDE - 3}
                    height={row * 0.68}
                  />
                );
              });
              x += 5;
              return windows;
            })}
          </g>
        );
      })}
    </svg>
  );
}

/** One staircase of the floor from above. */
function Staircase({ building, alarms, flat, floor, unit, named }: PlanProps & { unit: string; named: boolean }) {
  const m = t().acts;
  const flats = flatsOf(building, unit, floor);
  const { width, height, core, rooms } = plan(flats.length);
  return (
    <figure class="staircase">
      {named && <figcaption>{m.unit(unit)}</figcaption>}
      <svg viewBox={`-2 -2 ${width + 4} ${height + 4}`} role="group" aria-label={m.unit(unit)}>
        <rect class="plan-core" x={core.x} y={core.y} width={core.w} height={core.h} />
        <text class="plan-core-word" x={core.x + core.w / 2} y={core.y + core.h / 2} dy="0.35em" text-anchor="middle">
          {m.stairs}
        </text>
        {flats.map((f, i) => {
          const room = rooms[i];
          return (
            room && (
              <FlatRoom
                key={f.flat}
                flat={f}
                room={room}
                incidents={alarms.get(keyOf(f)) ?? []}
                sensors={sensors.value.get(`${building.id}/${unit}/${f.flat}`) ?? []}
                here={flat !== null && keyOf(f) === keyOf(flat)}
              />
            )
          );
        })}
      </svg>
    </figure>
  );
}

interface FlatRoomProps {
  flat: Flat;
  room: Room;
  incidents: Incident[];
  sensors: Sensor[];
  here: boolean;
}

const SENSORS_SHOWN = 4;

function FlatRoom({ flat, room, incidents, sensors: own, here }: FlatRoomProps) {
  const m = t();
  const worst = incidents[0];
  const words = incidents.map((i) => `${m.incidents.priority[i.priority]}: ${say(i.kind_name)}`).join(', ');
  const label = `${flat.flat}${here ? ` (${m.acts.thisFlat})` : ''}: ${words || m.acts.quiet}`;
  const drawn = (
    <>
      <title>{label}</title>
      <rect
        class={`plan-room ${worst ? `plan-room-${worst.priority}` : ''} ${here ? 'plan-room-here' : ''}`}
        x={room.x + 1.5}
        y={room.y + 1.5}
        width={room.w - 3}
        height={room.h - 3}
        rx={3}
      />
      <text class="plan-number" x={room.x + 9} y={room.y + 19}>
        {flat.flat}
      </text>
      {worst && (
        <svg
          class={`mark mark-${worst.priority} ${worst.state === 'open' ? '' : 'mark-taken'}`}
          x={room.x + room.w - 30}
          y={room.y + 6}
          width={22}
          height={22}
          viewBox="-1 -1 22 22"
        >
          <path d={MARK_PATHS[worst.priority]} />
        </svg>
      )}
      {own.slice(0, SENSORS_SHOWN).map((s, i) => (
        <g key={s.id} class="plan-sensor" transform={`translate(${room.x + 8 + i * 19} ${room.y + room.h - 24})`}>
          <title>{say(s.name)}</title>
          <Icon name={iconOfKind(s.kind)} size={15} />
        </g>
      ))}
    </>
  );
  if (!worst) return <g aria-label={label}>{drawn}</g>;
  return (
    <a href={hrefOf('incidents', worst.incident_id)} aria-label={label}>
      {drawn}
    </a>
  );
}

const SIDES: readonly Beside[] = ['above', 'left', 'right', 'below'];

/** Who is next to it, and how it is there. */
function Neighbours({ building, alarms, flat }: { building: Building; alarms: PlanProps['alarms']; flat: Flat }) {
  const m = t();
  const next = neighboursOf(building, flat);
  return (
    <dl class="neighbours" aria-label={m.acts.neighbours}>
      {SIDES.map((side) => {
        const there = next[side];
        if (!there) return null;
        const worst = alarms.get(keyOf(there))?.[0];
        return (
          <div key={side}>
            <dt>{m.acts.beside[side]}</dt>
            <dd>
              <b class="num">{there.flat}</b>{' '}
              {worst ? (
                <a href={hrefOf('incidents', worst.incident_id)}>{say(worst.kind_name)}</a>
              ) : (
                <span class="faint">{m.acts.quiet}</span>
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}
