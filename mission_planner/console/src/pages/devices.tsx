/** Fixed sensors: the list, one of them, or the import of a file of them. */
import { t } from '../messages';
import { ACTIONS } from '../state/actions';
import { go } from '../state/route';
import { may } from '../state/session';
import { Button } from '../ui/button';
import { Panel } from '../ui/panel';
import { DevicePanel } from './device';
import { DeviceImport } from './deviceimport';
import { DeviceList } from './devicelist';

export const IMPORT = '~import'; // no device is called so: ids begin with a letter or a digit

export function Devices({ id }: { id: string | null }) {
  const m = t().devices;
  if (id === IMPORT) {
    return (
      <Panel title={m.importTitle} label={m.importTitle} back={() => go('devices')} focusKey={IMPORT}>
        <DeviceImport />
      </Panel>
    );
  }
  if (id) return <DevicePanel key={id} id={id} />;
  const bring = may(ACTIONS.sensorEdit) && (
    <Button icon="upload" label={m.import} onClick={() => go('devices', IMPORT)} />
  );
  return (
    <Panel title={m.title} label={m.title} aside={bring}>
      <DeviceList />
    </Panel>
  );
}
