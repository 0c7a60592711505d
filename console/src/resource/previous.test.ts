import { expect, test } from 'vitest';

import { type FoundEvent, foundEvent, type TrailRecord } from '../records/record';
import { isChange, previousCall } from './previous';

function call(eventID: string, eventName: string, more: TrailRecord = {}): FoundEvent {
  const record = { eventID, eventName, eventSource: 's3.amazonaws.com', ...more };
  return foundEvent({ Time: '2026-11-22T10:00:00.000Z', Position: 1, Event: JSON.stringify(record) });
}

test('a call is compared with the one before it about the same thing', () => {
  const older = [
    call('tags', 'PutBucketTagging'),
    call('refused', 'PutBucketPolicy', { errorCode: 'AccessDenied' }),
    call('elsewhere', 'PutBucketPolicy', { eventSource: 's3-outposts.amazonaws.com' }),
    call('policy', 'DeleteBucketPolicy'),
    call('oldest', 'PutBucketPolicy'),
  ];
  expect(previousCall(call('now', 'PutBucketPolicy'), older)?.id).toBe('policy');
  expect(previousCall(call('now', 'PutBucketAcl'), older)).toBeUndefined();
});

test('calls that read, fail, or have no parameters, change nothing', () => {
  expect(isChange(call('a', 'PutBucketAcl', { requestParameters: { acl: 'private' }, readOnly: false }))).toBe(true);
  expect(isChange(call('a', 'GetBucketAcl', { requestParameters: { acl: '' }, readOnly: true }))).toBe(false);
  expect(isChange(call('a', 'PutBucketAcl', { requestParameters: null }))).toBe(false);
  expect(isChange(call('a', 'PutBucketAcl', { requestParameters: { acl: 'private' }, errorCode: 'AccessDenied' }))).toBe(false);
});
