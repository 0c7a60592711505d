/** Which fields an advanced selector may look at, by what carries it and by the category of its events. */

/** What carries selectors: event data stores may use more fields than trails. */
export type Subject = 'trail' | 'store';

export const CATEGORIES = ['Management', 'Data', 'NetworkActivity'] as const;
export const LONE_CATEGORIES = ['Insight', 'ConfigurationItem', 'Evidence', 'ActivityAuditLog'] as const;

/** The first three mix in one resource; each of the others is the only selector of its store, without fields. */
export type Category = (typeof CATEGORIES)[number] | (typeof LONE_CATEGORIES)[number];

export const OPERATORS = ['Equals', 'NotEquals', 'StartsWith', 'NotStartsWith', 'EndsWith', 'NotEndsWith'] as const;
export type Operator = (typeof OPERATORS)[number];

/** How a field may be used. */
export interface FieldRule {
  readonly field: string;
  readonly operators: readonly Operator[];
  /** The only values there are; any text when absent. */
  readonly values?: readonly string[];
  readonly required?: boolean;
  /** Takes exactly one value. */
  readonly single?: boolean;
}

const KEY_SERVICES = ['kms.amazonaws.com', 'rdsdata.amazonaws.com'];

const text = (field: string): FieldRule => ({ field, operators: OPERATORS });
const READ_ONLY: FieldRule = { field: 'readOnly', operators: ['Equals'], values: ['true', 'false'], single: true };
const FROM_CONSOLE: FieldRule = {
  field: 'sessionCredentialFromConsole',
  operators: ['Equals', 'NotEquals'],
  values: ['true'],
  single: true,
};
const RESOURCE_TYPE: FieldRule = { field: 'resources.type', operators: ['Equals'], required: true, single: true };
const NETWORK_SOURCE: FieldRule = { field: 'eventSource', operators: ['Equals'], required: true, single: true };
const NETWORK_ERROR: FieldRule = {
  field: 'errorCode',
  operators: ['Equals'],
  values: ['VpceAccessDenied'],
  single: true,
};
const TRAIL_SOURCE: FieldRule = { field: 'eventSource', operators: ['NotEquals'], values: KEY_SERVICES };

const WHO_AND_HOW = [text('eventType'), text('userIdentity.arn'), FROM_CONSOLE];

/** The fields besides `eventCategory`, in the order in which they are offered. */
export function fieldRules(subject: Subject, category: Category): readonly FieldRule[] {
  switch (category) {
    case 'Management':
      return subject === 'trail'
        ? [READ_ONLY, TRAIL_SOURCE]
        : [READ_ONLY, text('eventSource'), text('eventName'), ...WHO_AND_HOW];
    case 'Data':
      return [RESOURCE_TYPE, READ_ONLY, text('eventName'), text('resources.ARN'), text('eventSource'), ...WHO_AND_HOW];
    case 'NetworkActivity':
      return [NETWORK_SOURCE, text('eventName'), NETWORK_ERROR, text('vpcEndpointId')];
    default:
      return [];
  }
}

export function fieldRule(subject: Subject, category: Category, field: string): FieldRule | undefined {
  return fieldRules(subject, category).find((rule) => rule.field === field);
}
