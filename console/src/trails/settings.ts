/** The settings of a trail as a form has them, and the requests that they become. */

import type { CreateTrailRequest, Trail, UpdateTrailRequest } from '@aws-sdk/client-cloudtrail';

export interface TrailSettings {
  readonly name: string;
  readonly bucket: string;
  readonly prefix: string;
  readonly isMultiRegion: boolean;
  readonly isValidated: boolean;
  readonly hasGlobalEvents: boolean;
  readonly topic: string;
  readonly key: string;
}

export const NEW_TRAIL: TrailSettings = {
  name: '',
  bucket: '',
  prefix: '',
  isMultiRegion: true,
  isValidated: true,
  hasGlobalEvents: true,
  topic: '',
  key: '',
};

export function settingsOf(trail: Trail): TrailSettings {
  return {
    name: trail.Name ?? '',
    bucket: trail.S3BucketName ?? '',
    prefix: trail.S3KeyPrefix ?? '',
    isMultiRegion: trail.IsMultiRegionTrail ?? false,
    isValidated: trail.LogFileValidationEnabled ?? false,
    hasGlobalEvents: trail.IncludeGlobalServiceEvents ?? true,
    topic: trail.SnsTopicName ?? '',
    key: trail.KmsKeyId ?? '',
  };
}

/** What is empty isn't asked for. */
export function createRequest(settings: TrailSettings): CreateTrailRequest {
  return {
    Name: settings.name.trim(),
    S3BucketName: settings.bucket.trim(),
    ...given('S3KeyPrefix', settings.prefix),
    ...given('SnsTopicName', settings.topic),
    ...given('KmsKeyId', settings.key),
    IsMultiRegionTrail: settings.isMultiRegion,
    EnableLogFileValidation: settings.isValidated,
    // A trail of all Regions has global events, always.
    IncludeGlobalServiceEvents: settings.isMultiRegion || settings.hasGlobalEvents,
  };
}

function given<K extends string>(member: K, value: string): Partial<Record<K, string>> {
  const trimmed = value.trim();
  return trimmed === '' ? {} : ({ [member]: trimmed } as Record<K, string>);
}

/** Only what differs, since a topic or key that isn't named stays as it is; an empty text removes it. */
export function updateRequest(arn: string, before: TrailSettings, after: TrailSettings): UpdateTrailRequest {
  const changed = (member: 'prefix' | 'topic' | 'key') => before[member] !== after[member].trim();
  return {
    Name: arn,
    S3BucketName: after.bucket.trim(),
    ...(changed('prefix') && { S3KeyPrefix: after.prefix.trim() }),
    ...(changed('topic') && { SnsTopicName: after.topic.trim() }),
    ...(changed('key') && { KmsKeyId: after.key.trim() }),
    IsMultiRegionTrail: after.isMultiRegion,
    EnableLogFileValidation: after.isValidated,
    IncludeGlobalServiceEvents: after.isMultiRegion || after.hasGlobalEvents,
  };
}

export type SettingsProblem = 'name' | 'bucket' | 'prefix';

const NAME = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{1,126}[A-Za-z0-9])$/;
const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const PREFIX_MAX = 200;

/** What the server would refuse for sure. */
export function problems(settings: TrailSettings): ReadonlySet<SettingsProblem> {
  const found = new Set<SettingsProblem>();
  if (!NAME.test(settings.name.trim())) found.add('name');
  if (!BUCKET.test(settings.bucket.trim())) found.add('bucket');
  if (settings.prefix.length > PREFIX_MAX || settings.prefix.includes('AWSLogs/')) found.add('prefix');
  return found;
}
