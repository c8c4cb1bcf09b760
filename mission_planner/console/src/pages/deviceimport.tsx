/** Import of a file of sensors: what it would change and what is wrong in it is shown before anything is kept. */
import { useSignal } from '@preact/signals';
import { devices as calls } from '../api/calls';
import type { ImportReport } from '../api/types';
import { MAX_FILE_BYTES, templateCsv, typeOf, type FileType } from '../logic/devicefile';
import { say, t } from '../messages';
import { explain } from '../messages/explain';
import { ACTIONS } from '../state/actions';
import { mapDevices, site } from '../state/live';
import { go } from '../state/route';
import { may } from '../state/session';
import { toast } from '../state/toasts';
import { Button } from '../ui/button';
import { Icon, iconOfKind } from '../ui/icon';
import { Section } from '../ui/panel';
import { Blank } from '../ui/states';

type Stage =
  | { at: 'empty' }
  | { at: 'refused'; name: string; why: string }
  | { at: 'checking' | 'importing'; name: string }
  | { at: 'checked'; file: File; type: FileType; report: ImportReport }
  | { at: 'done'; name: string; report: ImportReport };

export function DeviceImport() {
  const m = t();
  const stage = useSignal<Stage>({ at: 'empty' });
  if (!may(ACTIONS.sensorEdit)) return <Blank icon="hide" title={m.devices.importTitle} why={m.common.notPermitted} />;

  const check = async (file: File | undefined) => {
    if (!file) return;
    const { name } = file;
    const type = typeOf(name);
    if (!type) return void (stage.value = { at: 'refused', name, why: m.devices.importType });
    if (file.size > MAX_FILE_BYTES) return void (stage.value = { at: 'refused', name, why: m.devices.importSize });
    stage.value = { at: 'checking', name };
    try {
      stage.value = { at: 'checked', file, type, report: await calls.load(file, type, true) };
    } catch (error) {
      stage.value = { at: 'refused', name, why: explain(error) };
    }
  };
  const bring = async (file: File, type: FileType) => {
    stage.value = { at: 'importing', name: file.name };
    try {
      const report = await calls.load(file, type, false);
      stage.value =
        report.errors_total > 0 ? { at: 'checked', file, type, report } : { at: 'done', name: file.name, report };
      void mapDevices.reload();
      if (report.errors_total === 0) toast('done', t().devices.imported(report.added, report.changed));
    } catch (error) {
      stage.value = { at: 'refused', name: file.name, why: explain(error) };
    }
  };

  const now = stage.value;
  return (
    <>
      <p class="hint">{m.devices.importWhy}</p>
      {(now.at === 'empty' || now.at === 'refused') && <DropZone onFile={(file) => void check(file)} />}
      {now.at === 'refused' && (
        <p class="notice notice-warn" role="alert">
          <Icon name="alert" size={16} />
          <span>
            <b>{now.name}</b> · {now.why}
          </span>
        </p>
      )}
      {(now.at === 'checking' || now.at === 'importing') && (
        <p class="notice" role="status">
          <span class="spinner" aria-hidden="true" />
          <span>
            {now.at === 'checking' ? m.devices.importChecking : m.devices.importing} <b>{now.name}</b>
          </span>
        </p>
      )}
      {now.at === 'checked' && (
        <Checked
          name={now.file.name}
          report={now.report}
          onImport={() => void bring(now.file, now.type)}
          onOther={() => (stage.value = { at: 'empty' })}
        />
      )}
      {now.at === 'done' && (
        <Blank icon="done" title={m.devices.imported(now.report.added, now.report.changed)} why={now.name}>
          <Button kind="primary" icon="devices" label={m.devices.title} onClick={() => go('devices')} />
        </Blank>
      )}
      {now.at === 'empty' && <Template />}
    </>
  );
}

function DropZone({ onFile }: { onFile: (file: File | undefined) => void }) {
  const m = t().devices;
  const over = useSignal(false);
  return (
    <label
      class={`drop ${over.value ? 'drop-over' : ''}`}
      onDragOver={(e) => {
        e.preventDefault();
        over.value = true;
      }}
      onDragLeave={() => (over.value = false)}
      onDrop={(e) => {
        e.preventDefault();
        over.value = false;
        onFile(e.dataTransfer?.files[0]);
      }}
    >
      <Icon name="upload" size={30} />
      <b>{m.drop}</b>
      <span>{m.dropTypes}</span>
      <input
        type="file"
        accept=".csv,.yaml,.yml,text/csv,application/yaml"
        aria-label={m.drop}
        onChange={(e) => {
          onFile(e.currentTarget.files?.[0]);
          e.currentTarget.value = ''; // the same file, mended, may be chosen again
        }}
      />
    </label>
  );
}

