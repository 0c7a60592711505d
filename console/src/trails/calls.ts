import {
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetInsightSelectorsCommand,
  GetTrailCommand,
  GetTrailStatusCommand,
  type GetTrailStatusResponse,
  type InsightSelector,
  type Trail,
} from '@aws-sdk/client-cloudtrail';

import type { Api } from '../api/client';
import { fromApi, type Selection } from '../selectors/selection';

/** A trail, and how its deliveries from this Region stand. */
export interface TrailWithStatus {
  readonly trail: Trail;
  readonly status: GetTrailStatusResponse;
}

export function trailArn(api: Api, region: string, name: string): string {
  return `arn:aws:cloudtrail:${region}:${api.identity.Account}:trail/${name}`;
}

export async function listTrails(api: Api, signal: AbortSignal): Promise<TrailWithStatus[]> {
  const { trailList = [] } = await api.cloudtrail.send(new DescribeTrailsCommand({}), { abortSignal: signal });
  return Promise.all(
    trailList.map(async (trail) => ({ trail, status: await trailStatus(api, trail.TrailARN ?? '', signal) })),
  );
}

export async function getTrail(api: Api, arn: string, signal: AbortSignal): Promise<Trail> {
  const { Trail } = await api.cloudtrail.send(new GetTrailCommand({ Name: arn }), { abortSignal: signal });
  if (!Trail) throw new Error('the answer has no trail');
  return Trail;
}

export function trailStatus(api: Api, arn: string, signal: AbortSignal): Promise<GetTrailStatusResponse> {
  return api.cloudtrail.send(new GetTrailStatusCommand({ Name: arn }), { abortSignal: signal });
}

export async function getSelection(api: Api, arn: string, signal: AbortSignal): Promise<Selection> {
  return fromApi(await api.cloudtrail.send(new GetEventSelectorsCommand({ TrailName: arn }), { abortSignal: signal }));
}

/** A trail that logs no Insights is not asked which: the API would tell it as an error. */
export async function getInsights(api: Api, arn: string, signal: AbortSignal): Promise<readonly InsightSelector[]> {
  const trail = await getTrail(api, arn, signal);
  if (!trail.HasInsightSelectors) return [];
  const input = { TrailName: arn };
  const answer = await api.cloudtrail.send(new GetInsightSelectorsCommand(input), { abortSignal: signal });
  return answer.InsightSelectors ?? [];
}
