/** Site time between two words from the center: it may run faster than the wall's (a simulated site), and it jumps. */

export interface ClockAnchor {
  site_ms: number;
  wall_ms: number;
  speed: number; // site seconds per wall second
}

/** Site time at `wall_ms`, carried on from the anchor. */
export function siteAt(anchor: ClockAnchor, wall_ms: number): number {
  return anchor.site_ms + (wall_ms - anchor.wall_ms) * anchor.speed;
}

/** The anchor after hearing `site_time`; keeps the old one where the time is not known or cannot be read. */
export function heard(anchor: ClockAnchor, site_time: string | null, wall_ms: number): ClockAnchor {
  const site_ms = Date.parse(site_time ?? '');
  return Number.isNaN(site_ms) ? anchor : { ...anchor, site_ms, wall_ms };
}
