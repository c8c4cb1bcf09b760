/** The login page. */
import { useSignal } from '@preact/signals';
import { useEffect, useRef } from 'preact/hooks';
import { ApiError } from '../api/client';
import { t } from '../messages';
import { explain } from '../messages/explain';
import { wallNow } from '../state/now';
import { askSession, logIn, session } from '../state/session';
import { LanguageButton, ThemeButton } from '../shell/bar';
import { Logo } from '../shell/rail';
import { Button, IconButton } from '../ui/button';
import { Field } from '../ui/form';
import { Icon } from '../ui/icon';
import { LoginScene } from './loginscene';

type Trouble =
  { kind: 'missing' } | { kind: 'wrong' } | { kind: 'throttled'; until_ms: number } | { kind: 'other'; error: unknown };

const DEFAULT_WAIT_S = 30;

export function Login() {
  const m = t();
  const busy = useSignal(false);
  const visible = useSignal(false);
  const trouble = useSignal<Trouble | null>(null);
  const username = useRef<HTMLInputElement>(null);
  const password = useRef<HTMLInputElement>(null);
  const now = session.value;

  useEffect(() => username.current?.focus(), []);
  useEffect(() => {
    document.title = `${m.login.title}`;
  });

  const enter = async () => {
    const name = username.current?.value.trim() ?? '';
    const secret = password.current?.value ?? '';
    if (busy.value) return;
    if (!name || !secret) {
      trouble.value = { kind: 'missing' };
      (name ? password : username).current?.focus();
      return;
    }
    busy.value = true;
    trouble.value = null;
    try {
      await logIn(name, secret);
    } catch (error) {
      trouble.value = troubleOf(error);
      password.current?.select();
    } finally {
      busy.value = false;
    }
  };

  return (
    <main class="login">
      <LoginScene />
      <div class="login-top">
        <ThemeButton />
        <LanguageButton />
      </div>
      <form
        class="login-card"
        onSubmit={(e) => {
          e.preventDefault();
          void enter();
        }}
        noValidate
      >
        <div class="login-brand">
          <Logo size={46} />
          <div>
            <h1>{m.login.title}</h1>
            <p>{m.login.welcome}</p>
          </div>
        </div>
        {now.state === 'out' && now.ended && !trouble.value && <p class="notice">{m.login.ended}</p>}
        {now.state === 'unreachable' && <Unreachable error={now.error} />}
        <Field label={m.login.username}>
          {(attributes) => (
            <input
              ref={username}
              {...attributes}
              name="username"
              autocomplete="username"
              autocapitalize="none"
              spellcheck={false}
            />
          )}
        </Field>
        <Field label={m.login.password}>
          {(attributes) => (
            <span class="with-button">
              <input
                ref={password}
                {...attributes}
                name="password"
                type={(visible.value ? 'text' : 'password') as 'password'}
                autocomplete="current-password"
              />
              <IconButton
                label={visible.value ? m.login.hide : m.login.show}
                icon={visible.value ? 'hide' : 'show'}
                pressed={visible.value}
                onClick={() => (visible.value = !visible.value)}
              />
            </span>
          )}
        </Field>
        <Words trouble={trouble.value} />
        <Button type="submit" kind="primary" label={busy.value ? m.login.entering : m.login.enter} busy={busy.value} />
      </form>
      <div />
    </main>
  );
}

function troubleOf(error: unknown): Trouble {
  if (error instanceof ApiError && error.status === 401) return { kind: 'wrong' };
  if (error instanceof ApiError && error.status === 429) {
    return { kind: 'throttled', until_ms: Date.now() + (error.retryAfter_s ?? DEFAULT_WAIT_S) * 1000 };
  }
  return { kind: 'other', error };
}

/** What is wrong and what to do; a throttled login counts down. */
function Words({ trouble }: { trouble: Trouble | null }) {
  const m = t().login;
  if (!trouble) return <div role="alert" class="unseen" />;
  const left_s = trouble.kind === 'throttled' ? Math.ceil((trouble.until_ms - wallNow.value) / 1000) : 0;
  if (trouble.kind === 'throttled' && left_s <= 0) return <div role="alert" class="unseen" />;
  const text =
    trouble.kind === 'other'
      ? explain(trouble.error)
      : { missing: m.missing, wrong: m.wrong, throttled: m.throttled(left_s) }[trouble.kind];
  return (
    <p role="alert" class={`notice ${trouble.kind === 'throttled' ? 'notice-warn' : 'notice-alarm'}`}>
      <Icon name="alert" size={16} />
      <span>{text}</span>
    </p>
  );
}

function Unreachable({ error }: { error: ApiError }) {
  const m = t();
  return (
    <div class="notice notice-warn" role="alert">
      <Icon name="offline" size={16} />
      <span>{explain(error)}</span>
      <Button label={m.common.retry} onClick={() => void askSession()} />
    </div>
  );
}
