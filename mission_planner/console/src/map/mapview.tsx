/** The map on the page: binds the map's parts to the console's state. */
import { effect, useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import type { Site } from '../api/types';
import type { LineString } from 'geojson';
import { lanesOf } from '../logic/lanes';
import { queue } from '../logic/order';
import { toLonLat } from '../logic/projection';
import { say, t } from '../messages';
import { mapDevices, site, world } from '../state/live';
import { language, raised, reducedMotion, sensorsShown, theme } from '../state/prefs';
import { go, route } from '../state/route';
import { Blank, Failed, Loading } from '../ui/states';
import { activityText, batteryText, isStale, robotSentence, silentFor_s } from '../ui/robotwords';
import { ageText } from '../ui/time';
import { MapControls } from './controls';
import { flight, picking, ringed, tours } from './focus';
import { layer } from './features';
import { IncidentMarkers } from './incidents';
import { settlePlates } from './plates';
import { ringOf } from './ring';
import { RobotMarkers } from './robots';
import { SiteMap } from './sitemap';
import { stopsOf } from './stoplist';
import { StopMarkers } from './stops';
import { tourFeatures } from './tour';
import { placeText } from '../ui/placewords';

const RECENT_ENDED = 12; // blue discs that stay on the map

/** The centre of the console; the map is made once and lives as long as the session. */
export function MapView() {
  const known = site.value;
  const m = t();
  if (known.state === 'loading') return <Loading rows={3} />;
  if (known.state === 'failed') {
    return <Failed what={m.live.map} error={known.error} retry={() => void site.reload()} />;
  }
  return <MapCanvas key={known.data.site_id} site={known.data} />;
}

function look() {
  return {
    theme: theme.value,
    language: language.value,
    raised: raised.value === 'on',
    calm: reducedMotion.value,
  };
}

function MapCanvas({ site: known }: { site: Site }) {
  const box = useRef<HTMLDivElement>(null);
  const broken = useSignal(false);
  const held = useSignal<SiteMap | null>(null);

  useEffect(() => {
    if (!box.current) return;
    let sitemap: SiteMap;
    try {
      sitemap = new SiteMap(box.current, known, look());
    } catch {
      broken.value = true; // no WebGL
      return;
    }
    held.value = sitemap;
    const stop = bind(sitemap, known);
    Object.assign(window, { rondaMap: sitemap.map }); // for the browser tests: state, not frames
    return () => {
      held.value = null;
      stop();
      sitemap.remove();
    };
  }, [known]);

  const m = t();
  return (
    <>
      <div ref={box} class="map" role="region" aria-label={m.live.map} />
      {broken.value && <Blank icon="alert" title={m.errors.mapFailed} why={m.errors.mapFailedWhy} />}
      {held.value && <MapControls map={held.value} />}
    </>
  );
}

/** Lets the map follow the console's state until the returned function is called. */
function bind(sitemap: SiteMap, known: Site): () => void {
  const { origin } = known;
  const lanes = lanesOf(layer<LineString>(known.map, 'lane', 'LineString'));
  const robots = new RobotMarkers(sitemap.map, origin, (id) => go('robots', id));
  const incidents = new IncidentMarkers(sitemap.map, origin, (id) => go('incidents', id));
  const stops = new StopMarkers(sitemap.map);
  const ring = new StopMarkers(sitemap.map);
  sitemap.onPick((layer, id) => {
    if (layer.startsWith('devices')) go('devices', id);
  });

  const settle = (): void => settlePlates(sitemap.map, incidents.plated, robots.plated);
  sitemap.map.on('moveend', settle);
  let lastFlight = 0;
  const stopping = [
    effect(() => sitemap.restyle(look())),
    effect(() => {
      const all = mapDevices.value;
      sitemap.setDevices(all.state === 'ready' ? all.data : [], sensorsShown.value === 'on');
    }),
    effect(() => {
      const { page, id } = route.value;
      const m = t();
      robots.update(
        world.value.robots.values(),
        page === 'robots' ? id : null,
        (robot) => {
          const silent_s = silentFor_s(robot);
          return {
            name: say(robot.name),
            doing: robot.activity === 'attending' || robot.activity === 'approaching' ? activityText(robot) : null,
            battery: batteryText(robot),
            age: !isStale(robot) || silent_s === null ? null : `${m.robots.link.lost} ${ageText(silent_s)}`,
            stale: isStale(robot),
            label: `${say(robot.name)}: ${robotSentence(robot)}`,
          };
        },
        reducedMotion.value,
      );
      settle();
    }),
    effect(() => {
      const { page, id } = route.value;
      const m = t();
      const shown = queue(world.value.incidents.values(), RECENT_ENDED);
      const opened = page === 'incidents' && id ? world.value.incidents.get(id) : undefined;
      if (opened && !shown.includes(opened)) shown.push(opened);
      incidents.update(shown, page === 'incidents' ? id : null, (incident) => ({
        title: say(incident.kind_name),
        place: placeText(incident),
        label: `${m.incidents.priority[incident.priority]}: ${say(incident.kind_name)}, ${placeText(incident)}, ${m.incidents.state[incident.state]}`,
      }));
      sitemap.setRings(shown.flatMap((i) => ringOf(i, origin) ?? []));
      settle();
    }),
    effect(() => stops.update(stopsOf(known.map, picking.value, tours.value, origin))),
    effect(() => sitemap.setTour(tourFeatures(picking.value ? [] : tours.value, lanes, origin))),
    effect(() => {
      ring.update(
        ringed.value.map(({ at, name }, i) => ({
          key: `ring-${i}`,
          at: toLonLat(origin, at),
          text: '',
          look: 'next',
          label: name,
          onClick: null,
        })),
      );
    }),
    effect(() => {
      const next = flight.value;
      if (!next || next.key === lastFlight) return;
      lastFlight = next.key;
      if (next.at) sitemap.goTo(toLonLat(origin, next.at));
      else sitemap.fit();
    }),
  ];
  return () => {
    stopping.forEach((stop) => stop());
    sitemap.map.off('moveend', settle);
    robots.remove();
    incidents.remove();
    stops.remove();
    ring.remove();
  };
}
