/** The panel at the right: its head, its sections, its rows. */
import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { t } from '../messages';
import { IconButton } from './button';

interface PanelProps {
  title: ComponentChildren;
  lead?: ComponentChildren; // the first line: what, where, since when, who has it
  back?: (() => void) | undefined;
  aside?: ComponentChildren; // at the right of the title
  label: string;
  focusKey?: string; // when it changes, focus moves to the panel's head
  children: ComponentChildren;
}

export function Panel({ title, lead, back, aside, label, focusKey, children }: PanelProps) {
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    if (focusKey !== undefined) head.current?.focus({ preventScroll: true });
  }, [focusKey]);
  return (
    <section class="panel" aria-label={label}>
      <header class="panel-head">
        {back && <IconButton label={t().common.back} icon="back" onClick={back} />}
        <h2 ref={head} tabIndex={-1}>
          {title}
        </h2>
        {aside}
      </header>
      <div class="panel-body">
        {lead && <div class="lead">{lead}</div>}
        {children}
      </div>
    </section>
  );
}

interface SectionProps {
  title: string;
  aside?: ComponentChildren;
  children: ComponentChildren;
}

export function Section({ title, aside, children }: SectionProps) {
  return (
    <section class="section">
      <header class="section-head">
        <h3>{title}</h3>
        {aside}
      </header>
      {children}
    </section>
  );
}

/** Name and value pairs. */
export function Facts({ children }: { children: ComponentChildren }) {
  return <dl class="facts">{children}</dl>;
}

export function Fact({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div class="fact">
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

interface ProgressProps {
  done: number;
  total: number;
  label: string;
}

export function Progress({ done, total, label }: ProgressProps) {
  return (
    <div
      class="progress"
      role="progressbar"
      aria-valuemin={0}
      aria-valuemax={total}
      aria-valuenow={done}
      aria-label={label}
    >
      <i style={{ width: `${total > 0 ? (100 * done) / total : 0}%` }} />
    </div>
  );
}
