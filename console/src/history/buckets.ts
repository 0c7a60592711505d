import type { Bucket, Summary } from '../search/search';

/** A stretch of neighbouring buckets, both ends included. */
export interface Stretch {
  from: number;
  to: number;
}

export function stretch(one: number, other: number): Stretch {
  return { from: Math.min(one, other), to: Math.max(one, other) };
}

/** The bucket under a place, `share` of the way from left to right. */
export function bucketAt(share: number, buckets: number): number {
  return Math.max(0, Math.min(buckets - 1, Math.floor(share * buckets)));
}

/** From when to when a stretch lasts; the end is the last millisecond that belongs to it. */
export function timesOf(summary: Summary, { from, to }: Stretch): { from: string; to: string } | undefined {
  const [first, last] = [summary.Histogram[from], summary.Histogram[to]];
  if (!first || !last) return undefined;
  return { from: new Date(first.Start).toISOString(), to: bucketEnd(summary, last).toISOString() };
}

export function bucketEnd(summary: Summary, bucket: Bucket): Date {
  return new Date(new Date(bucket.Start).getTime() + summary.BucketSeconds * 1000 - 1);
}

/** A round number that no bucket is above, for the scale. */
export function scaleMax(buckets: readonly Bucket[]): number {
  const highest = Math.max(1, ...buckets.map((bucket) => bucket.Count));
  const power = 10 ** Math.floor(Math.log10(highest));
  const step = [1, 2, 2.5, 5, 10].find((factor) => factor * power >= highest) ?? 10;
  return Math.max(1, Math.ceil(step * power));
}

/** How a time is written below the bars, given how long all of them last. */
export function tickText(at: Date, spanMs: number): string {
  const two = (part: number) => String(part).padStart(2, '0');
  const day = `${two(at.getMonth() + 1)}-${two(at.getDate())}`;
  const minute = `${two(at.getHours())}:${two(at.getMinutes())}`;
  if (spanMs > 3 * 86_400_000) return spanMs > 300 * 86_400_000 ? `${String(at.getFullYear())}-${day}` : day;
  if (spanMs > 86_400_000) return `${day} ${minute}`;
  return spanMs < 600_000 ? `${minute}:${two(at.getSeconds())}` : minute;
}
