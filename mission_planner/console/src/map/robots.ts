/** Robots on the map: a disc with a heading, gliding from pose to pose, with name, battery and age beside it. */
import { Marker, type Map as MapLibre } from 'maplibre-gl';
import { arrived, at, standing, towards, type Track } from '../logic/motion';
import { bearingOf, toLonLat, type Origin } from '../logic/projection';
import type { KnownRobot } from '../logic/world';
import type { Plated } from './plates';

export interface RobotWords {
  name: string;
  doing: string | null; // only what asks for someone: beside a person, moving in
  battery: string | null;
  age: string | null; // only when it is old
  stale: boolean; // not heard for too long: grey
  label: string; // the whole sentence, for screen readers
}

interface Shown extends Plated {
  element: HTMLButtonElement;
  heading: HTMLElement;
  name: HTMLElement;
  fact: HTMLElement;
  track: Track;
}

export class RobotMarkers {
  private readonly shown = new Map<string, Shown>();
  private frame = 0;

  get plated(): Iterable<Plated> {
    return this.shown.values();
  }

  constructor(
    private readonly map: MapLibre,
    private readonly origin: Origin,
    private readonly open: (robotId: string) => void,
  ) {
    map.on('rotate', this.turnAll);
  }

  /** Takes over what is known; `calm`: no gliding. */
  update(
    robots: Iterable<KnownRobot>,
    selected: string | null,
    words: (robot: KnownRobot) => RobotWords,
    calm: boolean,
  ): void {
    const now_ms = performance.now();
    const present = new Set<string>();
    for (const robot of robots) {
      if (!robot.pose) continue;
      present.add(robot.robot_id);
      const item = this.shown.get(robot.robot_id) ?? this.add(robot, now_ms);
      const { to } = item.track;
      const moved = to.x_m !== robot.pose.x_m || to.y_m !== robot.pose.y_m || to.heading_rad !== robot.pose.heading_rad;
      if (moved) item.track = calm ? standing(robot.pose, now_ms) : towards(item.track, robot.pose, now_ms);
      this.describe(item, robot, selected === robot.robot_id, words(robot));
    }
    for (const [id, item] of this.shown) {
      if (present.has(id)) continue;
      item.marker.remove();
      this.shown.delete(id);
    }
    this.glide();
  }

  private add(robot: KnownRobot, now_ms: number): Shown {
    const element = document.createElement('button');
    element.type = 'button';
    element.className = 'robot-marker';
    const part = (tag: string, name: string, into: HTMLElement = element): HTMLElement => {
      const made = document.createElement(tag);
      made.className = name;
      into.append(made);
      return made;
    };
    const heading = part('span', 'robot-heading');
    part('span', 'robot-disc').innerHTML = ROBOT_GLYPH;
    const plate = part('span', 'robot-plate');
    const name = part('b', '', plate);
    const fact = part('span', '', plate);
    element.addEventListener('click', (e) => {
      e.stopPropagation();
      this.open(robot.robot_id);
    });
    const pose = robot.pose ?? { x_m: 0, y_m: 0, heading_rad: 0 };
    const marker = new Marker({ element, anchor: 'center' }).setLngLat(toLonLat(this.origin, pose)).addTo(this.map);
    element.removeAttribute('role');
    const track = standing(pose, now_ms);
    const item: Shown = { marker, element, heading, name, fact, track, plate, offset: { x: 0, y: 0 } };
    this.shown.set(robot.robot_id, item);
    return item;
  }

  private describe(item: Shown, robot: KnownRobot, selected: boolean, words: RobotWords): void {
    const { element } = item;
    element.classList.toggle('robot-stale', words.stale);
    element.classList.toggle('robot-selected', selected);
    element.classList.toggle('robot-attends', words.doing !== null && !words.stale);
    element.dataset['robot'] = robot.robot_id;
    if (element.getAttribute('aria-label') !== words.label) element.setAttribute('aria-label', words.label);
    if (item.name.textContent !== words.name) item.name.textContent = words.name;
    const fact = [words.doing, words.battery, words.age].filter(Boolean).join(' · ');
    if (item.fact.textContent !== fact) item.fact.textContent = fact;
  }

  private glide(): void {
    if (this.frame) return;
    const step = () => {
      this.frame = 0;
      const now_ms = performance.now();
      let moving = false;
      for (const item of this.shown.values()) {
        this.place(item, now_ms);
        moving ||= !arrived(item.track, now_ms);
      }
      if (moving) this.frame = requestAnimationFrame(step);
    };
    this.frame = requestAnimationFrame(step);
  }

  private place(item: Shown, now_ms: number): void {
    const pose = at(item.track, now_ms);
    item.marker.setLngLat(toLonLat(this.origin, pose));
    item.heading.style.rotate = `${bearingOf(pose.heading_rad) - this.map.getBearing()}deg`;
  }

  private readonly turnAll = (): void => {
    const now_ms = performance.now();
    for (const item of this.shown.values()) this.place(item, now_ms);
  };

  remove(): void {
    cancelAnimationFrame(this.frame);
    this.map.off('rotate', this.turnAll);
    for (const item of this.shown.values()) item.marker.remove();
    this.shown.clear();
  }
}

/** The same robot as in the rail. */
const ROBOT_GLYPH =
  '<svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" fill="none" stroke="currentColor" ' +
  'stroke-width="2" stroke-linecap="round" stroke-linejoin="round"><path d="M12 8V4H8"/>' +
  '<rect width="16" height="12" x="4" y="8" rx="2"/><path d="M2 14h2M20 14h2M15 13v2M9 13v2"/></svg>';
