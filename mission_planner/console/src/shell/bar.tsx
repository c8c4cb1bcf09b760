/** The bar at the top: which site, what time there, whether the center is heard, sound, theme, language, account. */
import { timeOfDay, day } from '../logic/dates';
import { say, t } from '../messages';
import { heldBack } from '../state/heldback';
import { connection, site } from '../state/live';
import { siteNow, siteSpeed } from '../state/now';
import { keysShown } from '../state/keys';
import { language, soundChoice, theme, themeChoice, type ThemeChoice } from '../state/prefs';
import { unread } from '../state/notices';
import { go, hrefOf } from '../state/route';
import { TOLD } from '../pages/notices';
import { logOut, session } from '../state/session';
import { IconButton } from '../ui/button';
import type { IconName } from '../ui/icon';
import { zone } from '../ui/time';

const NEXT_THEME: Record<ThemeChoice, ThemeChoice> = { system: 'light', light: 'dark', dark: 'system' };
const THEME_ICON: Record<ThemeChoice, IconName> = { system: 'system', light: 'light', dark: 'dark' };

export function Bar() {
  const m = t().shell;
  const known = site.value;
  const name = known.state === 'ready' ? say(known.data.name) : t().common.product;
  return (
    <header class="bar">
      <div class="bar-site">
        <h1>{name}</h1>
      </div>
      <Held />
      <SiteClock />
      <LinkState />
      <Bell />
      <IconButton
        class="bar-sound"
        label={m.sound[soundChoice.value]}
        icon={soundChoice.value === 'on' ? 'soundOn' : 'soundOff'}
        onClick={() => (soundChoice.value = soundChoice.value === 'on' ? 'off' : 'on')}
      />
      <IconButton class="bar-keys" label={`${m.keys} (?)`} icon="keys" onClick={() => (keysShown.value = true)} />
      <ThemeButton />
      <LanguageButton />
      <Account />
    </header>
  );
}

function SiteClock() {
  const now = new Date(siteNow());
  const speed = siteSpeed();
  return (
    <div class="bar-clock" title={`${t().shell.siteTime} · ${zone()}`}>
      <span class="bar-day">{day(now, zone(), language.value)}</span>
      <strong class="num">{timeOfDay(now, zone(), language.value, true)}</strong>
      {speed !== 1 && <span class="chip chip-warn">{t().shell.speed(Math.round(speed * 10) / 10)}</span>}
    </div>
  );
}

/** How much is held back, where there is any; leads to the list. */
function Held() {
  const m = t().shell;
  const counts = (['shelved', 'inhibited'] as const).map((which) => {
    const fetched = heldBack[which].value;
    return { which, n: fetched.state === 'ready' ? fetched.data.length : 0 };
  });
  const some = counts.filter(({ n }) => n > 0);
  if (some.length === 0) return null;
  return (
    <a class="bar-held" href={hrefOf('devices')} title={m.heldWhy}>
      {some.map(({ which, n }) => (
        <span key={which} class="chip chip-warn" data-held={which}>
          {m.held[which](n)}
        </span>
      ))}
    </a>
  );
}

/** What this account was told and has not read. */
function Bell() {
  const fetched = unread.value;
  const n = fetched.state === 'ready' ? fetched.data : 0;
  return (
    <span class="bar-bell">
      <IconButton label={t().people.unreadCount(n)} icon="bell" onClick={() => go('incidents', TOLD)} />
      {n > 0 && (
        <span class="rail-count" aria-hidden="true" data-unread={n}>
          {n > 99 ? '99+' : n}
        </span>
      )}
    </span>
  );
}

function LinkState() {
  const m = t().shell;
  const { state } = connection.value;
  const word = { up: m.online, opening: m.opening, down: m.offline }[state];
  return (
    <span class={`bar-link bar-link-${state}`} role="status">
      <i aria-hidden="true" />
      <span>{word}</span>
    </span>
  );
}

export function ThemeButton() {
  const m = t().shell;
  void theme.value;
  return (
    <IconButton
      class="bar-theme"
      label={m.themeHint(m.theme[themeChoice.value])}
      icon={THEME_ICON[themeChoice.value]}
      onClick={() => (themeChoice.value = NEXT_THEME[themeChoice.value])}
    />
  );
}

export function LanguageButton() {
  const m = t().shell;
  return (
    <button
      type="button"
      class="button button-quiet bar-language"
      title={m.languageHint}
      lang={language.value === 'zh' ? 'en' : 'zh-CN'}
      onClick={() => (language.value = language.value === 'zh' ? 'en' : 'zh')}
    >
      <span class="bar-language-long">{m.language}</span>
      <span class="bar-language-short" aria-hidden="true">
        {m.languageShort}
      </span>
    </button>
  );
}

function Account() {
  const now = session.value;
  if (now.state !== 'in') return null;
  return (
    <>
      <span class="bar-account" title={t().shell.account}>
        {now.account.display_name || now.account.username}
      </span>
      <IconButton class="bar-logout" label={t().shell.logOut} icon="logout" onClick={() => void logOut()} />
    </>
  );
}
