/** What a trail or an event data store takes in: selectors of the one family or of the other. */

import type { AdvancedEventSelector, EventSelector } from '@aws-sdk/client-cloudtrail';
import * as advanced from './advanced';
import * as basic from './basic';

export type Selection =
  | { readonly family: 'basic'; readonly selectors: readonly basic.BasicSelector[] }
  | { readonly family: 'advanced'; readonly selectors: readonly advanced.AdvancedSelector[] };

/** The members that requests have for it: one of the two is there. */
export interface ApiSelection {
  EventSelectors?: EventSelector[] | undefined;
  AdvancedEventSelectors?: AdvancedEventSelector[] | undefined;
}

export const DEFAULT_OF_TRAILS: Selection = { family: 'basic', selectors: [basic.ALL_MANAGEMENT] };
export const DEFAULT_OF_STORES: Selection = { family: 'advanced', selectors: [advanced.emptySelector()] };

export function toApi(selection: Selection): ApiSelection {
  return selection.family === 'basic'
    ? { EventSelectors: selection.selectors.map(basic.toApi) }
    : { AdvancedEventSelectors: selection.selectors.map(advanced.toApi) };
}

export function fromApi(api: ApiSelection): Selection {
  return api.AdvancedEventSelectors !== undefined && api.AdvancedEventSelectors.length > 0
    ? { family: 'advanced', selectors: api.AdvancedEventSelectors.map(advanced.fromApi) }
    : { family: 'basic', selectors: (api.EventSelectors ?? []).map(basic.fromApi) };
}

/** Can it be sent? */
export function isComplete(selection: Selection): boolean {
  if (selection.selectors.length === 0) return false;
  return selection.family === 'basic'
    ? selection.selectors.every((selector) => basic.problems(selector).size === 0)
    : selection.selectors.every((selector) => advanced.problems(selector).size === 0);
}

/** The same selection in the other family, as near as it comes: what advanced selectors alone can say is lost. */
export function inFamily(selection: Selection, family: Selection['family']): Selection {
  if (selection.family === family) return selection;
  return family === 'advanced'
    ? { family, selectors: selection.selectors.flatMap((selector) => fromBasic(selector as basic.BasicSelector)) }
    : DEFAULT_OF_TRAILS;
}

function fromBasic(selector: basic.BasicSelector): advanced.AdvancedSelector[] {
  const readOnly = readOnlyCondition(selector);
  const made: advanced.AdvancedSelector[] = [];
  if (selector.management) {
    const excluded = selector.excludedSources.map((value) => ({
      field: 'eventSource',
      operator: 'NotEquals' as const,
      value,
    }));
    made.push({ ...advanced.emptySelector('Management'), conditions: [...readOnly, ...excluded] });
  }
  for (const type of new Set(selector.resources.map((resource) => resource.type))) {
    made.push({
      ...advanced.emptySelector('Data'),
      scope: type,
      conditions: [...readOnly, ...arnConditions(type, selector.resources)],
    });
  }
  return made;
}

function readOnlyCondition(selector: basic.BasicSelector): advanced.Condition[] {
  if (selector.readWrite === 'All') return [];
  return [{ field: 'readOnly', operator: 'Equals', value: String(selector.readWrite === 'ReadOnly') }];
}

/** None when all resources of the type are wanted; S3's values are beginnings, the others whole ARNs. */
function arnConditions(type: string, resources: readonly basic.DataResource[]): advanced.Condition[] {
  const values = resources.filter((resource) => resource.type === type).map((resource) => resource.value);
  const all = basic.ALL_RESOURCES[type];
  if (values.some((value) => value === all || value === `${all}:::`)) return [];
  const operator = type === 'AWS::S3::Object' ? 'StartsWith' : 'Equals';
  return values.map((value) => ({ field: 'resources.ARN', operator, value }));
}
