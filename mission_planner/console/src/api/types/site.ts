/** Wire types: the account, the site, how the center fares. */
import type { Sentence, Text } from './common';

export interface Account {
  username: string;
  display_name: string;
  roles: string[];
  actions: string[];
}

export interface Site {
  site_id: string;
  name: Text;
  timezone: string; // IANA
  origin: { lat_deg: number; lon_deg: number };
  bounds: [west: number, south: number, east: number, north: number]; // degrees
  map: GeoJSON.FeatureCollection;
}

export type ComponentState = 'ok' | 'degraded' | 'unavailable';

export interface Component {
  name: string;
  state: ComponentState;
  because: Sentence | null;
  needed?: boolean; // the center's promise hangs on it
}

export interface Status {
  site_time: string | null;
  speed: number;
  components: Component[];
  versions?: Record<string, string>;
  version?: string;
}

/** What the browser may use to reach a robot's video from elsewhere. */
export interface IceServers {
  ice_servers: RTCIceServer[];
}
