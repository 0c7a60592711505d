import { describe, expect, test } from 'vitest';
import { createRequest, NEW_TRAIL, problems, settingsOf, type TrailSettings, updateRequest } from './settings';

const MAIN: TrailSettings = { ...NEW_TRAIL, name: 'main', bucket: 'logs', topic: 'news', key: 'arn:aws:kms:k' };

describe('requests', () => {
  test('what is empty is not asked for', () => {
    expect(createRequest({ ...NEW_TRAIL, name: ' main ', bucket: 'logs' })).toEqual({
      Name: 'main',
      S3BucketName: 'logs',
      IsMultiRegionTrail: true,
      EnableLogFileValidation: true,
      IncludeGlobalServiceEvents: true,
    });
  });

  test('a trail of all Regions has global events', () => {
    const request = createRequest({ ...MAIN, isMultiRegion: true, hasGlobalEvents: false });
    expect(request.IncludeGlobalServiceEvents).toBe(true);
    expect(createRequest({ ...MAIN, isMultiRegion: false, hasGlobalEvents: false }).IncludeGlobalServiceEvents).toBe(
      false,
    );
  });

  test('a key and a topic that were not touched are not named', () => {
    const request = updateRequest('arn', MAIN, { ...MAIN, prefix: 'p' });
    expect(request).not.toHaveProperty('KmsKeyId');
    expect(request).not.toHaveProperty('SnsTopicName');
    expect(request.S3KeyPrefix).toBe('p');
  });

  test('an emptied topic is removed', () => {
    expect(updateRequest('arn', MAIN, { ...MAIN, topic: '' }).SnsTopicName).toBe('');
  });
});

test('settings are those of the trail', () => {
  const trail = { Name: 'main', S3BucketName: 'logs', IsMultiRegionTrail: false, LogFileValidationEnabled: true };
  expect(settingsOf(trail)).toEqual({ ...NEW_TRAIL, name: 'main', bucket: 'logs', isMultiRegion: false });
});

describe('what is refused before it is sent', () => {
  test.each(['ab', '-ab', 'abc-', 'a b c', ''])('the name %s', (name) => {
    expect(problems({ ...MAIN, name })).toContain('name');
  });

  test.each(['Logs', 'a', 'logs_1', ''])('the bucket %s', (bucket) => {
    expect(problems({ ...MAIN, bucket })).toContain('bucket');
  });

  test('a prefix into the logs themselves', () => {
    expect(problems({ ...MAIN, prefix: 'AWSLogs/x' })).toEqual(new Set(['prefix']));
    expect(problems(MAIN).size).toBe(0);
  });
});
