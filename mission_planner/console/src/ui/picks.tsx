/** A list to pick from: the first has the focus, arrows and J/K move it, Enter takes it. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

export function Picks({ children }: { children: ComponentChildren }) {
  const ref = useRef<HTMLUListElement>(null);
  const picks = () => [...(ref.current?.querySelectorAll<HTMLElement>('.pick:not(:disabled)') ?? [])];
  useEffect(() => picks()[0]?.focus(), []);
  return (
    <ul
      ref={ref}
      class="picks"
      onKeyDown={(e) => {
        const step = { ArrowDown: 1, j: 1, ArrowUp: -1, k: -1 }[e.key];
        if (!step) return;
        e.preventDefault();
        const all = picks();
        const at = all.indexOf(document.activeElement as HTMLElement);
        all[Math.min(all.length - 1, Math.max(0, at + step))]?.focus();
      }}
    >
      {children}
    </ul>
  );
}
