/** Buttons that answer at once: pressed, busy, and a sentence when it failed. */
import type { ComponentChildren } from 'preact';
import { useState } from 'preact/hooks';
import { t } from '../messages';
import { explain } from '../messages/explain';
import { toast } from '../state/toasts';
import { Icon, type IconName } from './icon';

export interface ActState<A extends unknown[]> {
  busy: boolean;
  run: (...args: A) => Promise<boolean>; // whether it was done
}

/** An act with its busy state; a failure becomes a toast that names the act and says what to do. */
export function useAct<A extends unknown[]>(name: () => string, act: (...args: A) => Promise<void>): ActState<A> {
  const [busy, setBusy] = useState(false);
  return {
    busy,
    async run(...args) {
      if (busy) return false;
      setBusy(true);
      try {
        await act(...args);
        return true;
      } catch (error) {
        toast('problem', t().errors.notDone(name(), explain(error)));
        return false;
      } finally {
        setBusy(false);
      }
    },
  };
}

interface ButtonProps {
  label: string;
  icon?: IconName;
  kind?: 'primary' | 'plain' | 'quiet' | 'danger';
  busy?: boolean;
  disabled?: boolean;
  shortcut?: string; // shown as a key cap
  title?: string;
  type?: 'button' | 'submit';
  pressed?: boolean;
  why?: string | null; // why it cannot be done now: shown, and said when it is tried
  onClick?: () => void;
}

export function Button(props: ButtonProps) {
  const { label, icon, kind = 'plain', busy = false, disabled = false, shortcut, title, type = 'button', why } = props;
  return (
    <button
      type={type}
      class={`button button-${kind} ${why ? 'button-off' : ''}`}
      disabled={disabled}
      aria-busy={busy}
      aria-disabled={busy || Boolean(why)}
      aria-pressed={props.pressed}
      aria-keyshortcuts={shortcut}
      title={why ?? title}
      onClick={why ? () => toast('problem', why) : busy ? undefined : props.onClick}
    >
      {busy ? <span class="spinner" aria-hidden="true" /> : icon && <Icon name={icon} />}
      <span>{label}</span>
      {shortcut && <kbd aria-hidden="true">{shortcut}</kbd>}
    </button>
  );
}

interface IconButtonProps {
  label: string; // read aloud and shown as title
  icon: IconName;
  pressed?: boolean;
  disabled?: boolean;
  busy?: boolean;
  class?: string;
  expanded?: boolean;
  onClick: () => void;
}

export function IconButton({ label, icon, pressed, disabled, busy, expanded, onClick, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      class={`icon-button ${rest.class ?? ''}`}
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      aria-expanded={expanded}
      aria-busy={busy}
      disabled={disabled}
      onClick={onClick}
    >
      {busy ? <span class="spinner" aria-hidden="true" /> : <Icon name={icon} />}
    </button>
  );
}

export function Actions({ children }: { children: ComponentChildren }) {
  return <div class="actions">{children}</div>;
}
