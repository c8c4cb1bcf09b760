/** The map's style: from the site's own features only; no tiles, no glyphs, nothing from elsewhere. */
import type { LayerSpecification, SourceSpecification, StyleSpecification } from 'maplibre-gl';
import type { FeatureCollection } from 'geojson';
import type { Palette } from './palette';

export const DEVICE_ZOOM = 18.7; // below it sensors would lie on one another
export const LABEL_ZOOMS = [14, 17, 18.6] as const; // by rank
export const TOUR_SOURCE = 'tour';
export const DEVICE_SOURCE = 'devices';
export const RING_SOURCE = 'rings';
export const PICKABLE = ['devices', 'docks', 'viewpoints', 'cameras'] as const;

const EMPTY: FeatureCollection = { type: 'FeatureCollection', features: [] };

const is = (layer: string, kind?: string) =>
  kind
    ? (['all', ['==', ['get', 'layer'], layer], ['==', ['get', 'kind'], kind]] as const)
    : (['==', ['get', 'layer'], layer] as const);

type Filter = NonNullable<Extract<LayerSpecification, { type: 'fill' }>['filter']>;
const where = (layer: string, kind?: string): Filter => is(layer, kind) as unknown as Filter;

/** Metres on the ground per pixel at zoom 0 (Web Mercator, tiles of 512 pixels). */
export const metresPerPixelAt0 = (latitude_deg: number): number =>
  78_271.517 * Math.cos((latitude_deg * Math.PI) / 180);

/** A line width in metres on the ground, drawn at the zooms the site is seen at. */
const metres = (m: number, latitude_deg: number) => {
  const at = (zoom: number) => (m * 2 ** zoom) / metresPerPixelAt0(latitude_deg);
  return ['interpolate', ['exponential', 2], ['zoom'], 14, at(14), 22, at(22)] as unknown as number;
};

function zone(kind: string, color: string, edge?: string): LayerSpecification[] {
  const fill: LayerSpecification = {
    id: `zone-${kind}`,
    type: 'fill',
    source: 'site',
    filter: where('zone', kind),
    paint: { 'fill-color': color, 'fill-antialias': true },
  };
  if (!edge) return [fill];
  return [
    {
      id: `zone-${kind}-edge`,
      type: 'line',
      source: 'site',
      filter: where('zone', kind),
      paint: { 'line-color': edge, 'line-width': 1.6 },
    },
    fill,
  ];
}

/** The whole style. `raised`: buildings stand up; otherwise they lie flat with a shadow. */
export function styleOf(map: FeatureCollection, p: Palette, raised: boolean, latitude_deg: number): StyleSpecification {
  const sources: Record<string, SourceSpecification> = {
    site: { type: 'geojson', data: map, tolerance: 0.1 },
    labels: { type: 'geojson', data: EMPTY },
    [DEVICE_SOURCE]: { type: 'geojson', data: EMPTY },
    [TOUR_SOURCE]: { type: 'geojson', data: EMPTY },
    [RING_SOURCE]: { type: 'geojson', data: EMPTY },
  };
  return {
    version: 8,
    sources,
    light: { anchor: 'map', color: '#ffffff', intensity: 0.18, position: [1.2, 210, 30] },
    transition: { duration: 0, delay: 0 },
    layers: [
      { id: 'outside', type: 'background', paint: { 'background-color': p.outside } },
      ...ground(p),
      ...lanes(p, latitude_deg),
      ...tour(p),
      ...(raised ? standing(p) : lying(p)),
      ...rings(p),
      ...things(),
      ...words(),
    ],
  };
}

function ground(p: Palette): LayerSpecification[] {
  return [
    {
      id: 'site-ground',
      type: 'fill',
      source: 'site',
      filter: where('boundary'),
      paint: { 'fill-color': p.ground },
    },
    ...zone('green', p.green, p.greenEdge),
    ...zone('parking', p.parking, p.roadEdge),
    ...zone('road', p.road, p.roadEdge),
    ...zone('walkway', p.walkway, p.roadEdge),
    ...zone('plaza', p.plaza, p.roadEdge),
    {
      id: 'zone-fire_lane',
      type: 'fill',
      source: 'site',
      filter: where('zone', 'fire_lane'),
      paint: { 'fill-pattern': 'hatch-fire', 'fill-opacity': 0.9 },
    },
    ...zone('water', p.water, p.waterEdge),
    {
      id: 'zone-no_go',
      type: 'line',
      source: 'site',
      filter: where('zone', 'no_go'),
      paint: { 'line-color': p.noGo, 'line-width': 1.2, 'line-dasharray': [3, 2] },
    },
    {
      id: 'site-edge',
      type: 'line',
      source: 'site',
      filter: where('boundary'),
      paint: { 'line-color': p.edge, 'line-width': 1.6 },
    },
  ];
}

function lanes(p: Palette, latitude_deg: number): LayerSpecification[] {
  return [
    {
      id: 'lanes',
      type: 'line',
      source: 'site',
      filter: where('lane'),
      minzoom: 15.5,
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: {
        'line-color': p.lane,
        'line-opacity': ['interpolate', ['linear'], ['zoom'], 16, 0.35, 19, 0.75],
        'line-width': metres(0.28, latitude_deg),
      },
    },
  ];
}

/** The way between the stops of the opened robot's or patrol's tour. */
function tour(p: Palette): LayerSpecification[] {
  return [
    {
      id: 'tour',
      type: 'line',
      source: TOUR_SOURCE,
      filter: ['==', ['geometry-type'], 'LineString'],
      layout: { 'line-cap': 'round', 'line-join': 'round' },
      paint: { 'line-color': p.accent, 'line-width': 1.6, 'line-dasharray': [0.2, 2.4], 'line-opacity': 0.9 },
    },
  ];
}

