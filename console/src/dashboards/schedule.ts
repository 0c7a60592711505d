/** When a dashboard is refreshed by itself, and the rights that it takes. */

import type { RefreshSchedule, RefreshScheduleFrequencyUnit } from '@aws-sdk/client-cloudtrail';

export interface Schedule {
  readonly isOn: boolean;
  /** `HOURS 6` */
  readonly frequency: string;
  /** `HH:MM`, UTC. */
  readonly timeOfDay: string;
}

export const FREQUENCIES = ['HOURS 1', 'HOURS 6', 'HOURS 12', 'HOURS 24', 'DAYS 1'] as const;

export function scheduleOf(schedule: RefreshSchedule | undefined): Schedule {
  const { Unit = 'HOURS', Value = 6 } = schedule?.Frequency ?? {};
  return {
    isOn: schedule?.Status === 'ENABLED',
    frequency: `${Unit} ${String(Value)}`,
    timeOfDay: schedule?.TimeOfDay ?? '00:00',
  };
}

export function refreshSchedule(schedule: Schedule): RefreshSchedule {
  const [unit, value] = schedule.frequency.split(' ');
  return {
    Frequency: { Unit: unit as RefreshScheduleFrequencyUnit, Value: Number(value) },
    Status: schedule.isOn ? 'ENABLED' : 'DISABLED',
    TimeOfDay: schedule.timeOfDay,
  };
}

interface PolicyDocument {
  Version: string;
  Statement: Record<string, unknown>[];
}

/**
 * A policy with what a schedule of the dashboard needs: refreshes of the dashboard, or queries of a store. What the
 * policy says besides stays.
 */
export function withScheduleRights(
  policy: string | undefined,
  action: string,
  dashboard: string,
  resource: string,
): string {
  const document = JSON.parse(policy ?? '{"Version":"2012-10-17","Statement":[]}') as PolicyDocument;
  const sid = `OpenTrailConsole${
    dashboard
      .split('/')
      .at(-1)
      ?.replaceAll(/[^A-Za-z0-9]/g, '') ?? ''
  }`;
  const account = dashboard.split(':')[4];
  const statement = {
    Sid: sid,
    Effect: 'Allow',
    Principal: { Service: 'cloudtrail.amazonaws.com' },
    Action: action,
    Resource: resource,
    Condition: { StringEquals: { 'AWS:SourceArn': dashboard, 'AWS:SourceAccount': account } },
  };
  const others = document.Statement.filter((other) => other['Sid'] !== sid);
  return JSON.stringify({ ...document, Statement: [...others, statement] });
}
