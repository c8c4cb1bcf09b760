/** The map itself: style, symbols, camera. Knows MapLibre; knows nothing of the console's state. */
import { Map as MapLibre, ScaleControl, setWorkerUrl, type GeoJSONSource } from 'maplibre-gl';
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url';
import type { Feature, FeatureCollection } from 'geojson';
import type { Device, Site } from '../api/types';
import type { Language } from '../logic/dates';
import type { LonLat } from '../logic/projection';
import { deviceFeatures } from './devices';
import { deviceImage, fanImage, hatchImage, RATIO, tileImage, viewpointImage } from './images';
import { drawLabels } from './labels';
import { PALETTES, type Palette } from './palette';
import { watchDistance } from './plates';
import { DEVICE_SOURCE, metresPerPixelAt0, PICKABLE, RING_SOURCE, styleOf, TOUR_SOURCE } from './style';

setWorkerUrl(workerUrl); // without it a bundled map stays blank

export interface Look {
  theme: 'light' | 'dark';
  language: Language;
  raised: boolean;
  calm: boolean; // reduced motion: the camera jumps
}

const PITCH_DEG = 52;
const NEAR_SPAN_M = 200;
const FIT_PADDING = { top: 28, right: 28, bottom: 28, left: 28 };

export class SiteMap {
  readonly map: MapLibre;
  private readonly site: Site;
  private look: Look;
  private devices: readonly Device[] = [];
  private devicesShown = true;
  private tourData: FeatureCollection = { type: 'FeatureCollection', features: [] };
  private rings: Feature[] = [];
  private ringsDrawn = '[]';

  constructor(container: HTMLElement, site: Site, look: Look) {
    this.site = site;
    this.look = look;
    this.map = new MapLibre({
      container,
      style: styleOf(site.map, this.palette, look.raised, site.origin.lat_deg),
      bounds: site.bounds,
      fitBoundsOptions: { padding: FIT_PADDING },
      attributionControl: false,
      minZoom: 14,
      maxZoom: 22,
      maxPitch: 65,
      pitch: look.raised ? PITCH_DEG : 0,
      canvasContextAttributes: { antialias: true },
      fadeDuration: 0,
      locale: {},
    });
    this.map.addControl(new ScaleControl({ maxWidth: 90, unit: 'metric' }), 'bottom-left');
    watchDistance(this.map);
    this.map.touchZoomRotate.disableRotation();
    this.map.keyboard.disableRotation();
    this.map.setMissingStyleImageResolver((id) => this.draw(id));
    this.map.on('load', () => this.fill());
  }

  private get palette(): Palette {
    return PALETTES[this.look.theme];
  }

  /** Takes on another theme, language or stance without moving the camera (but for its tilt). */
  restyle(look: Look): void {
    const was = this.look;
    this.look = look;
    if (was.raised !== look.raised) this.tilt();
    if (was.theme === look.theme && was.raised === look.raised && was.language === look.language) return;
    this.map.setStyle(styleOf(this.site.map, this.palette, look.raised, this.site.origin.lat_deg), { diff: false });
    this.map.once('style.load', () => this.fill());
  }

  private tilt(): void {
    const camera = { pitch: this.look.raised ? PITCH_DEG : 0, bearing: this.look.raised ? -18 : 0 };
    if (this.look.calm) this.map.jumpTo(camera);
    else this.map.easeTo({ ...camera, duration: 500 });
  }

  /** Everything that the style itself does not hold. */
  private fill(): void {
    this.setData('labels', drawLabels(this.map, this.site.map, this.look.language, this.palette));
    this.setDevices(this.devices, this.devicesShown);
    this.setTour(this.tourData);
    this.setData(RING_SOURCE, { type: 'FeatureCollection', features: this.rings });
  }

  private setData(source: string, data: FeatureCollection): void {
    this.map.getSource<GeoJSONSource>(source)?.setData(data);
  }

  setDevices(devices: readonly Device[], shown: boolean): void {
    this.devices = devices;
    this.devicesShown = shown;
    const visible = shown ? devices : devices.filter((d) => d.state === 'alarm');
    this.setData(DEVICE_SOURCE, deviceFeatures(visible, this.site.origin));
  }

  setTour(data: FeatureCollection): void {
    this.tourData = data;
    this.setData(TOUR_SOURCE, data);
  }

  /** Where people lie, as wide as it is uncertain. */
  setRings(rings: Feature[]): void {
    const asked = JSON.stringify(rings);
    if (asked === this.ringsDrawn) return; // asked at every pose; the map must come to rest
    this.rings = rings;
    this.ringsDrawn = asked;
    this.setData(RING_SOURCE, { type: 'FeatureCollection', features: rings });
  }

  fit(): void {
    this.map.fitBounds(this.site.bounds, {
      padding: FIT_PADDING,
      pitch: this.look.raised ? PITCH_DEG : 0,
      bearing: 0,
      animate: !this.look.calm,
      duration: 500,
    });
  }

  /** Goes to a place, near enough to see it; stays as near as it is when nearer. */
  goTo(at: LonLat): void {
    const camera = { center: at, zoom: Math.max(this.map.getZoom(), this.nearZoom()) };
    if (this.look.calm) this.map.jumpTo(camera);
    else this.map.easeTo({ ...camera, duration: 600 });
  }

  /** The zoom at which the map is `NEAR_SPAN_M` wide: as much to see on the phone as on the wall. */
  private nearZoom(): number {
    const metresPerPixel = NEAR_SPAN_M / Math.max(1, this.map.getContainer().clientWidth);
    return Math.log2(metresPerPixelAt0(this.site.origin.lat_deg) / metresPerPixel);
  }

  zoomBy(step: number): void {
    if (this.look.calm) this.map.jumpTo({ zoom: this.map.getZoom() + step });
    else this.map.easeTo({ zoom: this.map.getZoom() + step, duration: 200 });
  }

  /** Calls back with the layer and id of what is clicked. */
  onPick(picked: (layer: string, id: string) => void): void {
    this.map.on('click', (e) => {
      const reach = 6;
      const box: [[number, number], [number, number]] = [
        [e.point.x - reach, e.point.y - reach],
        [e.point.x + reach, e.point.y + reach],
      ];
      const layers = [...PICKABLE, 'devices-alarm'].filter((id) => this.map.getLayer(id));
      const hit = this.map.queryRenderedFeatures(box, { layers })[0];
      if (hit) picked(hit.layer.id, String(hit.properties['id']));
    });
    for (const layer of [...PICKABLE, 'devices-alarm']) {
      this.map.on('mouseenter', layer, () => (this.map.getCanvas().style.cursor = 'pointer'));
      this.map.on('mouseleave', layer, () => (this.map.getCanvas().style.cursor = ''));
    }
  }

  /** Draws a picture that the style names and the map does not have yet. */
  private draw(id: string): void {
    const p = this.palette;
    const [first, ...rest] = id.split('-');
    const kind = rest.join('-');
    const made =
      id === 'viewpoint'
        ? viewpointImage(p)
        : id === 'dock'
          ? tileImage('dock', p)
          : id === 'camera'
            ? tileImage('camera', p)
            : id === 'fan'
              ? fanImage(p)
              : id === 'hatch-fire'
                ? hatchImage(p.fireHatch, p.fireLane, 8)
                : first === 'device' || first === 'alarm'
                  ? deviceImage(kind, first === 'alarm', p)
                  : null;
    if (made) this.map.addImage(id, made, { pixelRatio: RATIO });
  }

  remove(): void {
    this.map.remove();
  }
}
