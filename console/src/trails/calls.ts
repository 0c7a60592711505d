import {
  DescribeTrailsCommand,
  GetEventSelectorsCommand,
  GetInsightSelectorsCommand,
  GetTrailCommand,
  GetTrailStatusCommand,
  type GetTrailStatusResponse,
  type InsightSelector,
  paginateListTrails,
  type Trail,
} from '@aws-sdk/client-cloudtrail';

import type { Api } from '../api/client';
import { fromApi, type Selection } from '../selectors/selection';

/** A trail, and how its deliveries from its home Region stand. */
export interface TrailWithStatus {
  readonly trail: Trail;
  readonly status: GetTrailStatusResponse;
}

export function trailArn(api: Api, name: string): string {
  return `arn:aws:cloudtrail:${api.region}:${api.identity.Account}:trail/${name}`;
}

/** The trails of all Regions, each as its home Region tells it. */
export async function listTrails(api: Api, signal: AbortSignal): Promise<TrailWithStatus[]> {
  const homes = new Set<string>();
  for await (const { Trails = [] } of paginateListTrails({ client: api.cloudtrail }, {}, { abortSignal: signal })) {
    for (const { HomeRegion = api.region } of Trails) homes.add(HomeRegion);
  }
  const lists = await Promise.all([...homes].map((region) => trailsAtHome(api.inRegion(region), signal)));
  return lists.flat();
}

async function trailsAtHome(api: Api, signal: AbortSignal): Promise<TrailWithStatus[]> {
  const input = { includeShadowTrails: false };
  const { trailList = [] } = await api.cloudtrail.send(new DescribeTrailsCommand(input), { abortSignal: signal });
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
