/** The answer of `OpenTrail.GetHealth`. */

import type { StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';

export type ProductState = 'ok' | 'behind' | 'failing';

export interface Product {
  readonly Name: string;
  readonly State: ProductState;
  readonly OldestAgeSeconds: number;
  readonly LagRecords: number;
  readonly Message?: string;
}

export interface StoreStorage {
  readonly Id: string;
  readonly Name: string;
  readonly Kind: 'history' | 'event-data-store';
  readonly Events: number;
  readonly Bytes: number;
  readonly Segments: number;
  readonly Damaged: number;
  readonly OldestTime?: string;
  readonly NewestTime?: string;
}

export interface Quarantined {
  readonly Name: string;
  readonly Count: number;
  readonly Newest?: string;
}

export interface Health {
  readonly Products: readonly Product[];
  readonly Stores: readonly StoreStorage[];
  readonly Quarantine: readonly Quarantined[];
  readonly Version: string;
  readonly StartedAt: string;
}

/** The worst of all: a damaged segment or something in quarantine is as bad as a product that fails. */
export function worst(health: Health): ProductState {
  const states = health.Products.map((product) => product.State);
  const isSpoiled = health.Stores.some((store) => store.Damaged > 0) || health.Quarantine.some((it) => it.Count > 0);
  if (isSpoiled || states.includes('failing')) return 'failing';
  return states.includes('behind') ? 'behind' : 'ok';
}

export const LOOKS: Record<ProductState, StatusIndicatorProps.Type> = {
  ok: 'success',
  behind: 'warning',
  failing: 'error',
};
