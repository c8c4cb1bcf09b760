/** Accounts, for administrators: who may log in, their roles, a new password, disabling. */
import { useSignal } from '@preact/signals';
import { accounts as calls } from '../api/calls';
import { ApiError } from '../api/client';
import type { Person } from '../api/types';
import { t } from '../messages';
import { explain } from '../messages/explain';
import { ACTIONS } from '../state/actions';
import { go } from '../state/route';
import { may, session } from '../state/session';
import { toast } from '../state/toasts';
import { useResource } from '../state/useresource';
import { Button } from '../ui/button';
import { Dialog } from '../ui/dialog';
import { Field, FieldError, Switch } from '../ui/form';
import { Icon } from '../ui/icon';
import { Panel } from '../ui/panel';
import { roleName, roleNames } from '../ui/rolewords';
import { Blank, When } from '../ui/states';

const SHORTEST = 10; // characters of a password, as the center wants them
const ROLES = ['admin', 'operator', 'field', 'family', 'viewer'] as const;

export function Accounts() {
  const m = t().people;
  const asking = useSignal<Person | 'new' | null>(null);
  const allowed = may(ACTIONS.accountManage);
  const all = useResource('accounts', () => (allowed ? calls.all() : Promise.resolve([])));
  return (
    <Panel
      title={m.accounts}
      label={m.accounts}
      back={() => go('settings')}
      focusKey="accounts"
      aside={allowed && <Button icon="plus" label={m.newAccount} onClick={() => (asking.value = 'new')} />}
    >
      {!allowed ? (
        <Blank icon="hide" title={m.onlyAdmins} why={t().common.notPermitted} />
      ) : (
        <>
          <p class="hint">{m.accountsWhy}</p>
          <When of={all} what={m.accountsWhat}>
            {(list) => (
              <ul class="rows">
                {list.map((person) => (
                  <Row key={person.username} person={person} onOpen={() => (asking.value = person)} />
                ))}
              </ul>
            )}
          </When>
        </>
      )}
      {asking.value && (
        <AccountForm
          person={asking.value === 'new' ? null : asking.value}
          onClose={() => (asking.value = null)}
          onDone={() => {
            asking.value = null;
            void all.reload();
          }}
        />
      )}
    </Panel>
  );
}

const isMe = (person: Person): boolean => {
  const now = session.value;
  return now.state === 'in' && now.account.username === person.username;
};

function Row({ person, onOpen }: { person: Person; onOpen: () => void }) {
  const m = t().people;
  return (
    <li>
      <button type="button" class={`row row-button ${person.disabled ? 'row-off' : ''}`} onClick={onOpen}>
        <Icon name="person" size={20} />
        <span class="row-main">
          <b>
            {person.display_name} {isMe(person) && <span class="faint">({m.you})</span>}
          </b>
          <span>{person.username}</span>
        </span>
        <span class="row-end">
          <span>{roleNames(person.roles)}</span>
          {person.disabled && <span class="chip chip-faint">{m.disabled}</span>}
        </span>
      </button>
    </li>
  );
}

interface FormProps {
  person: Person | null; // null: a new one
  onClose: () => void;
  onDone: () => void;
}

function AccountForm({ person, onClose, onDone }: FormProps) {
  const m = t();
  const p = m.people;
  const username = useSignal(person?.username ?? '');
  const name = useSignal(person?.display_name ?? '');
  const roles = useSignal<readonly string[]>(person?.roles ?? ['field']);
  const password = useSignal('');
  const busy = useSignal(false);
  const wrong = useSignal<{ where: string | null; text: string } | null>(null);
  const at = (where: string) => (wrong.value?.where === where ? wrong.value.text : null);

  const run = async (act: () => Promise<Person>, done: (who: string) => string) => {
    if (busy.value) return;
    busy.value = true;
    wrong.value = null;
    try {
      toast('done', done((await act()).display_name));
      onDone();
    } catch (error) {
      wrong.value = { where: error instanceof ApiError ? error.where : null, text: explain(error) };
    } finally {
      busy.value = false;
    }
  };
  const missing = (): { where: string; text: string } | null => {
    if (!person && !username.value.trim()) return { where: 'username', text: p.needUsername };
    if (!/^[\p{L}\p{N}._@-]*$/u.test(username.value.trim())) return { where: 'username', text: p.oddUsername };
    if (!name.value.trim()) return { where: 'display_name', text: p.needName };
    if (roles.value.length === 0) return { where: 'roles', text: p.needRole };
    if (!person && !password.value) return { where: 'password', text: p.needPassword };
    if (password.value && password.value.length < SHORTEST) return { where: 'password', text: p.shortPassword };
    return null;
  };
  const save = () => {
    wrong.value = missing();
    if (wrong.value) return;
    const draft = { display_name: name.value.trim(), roles: [...roles.value] };
    if (person) {
      const change = { ...draft, ...(password.value ? { password: password.value } : {}) };
      void run(() => calls.change(person.username, change), p.changed);
    } else {
      void run(() => calls.create({ ...draft, username: username.value.trim(), password: password.value }), p.created);
    }
  };
  const known = ['username', 'display_name', 'roles', 'password'];
  return (
    <Dialog title={person ? p.editAccount : p.newAccount} onClose={onClose}>
      <form
        class="dialog-form"
        onSubmit={(e) => {
          e.preventDefault();
          save();
        }}
      >
        {person ? (
          <p class="lead-place">{person.username}</p>
        ) : (
          <Field label={p.username} hint={p.usernameHint} error={at('username')}>
            {(a) => (
              <input
                {...a}
                value={username.value}
                autocomplete="off"
                onInput={(e) => (username.value = e.currentTarget.value)}
              />
            )}
          </Field>
        )}
        <Field label={p.displayName} error={at('display_name')}>
          {(a) => (
            <input {...a} value={name.value} autocomplete="off" onInput={(e) => (name.value = e.currentTarget.value)} />
          )}
        </Field>
        <fieldset class="field">
          <legend class="label">{p.roles}</legend>
          <div class="role-list">
            {ROLES.map((role) => (
              <Switch
                key={role}
                label={roleName(role)}
                checked={roles.value.includes(role)}
                onChange={(on) => (roles.value = on ? [...roles.value, role] : roles.value.filter((r) => r !== role))}
              />
            ))}
          </div>
          <FieldError error={at('roles')} />
        </fieldset>
        <Field label={person ? p.newPassword : p.password} hint={p.passwordHint} error={at('password')}>
          {(a) => (
            <input
              {...a}
              type="password"
              autocomplete="new-password"
              value={password.value}
              onInput={(e) => (password.value = e.currentTarget.value)}
            />
          )}
        </Field>
        <FieldError error={wrong.value && !known.includes(wrong.value.where ?? '') ? wrong.value.text : null} />
        <div class="dialog-foot">
          {person && !isMe(person) && (
            <Button
              kind={person.disabled ? 'plain' : 'danger'}
              label={person.disabled ? p.enable : p.disable}
              onClick={() => void run(() => calls.change(person.username, { disabled: !person.disabled }), p.changed)}
            />
          )}
          <Button label={m.common.cancel} onClick={onClose} />
          <Button kind="primary" type="submit" label={m.common.save} busy={busy.value} />
        </div>
      </form>
    </Dialog>
  );
}
