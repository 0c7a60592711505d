/** Basic selectors, which only trails have, as one edits them and as the API has them. */

import type { EventSelector, ReadWriteType } from '@aws-sdk/client-cloudtrail';

export const DATA_RESOURCE_TYPES = ['AWS::S3::Object', 'AWS::Lambda::Function', 'AWS::DynamoDB::Table'] as const;
export const EXCLUDABLE_SOURCES = ['kms.amazonaws.com', 'rdsdata.amazonaws.com'] as const;

/** The value that means all resources of a type. */
export const ALL_RESOURCES: Readonly<Record<string, string>> = {
  'AWS::S3::Object': 'arn:aws:s3',
  'AWS::Lambda::Function': 'arn:aws:lambda',
  'AWS::DynamoDB::Table': 'arn:aws:dynamodb',
};

/** One line of the editor: a resource, or the beginning of the ARNs of S3 objects. */
export interface DataResource {
  readonly type: string;
  readonly value: string;
}

export interface BasicSelector {
  readonly readWrite: ReadWriteType;
  readonly management: boolean;
  readonly excludedSources: readonly string[];
  readonly resources: readonly DataResource[];
}

/** What a new trail has: all management events. */
export const ALL_MANAGEMENT: BasicSelector = {
  readWrite: 'All',
  management: true,
  excludedSources: [],
  resources: [],
};

export function toApi(selector: BasicSelector): EventSelector {
  const types = [...new Set(selector.resources.map((resource) => resource.type))];
  return {
    ReadWriteType: selector.readWrite,
    IncludeManagementEvents: selector.management,
    ExcludeManagementEventSources: [...selector.excludedSources],
    DataResources: types.map((type) => ({
      Type: type,
      Values: selector.resources.filter((resource) => resource.type === type).map((resource) => resource.value),
    })),
  };
}

export function fromApi(selector: EventSelector): BasicSelector {
  return {
    readWrite: selector.ReadWriteType ?? 'All',
    management: selector.IncludeManagementEvents ?? true,
    excludedSources: selector.ExcludeManagementEventSources ?? [],
    resources: (selector.DataResources ?? []).flatMap((resource) =>
      (resource.Values ?? []).map((value) => ({ type: resource.Type ?? '', value })),
    ),
  };
}

/** What keeps a selector from being sent: it wants nothing, or a resource has no value. */
export type BasicProblem = 'nothing' | 'value';

export function problems(selector: BasicSelector): ReadonlySet<BasicProblem> {
  const found = new Set<BasicProblem>();
  if (!selector.management && selector.resources.length === 0) found.add('nothing');
  if (selector.resources.some((resource) => resource.value === '')) found.add('value');
  return found;
}
