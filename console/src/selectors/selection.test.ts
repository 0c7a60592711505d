import type { AdvancedEventSelector, EventSelector } from '@aws-sdk/client-cloudtrail';
import { describe, expect, test } from 'vitest';
import * as advanced from './advanced';
import * as basic from './basic';
import { fieldRules } from './fields';
import { fromApi, inFamily, isComplete, type Selection, toApi } from './selection';

const DATA: AdvancedEventSelector = {
  Name: 'Writes to the vault',
  FieldSelectors: [
    { Field: 'eventCategory', Equals: ['Data'] },
    { Field: 'resources.type', Equals: ['AWS::S3::Object'] },
    { Field: 'readOnly', Equals: ['false'] },
    {
      Field: 'resources.ARN',
      StartsWith: ['arn:aws:s3:::vault/', 'arn:aws:s3:::safe/'],
      NotStartsWith: ['arn:aws:s3:::vault/tmp/'],
    },
  ],
};
const NETWORK: AdvancedEventSelector = {
  FieldSelectors: [
    { Field: 'eventCategory', Equals: ['NetworkActivity'] },
    { Field: 'eventSource', Equals: ['kms.amazonaws.com'] },
    { Field: 'errorCode', Equals: ['VpceAccessDenied'] },
  ],
};
const BASIC: EventSelector = {
  ReadWriteType: 'WriteOnly',
  IncludeManagementEvents: true,
  ExcludeManagementEventSources: ['kms.amazonaws.com'],
  DataResources: [
    { Type: 'AWS::S3::Object', Values: ['arn:aws:s3:::vault/', 'arn:aws:s3:::safe/x'] },
    { Type: 'AWS::Lambda::Function', Values: ['arn:aws:lambda'] },
  ],
};

describe('between the API and the editor', () => {
  test.each([DATA, NETWORK])('advanced selectors come back as they were', (selector) => {
    expect(toApi(fromApi({ AdvancedEventSelectors: [selector] }))).toEqual({ AdvancedEventSelectors: [selector] });
  });

  test('basic selectors come back as they were', () => {
    expect(toApi(fromApi({ EventSelectors: [BASIC] }))).toEqual({ EventSelectors: [BASIC] });
  });

  test('a line of the editor has one value', () => {
    const { scope, conditions } = advanced.fromApi(DATA);
    expect(scope).toBe('AWS::S3::Object');
    expect(conditions.map((condition) => `${condition.field} ${condition.operator} ${condition.value}`)).toEqual([
      'readOnly Equals false',
      'resources.ARN StartsWith arn:aws:s3:::vault/',
      'resources.ARN StartsWith arn:aws:s3:::safe/',
      'resources.ARN NotStartsWith arn:aws:s3:::vault/tmp/',
    ]);
  });

  test('lines of one field that stand apart are sent as one field', () => {
    const selector: advanced.AdvancedSelector = {
      ...advanced.emptySelector(),
      conditions: [
        { field: 'eventName', operator: 'Equals', value: 'A' },
        { field: 'readOnly', operator: 'Equals', value: 'true' },
        { field: 'eventName', operator: 'Equals', value: 'B' },
      ],
    };
    expect(advanced.toApi(selector).FieldSelectors).toEqual([
      { Field: 'eventCategory', Equals: ['Management'] },
      { Field: 'eventName', Equals: ['A', 'B'] },
      { Field: 'readOnly', Equals: ['true'] },
    ]);
  });

  test('a name of spaces is no name', () => {
    expect(advanced.toApi({ ...advanced.emptySelector(), name: '  ' })).not.toHaveProperty('Name');
  });
});

describe('what can be sent', () => {
  test('data events need a type of resources', () => {
    expect(advanced.problems(advanced.emptySelector('Data'))).toEqual(new Set(['scope']));
  });

  test('a line needs a value', () => {
    const condition: advanced.Condition = { field: 'eventName', operator: 'Equals', value: '' };
    expect(advanced.problems({ ...advanced.emptySelector(), conditions: [condition] })).toEqual(new Set(['value']));
  });

  test('a basic selector wants something', () => {
    expect(basic.problems({ ...basic.ALL_MANAGEMENT, management: false })).toEqual(new Set(['nothing']));
  });

  test('no selector at all is not enough', () => {
    expect(isComplete({ family: 'advanced', selectors: [] })).toBe(false);
    expect(isComplete(fromApi({ EventSelectors: [BASIC] }))).toBe(true);
  });
});

describe('from basic to advanced', () => {
  test('nothing is lost', () => {
    const selection: Selection = fromApi({ EventSelectors: [BASIC] });
    expect(toApi(inFamily(selection, 'advanced')).AdvancedEventSelectors).toEqual([
      {
        FieldSelectors: [
          { Field: 'eventCategory', Equals: ['Management'] },
          { Field: 'readOnly', Equals: ['false'] },
          { Field: 'eventSource', NotEquals: ['kms.amazonaws.com'] },
        ],
      },
      {
        FieldSelectors: [
          { Field: 'eventCategory', Equals: ['Data'] },
          { Field: 'resources.type', Equals: ['AWS::S3::Object'] },
          { Field: 'readOnly', Equals: ['false'] },
          { Field: 'resources.ARN', StartsWith: ['arn:aws:s3:::vault/', 'arn:aws:s3:::safe/x'] },
        ],
      },
      {
        FieldSelectors: [
          { Field: 'eventCategory', Equals: ['Data'] },
          { Field: 'resources.type', Equals: ['AWS::Lambda::Function'] },
          { Field: 'readOnly', Equals: ['false'] },
        ],
      },
    ]);
  });

  test('the same family stays as it is', () => {
    const selection = fromApi({ EventSelectors: [BASIC] });
    expect(inFamily(selection, 'basic')).toBe(selection);
  });
});

test('trails select fewer fields of management events than stores', () => {
  const names = (subject: 'trail' | 'store') => fieldRules(subject, 'Management').map((rule) => rule.field);
  expect(names('trail')).toEqual(['readOnly', 'eventSource']);
  expect(names('store')).toContain('eventName');
});
