/** All keys, shown by "?". */
import { t } from '../messages';
import { keysShown } from '../state/keys';
import { Dialog } from '../ui/dialog';

export function KeyHelp() {
  const m = t().shell;
  if (!keysShown.value) return null;
  const rows: [keys: string[], what: string][] = [
    [['J'], m.keyHelp.next],
    [['K'], m.keyHelp.previous],
    [['A'], m.keyHelp.acknowledge],
    [['D'], m.keyHelp.dispatch],
    [['M'], m.keyHelp.merge],
    [['F'], m.keyHelp.falseAlarm],
    [['C'], m.keyHelp.close],
    [['V'], m.keyHelp.video],
    [['/'], m.keyHelp.search],
    [['0'], m.keyHelp.fit],
    [['B'], m.keyHelp.raise],
    [['1–8'], m.keyHelp.pages],
    [['Esc'], m.keyHelp.escape],
    [['?'], m.keyHelp.help],
  ];
  return (
    <Dialog title={m.keys} onClose={() => (keysShown.value = false)}>
      <dl class="keys">
        {rows.map(([keys, what]) => (
          <div key={what}>
            <dt>
              {keys.map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{what}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
