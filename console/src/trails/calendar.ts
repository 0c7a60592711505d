/** The hours that a verification looked at, laid out as days of 24 hours, UTC. */

export type HourStatus = 'verified' | 'unverified' | 'broken';

/** An hour of `OpenTrail.VerifyTrail`. */
export interface VerifiedHour {
  readonly Start: string;
  readonly Status: HourStatus;
  readonly LogFiles: number;
  readonly Problems: readonly string[];
}

export interface Day {
  /** `2026-11-22` */
  readonly date: string;
  /** Always 24; those that nobody asked about are absent. */
  readonly hours: readonly (VerifiedHour | undefined)[];
}

/** Days, the oldest first, without gaps between them. */
export function calendar(hours: readonly VerifiedHour[]): Day[] {
  const byStart = new Map(hours.map((hour) => [Math.floor(Date.parse(hour.Start) / HOUR), hour]));
  const starts = [...byStart.keys()];
  if (starts.length === 0) return [];
  const first = Math.floor(Math.min(...starts) / 24);
  const last = Math.floor(Math.max(...starts) / 24);
  return Array.from({ length: last - first + 1 }, (_, at) => ({
    date: new Date((first + at) * 24 * HOUR).toISOString().slice(0, 10),
    hours: Array.from({ length: 24 }, (_, hour) => byStart.get((first + at) * 24 + hour)),
  }));
}

const HOUR = 3_600_000;

export function countByStatus(hours: readonly VerifiedHour[]): Record<HourStatus, number> {
  const counts = { verified: 0, unverified: 0, broken: 0 };
  for (const hour of hours) counts[hour.Status] += 1;
  return counts;
}

/** The worst there is among the hours. */
export function verdict(hours: readonly VerifiedHour[]): HourStatus {
  const counts = countByStatus(hours);
  if (counts.broken > 0) return 'broken';
  return counts.unverified > 0 || hours.length === 0 ? 'unverified' : 'verified';
}