function Template() {
  const m = t().devices;
  const known = site.value;
  const building =
    known.state === 'ready'
      ? known.data.map.features.find((f) => f.properties?.['layer'] === 'building')?.properties?.['id']
      : undefined;
  const save = () => {
    const url = URL.createObjectURL(new Blob([templateCsv(String(building ?? 'b1'))], { type: 'text/csv' }));
    const link = Object.assign(document.createElement('a'), { href: url, download: 'devices.csv' });
    link.click();
    URL.revokeObjectURL(url);
  };
  return (
    <Section title={m.template}>
      <p class="hint">{m.templateWhy}</p>
      <div class="actions">
        <Button icon="download" label={m.templateGet} onClick={save} />
        <a class="button button-plain as-button" href={calls.exportUrl} download>
          <Icon name="download" />
          <span>{m.export}</span>
        </a>
      </div>
    </Section>
  );
}

interface CheckedProps {
  name: string;
  report: ImportReport;
  onImport: () => void;
  onOther: () => void;
}

function Checked({ name, report, onImport, onOther }: CheckedProps) {
  const m = t().devices;
  const wrong = report.errors_total > 0;
  const toDo = report.added + report.changed;
  const figures: [key: keyof typeof m.importFigures, count: number][] = [
    ['rows', report.rows],
    ['added', report.added],
    ['changed', report.changed],
    ['unchanged', report.unchanged],
    ['errors', report.errors_total],
  ];
  return (
    <>
      <p class="lead-place">{name}</p>
      <dl class="tiles">
        {figures.map(([key, count]) => (
          <div key={key} class={`tile tile-${key} ${count > 0 ? 'tile-some' : ''}`} data-figure={key}>
            <dd class="num">{count.toLocaleString('en')}</dd>
            <dt>{m.importFigures[key]}</dt>
          </div>
        ))}
      </dl>
      <p class={`notice ${wrong ? 'notice-warn' : 'notice-done'}`} role="status">
        <Icon name={wrong ? 'alert' : 'check'} size={16} />
        <span>{wrong ? m.importWrong : toDo > 0 ? m.importFine : m.importNothing}</span>
      </p>
      {wrong && <Problems report={report} />}
      {!wrong && report.sample.length > 0 && <Sample report={report} />}
      <div class="form-foot">
        <Button label={m.importOther} onClick={onOther} />
        <Button
          kind="primary"
          icon="upload"
          label={m.importNow(wrong ? 0 : toDo)}
          why={wrong ? m.importWrong : toDo === 0 ? m.importNothing : null}
          onClick={onImport}
        />
      </div>
    </>
  );
}

function Problems({ report }: { report: ImportReport }) {
  const m = t().devices;
  return (
    <div class="table-wide">
      <table class="table table-left problems">
        <thead>
          <tr>
            <th scope="col">{m.problem.line}</th>
            <th scope="col">{m.problem.column}</th>
            <th scope="col">{m.problem.expected}</th>
            <th scope="col">{m.problem.came}</th>
          </tr>
        </thead>
        <tbody>
          {report.errors.map((e, i) => (
            <tr key={i}>
              <th scope="row" class="num">
                {e.line}
              </th>
              <td>{e.column ? <code>{e.column}</code> : m.problem.wholeLine}</td>
              <td>{say(e.expected)}</td>
              <td>
                <code>{say(e.came)}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {report.errors_total > report.errors.length && (
        <p class="hint">{m.problem.more(report.errors_total - report.errors.length)}</p>
      )}
    </div>
  );
}

function Sample({ report }: { report: ImportReport }) {
  const m = t().devices;
  return (
    <Section title={m.sample}>
      <ul class="rows">
        {report.sample.map((device) => (
          <li key={device.device_id} class="row row-slim">
            <Icon name={iconOfKind(device.kind ?? '')} size={18} />
            <span class="row-main">
              <b>{say(device.place) || say(device.name)}</b>
              <span>{say(device.name)}</span>
            </span>
            <span class="row-end">
              <code>{device.device_id}</code>
            </span>
          </li>
        ))}
      </ul>
    </Section>
  );
}
