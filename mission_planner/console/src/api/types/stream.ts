/** Wire types: what the event stream begins with. */
import type { Incident } from './incidents';
import type { Mission } from './missions';
import type { Robot } from './robots';

export interface Snapshot {
  robots: Robot[];
  incidents: Incident[];
  missions: Mission[];
  site_time: string | null;
}