/** Somewhere in this ring a person lies. Dashed while it is only suspected. */
function rings(p: Palette): LayerSpecification[] {
  const line = (id: string, certainty: string, dash: number[] | null): LayerSpecification => ({
    id,
    type: 'line',
    source: RING_SOURCE,
    filter: ['==', ['get', 'certainty'], certainty],
    paint: { 'line-color': p.alarm, 'line-width': 1.8, ...(dash ? { 'line-dasharray': dash } : {}) },
  });
  return [
    {
      id: 'rings',
      type: 'fill',
      source: RING_SOURCE,
      paint: { 'fill-color': p.alarm, 'fill-opacity': 0.16 },
    },
    line('rings-suspected', 'suspected', [3, 2]),
    line('rings-confirmed', 'confirmed', null),
  ];
}

function lying(p: Palette): LayerSpecification[] {
  const fill = (id: string, small: boolean): LayerSpecification => ({
    id,
    type: 'fill',
    source: 'site',
    filter: ['all', where('building'), [small ? '!=' : '==', ['get', 'kind'], 'tower']] as unknown as Filter,
    paint: { 'fill-color': small ? p.buildingSmall : p.building },
  });
  const shadow = (n: number): LayerSpecification => ({
    id: `building-shadow-${n}`,
    type: 'fill',
    source: 'site',
    filter: ['all', where('building'), ['==', ['get', 'kind'], 'tower']] as unknown as Filter,
    paint: {
      'fill-color': p.shadow,
      'fill-opacity': 0.06,
      'fill-translate': [n * 1.6, n * 2],
      'fill-antialias': false,
    },
  });
  return [
    ...[1, 2, 3, 4].map(shadow),
    fill('building-small', true),
    fill('building-tower', false),
    {
      id: 'building-edge',
      type: 'line',
      source: 'site',
      filter: where('building'),
      paint: { 'line-color': p.buildingEdge, 'line-width': 1.2 },
    },
  ];
}

/** Towers at a third of their height: enough to tell them, too little to hide what is behind. */
function standing(p: Palette): LayerSpecification[] {
  return [
    {
      id: 'building-standing',
      type: 'fill-extrusion',
      source: 'site',
      filter: where('building'),
      paint: {
        'fill-extrusion-color': ['match', ['get', 'kind'], 'tower', p.tower, p.buildingSmall],
        'fill-extrusion-height': ['*', 0.33, ['coalesce', ['get', 'height_m'], 6]],
        'fill-extrusion-opacity': 0.94,
        'fill-extrusion-vertical-gradient': true,
      },
    },
  ];
}

function things(): LayerSpecification[] {
  const turned = ['coalesce', ['get', 'bearing_deg'], 0] as unknown as number;
  const symbol = (
    id: string,
    filter: Filter,
    image: string,
    minzoom: number,
    turns: boolean,
    source = 'site',
  ): LayerSpecification => ({
    id,
    type: 'symbol',
    source,
    filter,
    minzoom,
    layout: {
      'icon-image': image,
      'icon-allow-overlap': true,
      'icon-ignore-placement': true,
      'icon-rotation-alignment': turns ? 'map' : 'viewport',
      'icon-pitch-alignment': turns ? 'map' : 'viewport',
      ...(turns ? { 'icon-rotate': turned } : {}),
      'icon-size': ['interpolate', ['linear'], ['zoom'], 16, 0.55, 17.4, 0.78, 18.5, 1, 21, 1.5] as unknown as number,
    },
  });
  return [
    symbol('camera-fans', where('camera'), 'fan', 15, true),
    symbol('viewpoints', where('viewpoint'), 'viewpoint', 15.5, true),
    symbol('cameras', where('camera'), 'camera', 15, false),
    symbol('docks', where('dock'), 'dock', 15, false),
    {
      id: 'devices',
      type: 'symbol',
      source: DEVICE_SOURCE,
      minzoom: DEVICE_ZOOM,
      filter: ['!=', ['get', 'state'], 'alarm'],
      layout: {
        'icon-image': ['concat', 'device-', ['get', 'kind']],
        'icon-allow-overlap': true,
        'icon-offset': ['get', 'offset'],
        'icon-size': ['interpolate', ['linear'], ['zoom'], DEVICE_ZOOM, 0.7, 19.2, 1.05] as unknown as number,
      },
      paint: { 'icon-opacity': ['case', ['==', ['get', 'state'], 'unknown'], 0.62, 1] },
    },
    {
      id: 'devices-alarm',
      type: 'symbol',
      source: DEVICE_SOURCE,
      filter: ['==', ['get', 'state'], 'alarm'],
      layout: { 'icon-image': ['concat', 'alarm-', ['get', 'kind']], 'icon-allow-overlap': true },
    },
  ];
}

/** Towers first; small houses, squares and gates when there is room; stops and docks only from close by. */
function words(): LayerSpecification[] {
  return LABEL_ZOOMS.map((minzoom, rank) => ({
    id: `labels-${rank}`,
    type: 'symbol',
    source: 'labels',
    minzoom,
    filter: ['==', ['get', 'rank'], rank] as unknown as Filter,
    layout: {
      'icon-image': ['get', 'image'],
      'icon-padding': 1,
      'icon-size': ['interpolate', ['linear'], ['zoom'], 15.5, 0.72, 17, 1] as unknown as number,
      'icon-allow-overlap': rank === 0,
      'icon-offset': ['get', 'offset'] as unknown as [number, number],
    },
  }));
}
