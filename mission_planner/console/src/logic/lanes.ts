/** The lanes as a graph, and the way along them from stop to stop: what a tour looks like on the ground. */
import type { Feature, LineString } from 'geojson';
import type { LonLat } from './projection';

interface LaneProperties {
  start: string;
  end: string;
  two_way?: boolean;
}

interface Edge {
  to: string;
  line: LonLat[];
  length: number;
}

export interface Lanes {
  nodes: ReadonlyMap<string, LonLat>;
  edges: ReadonlyMap<string, readonly Edge[]>;
  shrink: number; // a degree of longitude in degrees of latitude, here
}

/** The graph of a site's lane features. */
export function lanesOf(features: readonly Feature<LineString>[]): Lanes {
  const nodes = new Map<string, LonLat>();
  const edges = new Map<string, Edge[]>();
  const latitude_deg = features[0]?.geometry.coordinates[0]?.[1] ?? 0;
  const shrink = Math.cos((latitude_deg * Math.PI) / 180);
  const join = (from: string, to: string, line: LonLat[]) => {
    const length = line.slice(1).reduce((sum, p, i) => sum + gap(line[i] ?? p, p, shrink), 0);
    edges.set(from, [...(edges.get(from) ?? []), { to, line, length }]);
  };
  for (const feature of features) {
    const { start, end, two_way } = feature.properties as unknown as LaneProperties;
    const line = feature.geometry.coordinates.map((c): LonLat => [c[0] ?? 0, c[1] ?? 0]);
    const [first, last] = [line[0], line.at(-1)];
    if (!start || !end || !first || !last) continue;
    nodes.set(start, first);
    nodes.set(end, last);
    join(start, end, line);
    if (two_way) join(end, start, [...line].reverse());
  }
  return { nodes, edges, shrink };
}

const gap = (a: LonLat, b: LonLat, shrink: number): number => Math.hypot((a[0] - b[0]) * shrink, a[1] - b[1]);

function nearestNode(lanes: Lanes, at: LonLat): string | null {
  let best: string | null = null;
  let least = Infinity;
  for (const [id, point] of lanes.nodes) {
    const distance = gap(point, at, lanes.shrink);
    if (distance < least) [best, least] = [id, distance];
  }
  return best;
}

/** The way from `from` to `to` along the lanes (Dijkstra); the straight line where no lane joins them. */
export function wayBetween(lanes: Lanes, from: LonLat, to: LonLat): LonLat[] {
  const start = nearestNode(lanes, from);
  const goal = nearestNode(lanes, to);
  if (start === null || goal === null) return [from, to];
  const best = new Map([[start, 0]]);
  const came = new Map<string, { from: string; edge: Edge }>();
  const open = new Set([start]);
  for (let at = pop(open, best); at !== null && at !== goal; at = pop(open, best)) {
    for (const edge of lanes.edges.get(at) ?? []) {
      const length = (best.get(at) ?? 0) + edge.length;
      if (length >= (best.get(edge.to) ?? Infinity)) continue;
      best.set(edge.to, length);
      came.set(edge.to, { from: at, edge });
      open.add(edge.to);
    }
  }
  const way: LonLat[] = [];
  for (let step = came.get(goal); step; step = came.get(step.from)) way.unshift(...step.edge.line);
  return way.length > 0 ? [from, ...way, to] : [from, to];
}

/** Takes the open node with the shortest way so far. */
function pop(open: Set<string>, best: ReadonlyMap<string, number>): string | null {
  let found: string | null = null;
  for (const id of open) {
    if (found === null || (best.get(id) ?? Infinity) < (best.get(found) ?? Infinity)) found = id;
  }
  if (found !== null) open.delete(found);
  return found;
}

/** The whole way through the stops in their order. */
export function wayThrough(lanes: Lanes, stops: readonly LonLat[]): LonLat[] {
  return stops.slice(1).flatMap((stop, i) => wayBetween(lanes, stops[i] ?? stop, stop));
}
