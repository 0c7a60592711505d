import type { OpenTrail } from '../api/opentrail';
import type { Asked } from '../search/question';
import { searchPage, summarize } from '../search/search';

const BUCKETS = 500;
/** Each round looks five hundred times as closely; four of them tell milliseconds of centuries. */
const ROUNDS_MAX = 4;

/** When the oldest event of a question was, to the second: buckets are looked into ever more closely. */
export async function firstSeen(server: OpenTrail, asked: Asked, signal?: AbortSignal): Promise<string | undefined> {
  let within = asked;
  let found: string | undefined;
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const { Histogram, BucketSeconds } = await summarize(server, { ...within, Buckets: BUCKETS }, signal);
    const first = Histogram.find(({ Count }) => Count > 0);
    if (!first) return found;
    found = first.Start;
    if (BucketSeconds <= 1) return found;
    const end = new Date(new Date(first.Start).getTime() + BucketSeconds * 1000 - 1).toISOString();
    within = { ...asked, StartTime: first.Start, EndTime: end };
  }
  return found;
}

/** When the newest was. */
export async function lastSeen(server: OpenTrail, asked: Asked, signal?: AbortSignal): Promise<string | undefined> {
  return (await searchPage(server, { ...asked, Limit: 1 }, signal)).events[0]?.time;
}
