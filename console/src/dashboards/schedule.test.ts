import { expect, test } from 'vitest';
import { refreshSchedule, scheduleOf, withScheduleRights } from './schedule';

const DASHBOARD = 'arn:aws:cloudtrail:us-east-1:111122223333:dashboard/my-board';

test('a schedule comes back as it was', () => {
  const schedule = { Frequency: { Unit: 'DAYS' as const, Value: 1 }, Status: 'ENABLED' as const, TimeOfDay: '10:30' };
  expect(refreshSchedule(scheduleOf(schedule))).toEqual(schedule);
  expect(scheduleOf(undefined)).toEqual({ isOn: false, frequency: 'HOURS 6', timeOfDay: '00:00' });
});

test('rights are added once, and others stay', () => {
  const other = { Sid: 'Theirs', Effect: 'Deny' };
  const before = JSON.stringify({ Version: '2012-10-17', Statement: [other] });
  const once = withScheduleRights(before, 'cloudtrail:StartQuery', DASHBOARD, 'arn:store');
  const twice = withScheduleRights(once, 'cloudtrail:StartQuery', DASHBOARD, 'arn:store');
  expect(twice).toBe(once);
  const { Statement } = JSON.parse(once) as { Statement: { Sid: string; Condition?: unknown }[] };
  expect(Statement.map((statement) => statement.Sid)).toEqual(['Theirs', 'OpenTrailConsolemyboard']);
  expect(Statement[1]?.Condition).toEqual({
    StringEquals: { 'AWS:SourceArn': DASHBOARD, 'AWS:SourceAccount': '111122223333' },
  });
});
