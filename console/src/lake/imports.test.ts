import { expect, test } from 'vitest';
import { type ImportSettings, percentDone, problems, startRequest } from './imports';

const SETTINGS: ImportSettings = {
  destination: 'arn:store',
  uri: ' s3://logs/AWSLogs/111122223333/CloudTrail/ ',
  region: 'us-east-1',
  role: 'arn:aws:iam::111122223333:role/reader',
  since: '',
  until: '',
};

test('without days the range is not asked for', () => {
  expect(startRequest(SETTINGS)).toEqual({
    Destinations: ['arn:store'],
    ImportSource: {
      S3: {
        S3LocationUri: 's3://logs/AWSLogs/111122223333/CloudTrail/',
        S3BucketRegion: 'us-east-1',
        S3BucketAccessRoleArn: 'arn:aws:iam::111122223333:role/reader',
      },
    },
  });
});

test('both days belong to the range', () => {
  const request = startRequest({ ...SETTINGS, since: '2026-11-01', until: '2026-11-02' });
  expect(request.StartEventTime?.toISOString()).toBe('2026-11-01T00:00:00.000Z');
  expect(request.EndEventTime?.toISOString()).toBe('2026-11-02T23:59:59.000Z');
});

test('progress is that of prefixes, and what has ended is done', () => {
  expect(percentDone('IN_PROGRESS', { PrefixesFound: 3, PrefixesCompleted: 1 })).toBe(33);
  expect(percentDone('INITIALIZING', {})).toBe(0);
  expect(percentDone('COMPLETED', { PrefixesFound: 3, PrefixesCompleted: 1 })).toBe(100);
});

test('what is refused before it is sent', () => {
  expect(problems(SETTINGS).size).toBe(0);
  expect(problems({ destination: '', uri: 'logs', region: '', role: 'reader', since: '', until: '' })).toEqual(
    new Set(['destination', 'uri', 'region', 'role']),
  );
});
