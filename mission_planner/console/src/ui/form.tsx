/** Form parts: each field with its label, hint and error tied to it for screen readers. */
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { t } from '../messages';
import { IconButton } from './button';
import { Icon } from './icon';

interface FieldProps {
  label: string;
  hint?: string | undefined;
  error?: string | null | undefined;
  children: (attributes: { id: string; 'aria-describedby': string; 'aria-invalid': boolean }) => ComponentChildren;
}

export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  return (
    <div class={`field ${error ? 'field-wrong' : ''}`}>
      <label for={id}>{label}</label>
      {hint && <p class="hint">{hint}</p>}
      {children({ id, 'aria-describedby': `${id}-error`, 'aria-invalid': Boolean(error) })}
      <FieldError id={`${id}-error`} error={error} />
    </div>
  );
}

export function FieldError({ id, error }: { id?: string; error: string | null | undefined }) {
  return (
    <p class="field-error" id={id} role={error ? 'alert' : undefined} hidden={!error}>
      {error && <Icon name="alert" size={15} />}
      <span>{error}</span>
    </p>
  );
}

interface ChoiceProps<T extends string> {
  label: string;
  hideLabel?: boolean;
  options: { value: T; label: ComponentChildren }[];
  value: T;
  onChange: (value: T) => void;
}

/** One of a few: a row of radio buttons that looks like one control. */
export function Choice<T extends string>({ label, hideLabel = false, options, value, onChange }: ChoiceProps<T>) {
  const name = useId();
  return (
    <fieldset class="choice">
      <legend class={hideLabel ? 'unseen' : ''}>{label}</legend>
      <div class="choice-row">
        {options.map((option) => (
          <label key={option.value} class={option.value === value ? 'chosen' : ''}>
            <input
              type="radio"
              name={name}
              value={option.value}
              checked={option.value === value}
              onChange={() => onChange(option.value)}
            />
            <span>{option.label}</span>
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface SwitchProps {
  label: ComponentChildren;
  checked: boolean;
  disabled?: boolean;
  onChange: (checked: boolean) => void;
}

export function Switch({ label, checked, disabled = false, onChange }: SwitchProps) {
  return (
    <label class="switch">
      <input
        type="checkbox"
        role="switch"
        checked={checked}
        disabled={disabled}
        onChange={(e) => onChange(e.currentTarget.checked)}
      />
      <i aria-hidden="true" />
      <span>{label}</span>
    </label>
  );
}

interface SearchProps {
  value: string;
  hint: string;
  onInput: (value: string) => void;
}

/** The page's search box; "/" goes to it. */
export function Search({ value, hint, onInput }: SearchProps) {
  const m = t().common;
  return (
    <div class="search">
      <Icon name="search" size={16} />
      <input
        type="search"
        data-search
        value={value}
        placeholder={hint}
        aria-label={`${m.search}: ${hint}`}
        aria-keyshortcuts="/"
        onInput={(e) => onInput(e.currentTarget.value)}
        onKeyDown={(e) => {
          if (e.key !== 'Escape') return;
          e.stopPropagation();
          if (value) onInput('');
          else e.currentTarget.blur();
        }}
      />
      {value ? (
        <IconButton label={m.clear} icon="close" onClick={() => onInput('')} />
      ) : (
        <kbd aria-hidden="true">/</kbd>
      )}
    </div>
  );
}

interface TextAreaProps {
  id?: string;
  value: string;
  rows?: number;
  placeholder?: string;
  onInput: (value: string) => void;
  'aria-describedby'?: string;
  'aria-invalid'?: boolean;
}

export function TextArea({ onInput, rows = 3, ...rest }: TextAreaProps) {
  return <textarea {...rest} rows={rows} maxLength={2000} onInput={(e) => onInput(e.currentTarget.value)} />;
}
