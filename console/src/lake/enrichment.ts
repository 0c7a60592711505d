/** What the records of an event data store are enriched with, as a form has it. */

import { type ContextKeySelector, GetEventConfigurationCommand, type PutEventConfigurationRequest } from '@aws-sdk/client-cloudtrail';

import type { Api } from '../api/client';

export interface Enrichment {
  /** Records of up to 1 MB, which keys need; else of 256 KB. */
  readonly isLarge: boolean;
  /** Keys of tags of principals and resources, one a line. */
  readonly tagKeys: string;
  /** Global condition keys of IAM. */
  readonly requestKeys: readonly string[];
}

/** The condition keys that CloudTrail can put into records. */
export const REQUEST_KEYS: readonly string[] = [
  'CurrentTime', 'EpochTime', 'FederatedProvider', 'MultiFactorAuthAge', 'MultiFactorAuthPresent', 'PrincipalAccount', 'PrincipalArn',
  'PrincipalIsAWSService', 'PrincipalOrgID', 'PrincipalOrgPaths', 'PrincipalServiceName', 'PrincipalServiceNamesList', 'PrincipalType',
  'RequestedRegion', 'SecureTransport', 'SourceAccount', 'SourceIdentity', 'SourceOrgID', 'TokenIssueTime', 'userid', 'username', 'ViaAWSService',
].map((key) => `aws:${key}`);

const KEYS_MAX = 50;
const KEY_CHARACTERS_MAX = 128;

export async function getEnrichment(api: Api, arn: string, signal: AbortSignal): Promise<Enrichment> {
  const answer = await api.cloudtrail.send(new GetEventConfigurationCommand({ EventDataStore: arn }), { abortSignal: signal });
  const keys = (type: ContextKeySelector['Type']) =>
    (answer.ContextKeySelectors ?? []).find((selector) => selector.Type === type)?.Equals ?? [];
  return { isLarge: answer.MaxEventSize === 'Large', tagKeys: keys('TagContext').join('\n'), requestKeys: keys('RequestContext') };
}

/** Small records have no room for keys: they go. */
export function enrichmentRequest(arn: string, enrichment: Enrichment): PutEventConfigurationRequest {
  const selectors: ContextKeySelector[] = [
    { Type: 'TagContext', Equals: tagKeys(enrichment) },
    { Type: 'RequestContext', Equals: [...enrichment.requestKeys] },
  ];
  return {
    EventDataStore: arn,
    MaxEventSize: enrichment.isLarge ? 'Large' : 'Standard',
    ContextKeySelectors: enrichment.isLarge ? selectors.filter(({ Equals }) => Equals?.length !== 0) : [],
  };
}

/** Whether the service takes the keys of tags. */
export function isFitting(enrichment: Enrichment): boolean {
  const keys = tagKeys(enrichment);
  return keys.length <= KEYS_MAX && keys.every((key) => key.length <= KEY_CHARACTERS_MAX);
}

function tagKeys(enrichment: Enrichment): string[] {
  const keys = enrichment.tagKeys.split('\n').map((key) => key.trim());
  return [...new Set(keys.filter((key) => key !== ''))];
}
