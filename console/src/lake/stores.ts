/** Event data stores: how they are asked for, and their settings as a form has them. */

import {
  type BillingMode,
  type CreateEventDataStoreRequest,
  GetEventDataStoreCommand,
  type GetEventDataStoreResponse,
  paginateListEventDataStores,
  type UpdateEventDataStoreRequest,
} from '@aws-sdk/client-cloudtrail';

import type { Api } from '../api/client';
import * as advanced from '../selectors/advanced';
import { CATEGORIES, type Category, LONE_CATEGORIES } from '../selectors/fields';
import { DEFAULT_OF_STORES, fromApi, type Selection, toApi } from '../selectors/selection';

export type Store = GetEventDataStoreResponse;

/** The id is the last part of the ARN; it is what statements call the store. */
export function idOf(arn: string | undefined): string {
  return arn?.split('/').at(-1) ?? '';
}

export async function listStores(api: Api, signal: AbortSignal): Promise<Store[]> {
  const arns: string[] = [];
  for await (const page of paginateListEventDataStores({ client: api.cloudtrail }, {}, { abortSignal: signal })) {
    arns.push(...(page.EventDataStores ?? []).map((store) => store.EventDataStoreArn ?? ''));
  }
  return Promise.all(arns.map((arn) => getStore(api, arn, signal)));
}

export function getStore(api: Api, idOrArn: string, signal: AbortSignal): Promise<Store> {
  return api.cloudtrail.send(new GetEventDataStoreCommand({ EventDataStore: idOrArn }), { abortSignal: signal });
}

/** What a store holds: the category of its first selector; those that can be mixed count as management events. */
export function categoryOf(store: Store): Category {
  const first = store.AdvancedEventSelectors?.[0];
  const category = first ? advanced.fromApi(first).category : 'Management';
  return LONE_CATEGORIES.find((lone) => lone === category) ?? 'Management';
}

export function holdsEvents(store: Store): boolean {
  return CATEGORIES.some((category) => category === categoryOf(store));
}

/** What somebody can make a store for. */
export const STORE_KINDS = ['Management', 'Insight', 'ConfigurationItem', 'ActivityAuditLog'] as const;
export type StoreKind = (typeof STORE_KINDS)[number];

export const RETENTION_DAYS_MIN = 7;
export const RETENTION_DAYS: Record<BillingMode, { standard: number; max: number }> = {
  EXTENDABLE_RETENTION_PRICING: { standard: 366, max: 3653 },
  FIXED_RETENTION_PRICING: { standard: 2557, max: 2557 },
};

export interface StoreSettings {
  readonly name: string;
  readonly kind: Category;
  readonly billing: BillingMode;
  readonly retentionDays: string;
  readonly isMultiRegion: boolean;
  readonly isProtected: boolean;
  readonly isIngesting: boolean;
  readonly key: string;
  readonly selection: Selection;
}

export const NEW_STORE: StoreSettings = {
  name: '',
  kind: 'Management',
  billing: 'EXTENDABLE_RETENTION_PRICING',
  retentionDays: '366',
  isMultiRegion: true,
  isProtected: true,
  isIngesting: true,
  key: '',
  selection: DEFAULT_OF_STORES,
};

export function settingsOf(store: Store): StoreSettings {
  return {
    name: store.Name ?? '',
    kind: categoryOf(store),
    billing: store.BillingMode ?? NEW_STORE.billing,
    retentionDays: String(store.RetentionPeriod ?? ''),
    isMultiRegion: store.MultiRegionEnabled ?? false,
    isProtected: store.TerminationProtectionEnabled ?? false,
    isIngesting: store.Status !== 'STOPPED_INGESTION',
    key: store.KmsKeyId ?? '',
    selection: fromApi(store),
  };
}

/** The selectors of a kind: the user's for CloudTrail events, the kind itself for the others. */
function selectorsOf({ kind, selection }: StoreSettings) {
  if (kind === 'Management') return toApi(selection).AdvancedEventSelectors;
  return [advanced.toApi(advanced.emptySelector(kind))];
}

/** Can ingestion into such a store be stopped? */
export function canStop(kind: Category): boolean {
  return kind === 'Management' || kind === 'ConfigurationItem';
}

export function createRequest(settings: StoreSettings): CreateEventDataStoreRequest {
  const key = settings.key.trim();
  return {
    Name: settings.name.trim(),
    AdvancedEventSelectors: selectorsOf(settings),
    // Events from outside of AWS come from no Region.
    MultiRegionEnabled: settings.isMultiRegion && settings.kind !== 'ActivityAuditLog',
    BillingMode: settings.billing,
    RetentionPeriod: Number(settings.retentionDays),
    TerminationProtectionEnabled: settings.isProtected,
    ...(canStop(settings.kind) && { StartIngestion: settings.isIngesting }),
    ...(key !== '' && { KmsKeyId: key }),
  };
}

/** Only what differs: a key, once chosen, stays. */
export function updateRequest(arn: string, before: StoreSettings, after: StoreSettings): UpdateEventDataStoreRequest {
  const changed = (member: keyof StoreSettings) => before[member] !== after[member];
  return {
    EventDataStore: arn,
    TerminationProtectionEnabled: after.isProtected,
    ...(changed('name') && { Name: after.name.trim() }),
    ...(changed('selection') && { AdvancedEventSelectors: selectorsOf(after) }),
    ...(changed('isMultiRegion') && { MultiRegionEnabled: after.isMultiRegion }),
    ...(changed('billing') && { BillingMode: after.billing }),
    ...(changed('retentionDays') && { RetentionPeriod: Number(after.retentionDays) }),
    ...(changed('key') && { KmsKeyId: after.key.trim() }),
  };
}

export type StoreProblem = 'name' | 'retention';

const NAME = /^[a-zA-Z0-9._-]{3,128}$/;

export function problems(settings: StoreSettings): ReadonlySet<StoreProblem> {
  const found = new Set<StoreProblem>();
  if (!NAME.test(settings.name.trim())) found.add('name');
  const days = Number(settings.retentionDays);
  const isFitting =
    Number.isInteger(days) && days >= RETENTION_DAYS_MIN && days <= RETENTION_DAYS[settings.billing].max;
  if (!isFitting) found.add('retention');
  return found;
}
