import { errorOf } from '../records/identity';
import type { FoundEvent } from '../records/record';
import { wordsOf } from '../sentence/verbs';

/**
 * The call that a call is compared with: the one before it, in the same service, that was about the same thing
 * (`PutBucketPolicy` and `DeleteBucketPolicy`) and had an effect.
 */
export function previousCall(event: FoundEvent, older: readonly FoundEvent[]): FoundEvent | undefined {
  const subject = subjectOf(event);
  return older.find((other) => errorOf(other.record) === undefined && subjectOf(other) === subject);
}

/** Whether there is anything to compare: calls that read or failed change nothing. */
export function isChange(event: FoundEvent): boolean {
  return errorOf(event.record) === undefined && event.record.readOnly !== true && Object.keys(event.record.requestParameters ?? {}).length > 0;
}

function subjectOf({ record }: FoundEvent): string {
  return `${record.eventSource ?? ''} ${wordsOf(record.eventName ?? '').noun}`;
}
