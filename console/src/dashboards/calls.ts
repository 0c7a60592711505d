import {
  type DashboardDetail,
  DescribeQueryCommand,
  GetDashboardCommand,
  type GetDashboardResponse,
  ListDashboardsCommand,
  StartDashboardRefreshCommand,
} from '@aws-sdk/client-cloudtrail';

import type { Api } from '../api/client';
import { fetchRows, follow, type Rows } from '../query/calls';

export function dashboardArn(api: Api, name: string): string {
  return `arn:aws:cloudtrail:${api.region}:${api.identity.Account}:dashboard/${name}`;
}

export function nameOf(arn: string | undefined): string {
  return arn?.split('/').at(-1) ?? '';
}

export async function listDashboards(api: Api, signal: AbortSignal): Promise<DashboardDetail[]> {
  const dashboards: DashboardDetail[] = [];
  let token: string | undefined;
  do {
    const page = await api.cloudtrail.send(new ListDashboardsCommand({ NextToken: token }), { abortSignal: signal });
    dashboards.push(...(page.Dashboards ?? []));
    token = page.NextToken;
  } while (token !== undefined);
  return dashboards;
}

export function getDashboard(api: Api, arn: string, signal: AbortSignal): Promise<GetDashboardResponse> {
  return api.cloudtrail.send(new GetDashboardCommand({ DashboardId: arn }), { abortSignal: signal });
}

export async function startRefresh(api: Api, arn: string, values: Record<string, string>): Promise<string> {
  const input = { DashboardId: arn, QueryParameterValues: values };
  const { RefreshId } = await api.cloudtrail.send(new StartDashboardRefreshCommand(input));
  if (RefreshId === undefined) throw new Error('the answer has no refresh id');
  return RefreshId;
}

/** The rows of one widget in one refresh. */
export async function widgetRows(api: Api, alias: string, refresh: string, signal: AbortSignal): Promise<Rows> {
  const input = { QueryAlias: alias, RefreshId: refresh };
  const describe = () => api.cloudtrail.send(new DescribeQueryCommand(input), { abortSignal: signal });
  const ended = await follow(describe, signal, () => undefined);
  if (ended.QueryStatus !== 'FINISHED') throw new Error(ended.ErrorMessage ?? ended.QueryStatus);
  return fetchRows(api, ended.QueryId ?? '', signal);
}
