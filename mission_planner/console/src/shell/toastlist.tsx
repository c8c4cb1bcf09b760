/** The toasts, read aloud politely. */
import { t } from '../messages';
import { dismiss, toasts } from '../state/toasts';
import { Button, IconButton } from '../ui/button';
import { Icon } from '../ui/icon';

export function ToastList() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map(({ key, tone, text, action }) => (
        <div key={key} class={`toast toast-${tone}`}>
          <Icon name={tone === 'done' ? 'check' : 'alert'} />
          <span>{text}</span>
          {action && (
            <Button
              label={action.label}
              icon="undo"
              onClick={() => {
                dismiss(key);
                action.run();
              }}
            />
          )}
          <IconButton label={t().common.close} icon="close" onClick={() => dismiss(key)} />
        </div>
      ))}
    </div>
  );
}
