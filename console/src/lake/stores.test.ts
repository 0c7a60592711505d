import { describe, expect, test } from 'vitest';
import {
  categoryOf,
  createRequest,
  idOf,
  NEW_STORE,
  problems,
  settingsOf,
  type StoreSettings,
  updateRequest,
} from './stores';

const MAIN: StoreSettings = { ...NEW_STORE, name: 'main' };

const storeOf = (category: string) => ({
  AdvancedEventSelectors: [{ FieldSelectors: [{ Field: 'eventCategory', Equals: [category] }] }],
});

describe('requests', () => {
  test('a store of events has the selectors that were chosen', () => {
    expect(createRequest(MAIN)).toMatchObject({
      Name: 'main',
      ...storeOf('Management'),
      MultiRegionEnabled: true,
      RetentionPeriod: 366,
      StartIngestion: true,
    });
  });

  test('a store for events from outside has its one selector, one Region, and cannot be stopped', () => {
    const request = createRequest({ ...MAIN, kind: 'ActivityAuditLog' });
    expect(request).toMatchObject({ ...storeOf('ActivityAuditLog'), MultiRegionEnabled: false });
    expect(request).not.toHaveProperty('StartIngestion');
    expect(request).not.toHaveProperty('KmsKeyId');
  });

  test('an update names what differs', () => {
    expect(updateRequest('arn', MAIN, { ...MAIN, retentionDays: '30' })).toEqual({
      EventDataStore: 'arn',
      TerminationProtectionEnabled: true,
      RetentionPeriod: 30,
    });
  });
});

test.each([
  ['Management', 'Management'],
  ['Data', 'Management'],
  ['Insight', 'Insight'],
])('a store of %s is of the kind %s', (category, kind) => {
  expect(categoryOf(storeOf(category))).toBe(kind);
  expect(settingsOf(storeOf(category)).kind).toBe(kind);
});

test('the id ends the ARN', () => {
  expect(idOf('arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/abc')).toBe('abc');
});

describe('what is refused before it is sent', () => {
  test.each(['6', '3654', '1.5', 'x', ''])('%s days', (retentionDays) => {
    expect(problems({ ...MAIN, retentionDays })).toEqual(new Set(['retention']));
  });

  test('more days than fixed pricing has', () => {
    expect(problems({ ...MAIN, billing: 'FIXED_RETENTION_PRICING', retentionDays: '3000' }).size).toBe(1);
  });

  test('a name with spaces', () => {
    expect(problems({ ...MAIN, name: 'a b c' })).toEqual(new Set(['name']));
  });
});
