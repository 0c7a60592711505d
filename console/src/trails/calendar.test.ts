import { expect, test } from 'vitest';
import { calendar, countByStatus, type HourStatus, verdict, type VerifiedHour } from './calendar';

const hour = (start: string, status: HourStatus = 'verified'): VerifiedHour => ({
  Start: `2026-11-${start}:00:00.000Z`,
  Status: status,
  LogFiles: 1,
  Problems: [],
});

test('days without gaps, each of 24 hours', () => {
  const days = calendar([hour('24T01'), hour('22T23', 'broken')]);
  expect(days.map((day) => day.date)).toEqual(['2026-11-22', '2026-11-23', '2026-11-24']);
  expect(days.every((day) => day.hours.length === 24)).toBe(true);
  expect(days[0]?.hours[23]?.Status).toBe('broken');
  expect(days[1]?.hours.every((it) => it === undefined)).toBe(true);
  expect(days[2]?.hours[1]?.Status).toBe('verified');
});

test('a range that begins within an hour belongs to that hour', () => {
  expect(calendar([{ ...hour('22T05'), Start: '2026-11-22T05:30:00Z' }])[0]?.hours[5]).toBeDefined();
});

test('no hours, no days', () => {
  expect(calendar([])).toEqual([]);
});

test('the worst hour is the verdict, and nothing looked at is nothing verified', () => {
  expect(verdict([hour('22T00'), hour('22T01', 'unverified')])).toBe('unverified');
  expect(verdict([hour('22T00', 'broken'), hour('22T01', 'unverified')])).toBe('broken');
  expect(verdict([hour('22T00')])).toBe('verified');
  expect(verdict([])).toBe('unverified');
  expect(countByStatus([hour('22T00'), hour('22T01', 'broken')])).toEqual({ verified: 1, unverified: 0, broken: 1 });
});
