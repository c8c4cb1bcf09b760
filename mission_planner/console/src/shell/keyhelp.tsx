/** All keys, shown by "?". */
import { t } from '../messages';
import { keysShown } from '../state/keys';
import { Dialog } from '../ui/dialog';

export function KeyHelp() {
  const m = t().shell;
  if (!keysShown.value) return null;
  const rows: [keys: string[], what: string][] = [
    [['A'], m.keyHelp.acknowledge],
    [['C'], m.keyHelp.close],
    [['D'], m.keyHelp.dock],
    [['V'], m.keyHelp.video],
    [['J'], m.keyHelp.next],
    [['K'], m.keyHelp.previous],
    [['/'], m.keyHelp.search],
    [['F'], m.keyHelp.fit],
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
