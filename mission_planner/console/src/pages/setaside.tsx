/** Reports that could not be understood: kept, and shown where one looks for devices. */
import { devices as calls } from '../api/calls';
import { t } from '../messages';
import { useResource } from '../state/useresource';
import { Age } from '../ui/time';

export function SetAsideReports() {
  const m = t().devices;
  const reports = useResource('set-aside', calls.setAside);
  const fetched = reports.value;
  if (fetched.state !== 'ready' || fetched.data.items.length === 0) return null; // no news here is good news
  const { items } = fetched.data;
  return (
    <details class="set-aside">
      <summary>{m.setAside(items.length)}</summary>
      <p class="hint">{m.setAsideWhy}</p>
      <ul>
        {items.map((report) => (
          <li key={report.report_id}>
            <p>
              <code>{report.topic}</code> {report.received_at && <Age iso={report.received_at} />}
            </p>
            <p class="hint">{report.because}</p>
            <pre>{report.body}</pre>
          </li>
        ))}
      </ul>
    </details>
  );
}
