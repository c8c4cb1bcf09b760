/** The rail: pages at the left, at the bottom on a phone. */
import { t } from '../messages';
import { isActive } from '../logic/order';
import { world } from '../state/live';
import { hrefOf, PAGES, route, type PageName } from '../state/route';
import { Icon } from '../ui/icon';

export function Rail() {
  const m = t().shell;
  const active = [...world.value.incidents.values()].filter((i) => isActive(i.state));
  const life = active.some((i) => i.priority === 1 && i.state === 'open');
  const badge = (page: PageName) =>
    page === 'incidents' && active.length > 0 ? (
      <span class={`rail-count ${life ? 'rail-count-life' : ''}`} aria-label={m.active(active.length)}>
        {active.length}
      </span>
    ) : null;
  return (
    <nav class="rail" aria-label={m.navigation}>
      <div class="rail-logo">
        <Logo />
      </div>
      <ul>
        {PAGES.map((page) => (
          <li key={page} class={`rail-${page}`}>
            <a href={hrefOf(page)} aria-current={route.value.page === page ? 'page' : undefined}>
              <Icon name={page} size={21} />
              <span>{m.pages[page]}</span>
              {badge(page)}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  );
}

/** A path that comes round to where it began, with the one who walks it. */
export function Logo({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" fill="none" role="img" aria-label="Ronda">
      <path d="M26.4 11.5A11.6 11.6 0 1 0 27.6 16" stroke="currentColor" stroke-width="3" stroke-linecap="round" />
      <circle cx="27" cy="11" r="3.4" fill="currentColor" />
      <path d="M16 10.2 20.6 12v3.7c0 3-2 5-4.6 6-2.6-1-4.6-3-4.6-6V12Z" fill="currentColor" opacity="0.9" />
    </svg>
  );
}
