/** The console: login or shell; in the shell the map, one panel, the queue. */
import { useEffect } from 'preact/hooks';
import { Desk } from './desk/desk';
import { neighbour } from './logic/order';
import { fitSite } from './map/focus';
import { MapView } from './map/mapview';
import { say, t } from './messages';
import { Analysis } from './pages/analysis';
import { Devices, IMPORT } from './pages/devices';
import { Incidents } from './pages/incidents';
import { Login } from './pages/login';
import { Overview } from './pages/overview';
import { Patrols } from './pages/patrols';
import { Robots } from './pages/robots';
import { Settings } from './pages/settings';
import { VideoWall } from './pages/wall';
import { Banners } from './shell/banners';
import { Bar } from './shell/bar';
import { KeyHelp } from './shell/keyhelp';
import { Logo, Rail } from './shell/rail';
import { Strip } from './shell/strip';
import { ToastList } from './shell/toastlist';
import { listenToKeys } from './state/keys';
import { queued, site, startLive, stopLive } from './state/live';
import { raised } from './state/prefs';
import { go, PAGES, route } from './state/route';
import { lifeAlarms } from './state/sound';
import { askSession, session } from './state/session';

export function App() {
  const now = session.value;
  useEffect(() => void askSession(), []);
  if (now.state === 'asking') {
    return (
      <div class="starting" role="status" aria-label={t().common.loading}>
        <Logo size={56} />
      </div>
    );
  }
  return (
    <>
      {now.state === 'in' ? <Shell key={now.account.username} /> : <Login />}
      <ToastList />
    </>
  );
}

function Shell() {
  const { page, id } = route.value;
  const wide =
    page === 'patrols' ||
    page === 'analysis' ||
    page === 'video' ||
    (page === 'settings' && id === 'duty') ||
    id === IMPORT;
  useEffect(() => {
    startLive();
    return stopLive;
  }, []);
  useEffect(
    () =>
      listenToKeys({
        move(step) {
          const { page: at, id: open } = route.peek();
          const next = neighbour(
            queued.peek().map((i) => i.incident_id),
            at === 'incidents' ? open : null,
            step,
          );
          if (next) go('incidents', next);
        },
        page: (nth) => go(PAGES[nth - 1] ?? 'live'),
        fit: fitSite,
        video: () => go('video'),
        raise: () => (raised.value = raised.peek() === 'on' ? 'off' : 'on'),
        escape() {
          const { page: at, id: open } = route.peek();
          if (open) go(at);
          else if (at !== 'live') go('live');
        },
      }),
    [],
  );
  useEffect(() => {
    const known = site.value;
    const alarms = lifeAlarms.value.length;
    const where = known.state === 'ready' ? say(known.data.name) : t().common.product;
    document.title = `${alarms > 0 ? `(${alarms}) ` : ''}${t().shell.pages[page]} · ${where}`;
  });
  return (
    <div class={`shell shell-${page} ${id ? 'shell-open' : ''}`}>
      <a class="skip" href="#panel" onClick={(e) => focusPanel(e)}>
        {t().common.skipToContent}
      </a>
      <Rail />
      <Bar />
      <Banners />
      <main class="map-area">
        <MapView />
      </main>
      <div id="panel" class={`panel-area ${wide ? 'panel-area-wide' : ''}`}>
        <Page />
      </div>
      <Strip />
      <KeyHelp />
      <Desk />
    </div>
  );
}

/** `#panel` would be taken for a page; the focus moves without the address. */
function focusPanel(event: Event): void {
  event.preventDefault();
  document.querySelector<HTMLElement>('.panel h2')?.focus();
}

function Page() {
  const { page, id, sub } = route.value;
  switch (page) {
    case 'live':
      return <Overview />;
    case 'patrols':
      return <Patrols id={id} sub={sub} />;
    case 'incidents':
      return <Incidents id={id} />;
    case 'robots':
      return <Robots id={id} />;
    case 'video':
      return <VideoWall />;
    case 'devices':
      return <Devices id={id} />;
    case 'analysis':
      return <Analysis />;
    case 'settings':
      return <Settings id={id} />;
  }
}
