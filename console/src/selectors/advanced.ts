/** Advanced selectors as one edits them, and as the API has them. */

import type { AdvancedEventSelector, AdvancedFieldSelector } from '@aws-sdk/client-cloudtrail';
import { type Category, fieldRule, fieldRules, OPERATORS, type Operator, type Subject } from './fields';

/** One line of the editor: one operator with one value. */
export interface Condition {
  readonly field: string;
  readonly operator: Operator;
  readonly value: string;
}

export interface AdvancedSelector {
  readonly name: string;
  readonly category: Category;
  /** The one type of resources of data events, or the one service of network activity events; else empty. */
  readonly scope: string;
  readonly conditions: readonly Condition[];
}

/** The field that the scope of a category is sent as. */
export function scopeField(category: Category): string | undefined {
  if (category === 'Data') return 'resources.type';
  return category === 'NetworkActivity' ? 'eventSource' : undefined;
}

/** All events of a category. */
export function emptySelector(category: Category = 'Management'): AdvancedSelector {
  return { name: '', category, scope: '', conditions: [] };
}

/** The fields that lines of a selector may name. */
export function conditionFields(subject: Subject, category: Category): readonly string[] {
  return fieldRules(subject, category)
    .map((rule) => rule.field)
    .filter((field) => field !== scopeField(category));
}

/** A line to begin with. */
export function firstCondition(subject: Subject, category: Category): Condition | undefined {
  const field = conditionFields(subject, category)[0];
  return field === undefined ? undefined : conditionOn(subject, category, field);
}

/** A line on a field, with its first operator, and its value if there is only one. */
export function conditionOn(subject: Subject, category: Category, field: string): Condition {
  const rule = fieldRule(subject, category, field);
  return { field, operator: rule?.operators[0] ?? 'Equals', value: rule?.values?.[0] ?? '' };
}

export function toApi(selector: AdvancedSelector): AdvancedEventSelector {
  const fields: AdvancedFieldSelector[] = [{ Field: 'eventCategory', Equals: [selector.category] }];
  const scope = scopeField(selector.category);
  if (scope !== undefined) fields.push({ Field: scope, Equals: [selector.scope] });
  for (const field of new Set(selector.conditions.map((condition) => condition.field))) {
    fields.push(fieldSelector(field, selector.conditions));
  }
  const name = selector.name.trim();
  return { ...(name !== '' && { Name: name }), FieldSelectors: fields };
}

function fieldSelector(field: string, conditions: readonly Condition[]): AdvancedFieldSelector {
  const selector: AdvancedFieldSelector = { Field: field };
  for (const operator of OPERATORS) {
    const values = conditions
      .filter((condition) => condition.field === field && condition.operator === operator)
      .map((condition) => condition.value);
    if (values.length > 0) selector[operator] = values;
  }
  return selector;
}

export function fromApi(selector: AdvancedEventSelector): AdvancedSelector {
  const fields = selector.FieldSelectors ?? [];
  const only = (field: string) => fields.find((candidate) => candidate.Field === field)?.Equals?.[0];
  const category = (only('eventCategory') ?? 'Management') as Category;
  const scope = scopeField(category);
  return {
    name: selector.Name ?? '',
    category,
    scope: (scope !== undefined && only(scope)) || '',
    conditions: fields
      .filter(({ Field }) => Field !== 'eventCategory' && Field !== scope)
      .flatMap((field) =>
        OPERATORS.flatMap((operator) =>
          (field[operator] ?? []).map((value) => ({ field: field.Field ?? '', operator, value })),
        ),
      ),
  };
}

/** What keeps a selector from being sent. */
export type SelectorProblem = 'scope' | 'value';

export function problems(selector: AdvancedSelector): ReadonlySet<SelectorProblem> {
  const found = new Set<SelectorProblem>();
  if (scopeField(selector.category) !== undefined && selector.scope === '') found.add('scope');
  if (selector.conditions.some((condition) => condition.value === '')) found.add('value');
  return found;
}
