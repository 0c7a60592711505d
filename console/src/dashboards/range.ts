/** The range that a refresh is about, and the unit of time that suits it. */

export const RANGES = { '1h': 1, '24h': 24, '7d': 168, '30d': 720 } as const;
export type Range = keyof typeof RANGES;

export function isRange(text: string): text is Range {
  return text in RANGES;
}

/** Values of the parameters of widgets. */
export function rangeValues(range: Range, now: Date): Record<string, string> {
  const hours = RANGES[range];
  return {
    $StartTime$: new Date(now.getTime() - hours * 3_600_000).toISOString(),
    $EndTime$: now.toISOString(),
    $Period$: hours <= 1 ? 'minute' : hours <= 48 ? 'hour' : 'day',
  };
}
