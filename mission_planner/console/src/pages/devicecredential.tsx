/** A sensor's own name and password for the broker: made anew, shown once, revoked. */
import { useSignal } from '@preact/signals';
import { devices as calls } from '../api/calls';
import type { Credential } from '../api/types';
import { t } from '../messages';
import { ACTIONS } from '../state/actions';
import { may } from '../state/session';
import { toast } from '../state/toasts';
import { Button, useAct } from '../ui/button';
import { Confirm, Dialog } from '../ui/dialog';
import { Fact, Facts, Section } from '../ui/panel';

export function CredentialPart({ deviceId }: { deviceId: string }) {
  const m = t().devices;
  const asking = useSignal<'make' | 'revoke' | null>(null);
  const made = useSignal<Credential | null>(null);
  const make = useAct(
    () => m.credentialMake,
    async () => {
      made.value = await calls.credential(deviceId);
    },
  );
  const revoke = useAct(
    () => m.credentialRevoke,
    async () => {
      await calls.revoke(deviceId);
      toast('done', m.credentialRevoked);
    },
  );
  if (!may(ACTIONS.sensorEdit)) return null;
  const close = () => void (asking.value = null);
  const act = asking.value === 'make' ? make : revoke;
  return (
    <Section title={m.credential}>
      <p class="hint">{m.credentialWhy}</p>
      <div class="actions">
        <Button icon="key" label={m.credentialMake} onClick={() => (asking.value = 'make')} />
        <Button kind="quiet" label={m.credentialRevoke} onClick={() => (asking.value = 'revoke')} />
      </div>
      {asking.value && (
        <Confirm
          title={asking.value === 'make' ? m.credentialMake : m.credentialRevoke}
          why={asking.value === 'make' ? m.credentialMakeWhy : m.credentialRevokeWhy}
          confirm={asking.value === 'make' ? m.credentialMake : m.credentialRevoke}
          keep={t().common.cancel}
          busy={act.busy}
          onClose={close}
          onConfirm={() => void act.run().then(close)}
        />
      )}
      {made.value && <Shown credential={made.value} onClose={() => (made.value = null)} />}
    </Section>
  );
}

function Shown({ credential, onClose }: { credential: Credential; onClose: () => void }) {
  const m = t();
  return (
    <Dialog title={m.devices.credentialOnce} onClose={onClose}>
      <p>{m.devices.credentialOnceWhy}</p>
      <Facts>
        <Fact name={m.login.username}>
          <code class="secret">{credential.username}</code>
        </Fact>
        <Fact name={m.login.password}>
          <code class="secret">{credential.password}</code>
        </Fact>
      </Facts>
      <div class="dialog-foot">
        <Button kind="primary" label={m.devices.credentialNoted} onClick={onClose} />
      </div>
    </Dialog>
  );
}
