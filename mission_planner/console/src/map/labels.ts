/** Names on the map: which feature is named, how large, and from which zoom on. */
import type { Feature, FeatureCollection, Point, Polygon } from 'geojson';
import type { Map as MapLibre } from 'maplibre-gl';
import { centroid, type LonLat } from '../logic/projection';
import type { Language } from '../logic/dates';
import { collection, layer, nameOf, type SiteFeature } from './features';
import { labelImage, RATIO } from './images';
import type { Palette } from './palette';

type Look = 'tower' | 'house' | 'place' | 'thing';

interface Label {
  key: string;
  text: string;
  at: LonLat;
  look: Look;
  rank: 0 | 1 | 2;
  offset: [number, number]; // units of the image
}

/** "3 栋" is short enough; "Building 3" is cut to its number where it would cover the house. */
function towerName(feature: SiteFeature<Polygon>, language: Language): string {
  const name = nameOf(feature.properties)[language];
  return language === 'en' ? name.replace(/^Building\s+/, '') : name;
}

function labelsOf(map: FeatureCollection, language: Language): Label[] {
  const middle = (f: SiteFeature<Polygon>): LonLat => centroid((f.geometry.coordinates[0] ?? []).slice(0, -1));
  const point = (f: SiteFeature<Point>): LonLat => [f.geometry.coordinates[0] ?? 0, f.geometry.coordinates[1] ?? 0];
  const labels: Label[] = [];
  for (const f of layer<Polygon>(map, 'building', 'Polygon')) {
    const tower = f.properties.kind === 'tower';
    labels.push({
      key: f.properties.id,
      text: tower ? towerName(f, language) : nameOf(f.properties)[language],
      at: middle(f),
      look: tower ? 'tower' : 'house',
      rank: RANKS[f.properties.kind ?? ''] ?? 1,
      offset: [0, 0],
    });
  }
  for (const f of layer<Polygon>(map, 'zone', 'Polygon')) {
    if (!f.properties.name_zh || !['plaza', 'water'].includes(f.properties.kind ?? '')) continue;
    labels.push({
      key: f.properties.id,
      text: nameOf(f.properties)[language],
      at: middle(f),
      look: 'place',
      rank: 1,
      offset: [0, 0],
    });
  }
  for (const f of layer<Point>(map, 'spot', 'Point')) {
    if (f.properties.kind !== 'gate') continue;
    labels.push({
      key: f.properties.id,
      text: nameOf(f.properties)[language],
      at: point(f),
      look: 'place',
      rank: 0,
      offset: [0, 0],
    });
  }
  for (const name of ['dock', 'viewpoint', 'camera']) {
    for (const f of layer<Point>(map, name, 'Point')) {
      labels.push({
        key: f.properties.id,
        text: nameOf(f.properties)[language],
        at: point(f),
        look: 'thing',
        rank: 2,
        offset: [0, 22],
      });
    }
  }
  return labels;
}

/** How early a building is named. */
const RANKS: Record<string, Label['rank']> = { tower: 0, center: 0, gatehouse: 2 };

const SIZES: Record<Look, [size: number, weight: number]> = {
  tower: [15, 600],
  house: [12, 500],
  place: [12.5, 500],
  thing: [11.5, 500],
};

/** Draws every label's image into the map and answers the features that place them. */
export function drawLabels(
  map: MapLibre,
  site: FeatureCollection,
  language: Language,
  palette: Palette,
): FeatureCollection<Point> {
  return collection(
    labelsOf(site, language).map((label): Feature<Point> => {
      const [size, weight] = SIZES[label.look];
      const onHouse = label.look === 'tower' || label.look === 'house';
      const image = `label-${label.key}`;
      const data = labelImage(label.text, {
        size,
        weight,
        ink: onHouse ? palette.label : palette.placeLabel,
        halo: label.look === 'tower' ? palette.labelHalo : palette.thingHalo,
      });
      if (map.hasImage(image)) map.removeImage(image);
      map.addImage(image, data, { pixelRatio: RATIO });
      return {
        type: 'Feature',
        properties: { image, rank: label.rank, offset: label.offset },
        geometry: { type: 'Point', coordinates: label.at },
      };
    }),
  );
}
