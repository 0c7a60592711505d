import {
  CreateDashboardCommand,
  type DashboardDetail,
  type DashboardType,
  DescribeQueryCommand,
  GetDashboardCommand,
  type GetDashboardResponse,
  ListDashboardsCommand,
  StartDashboardRefreshCommand,
  UpdateDashboardCommand,
} from '@aws-sdk/client-cloudtrail';

import type { Api } from '../api/client';
import { fetchRows, follow, type Rows } from '../query/calls';
import { type EditedWidget, editedWidget, requestWidget, WIDGETS_MAX } from './widget';

export function dashboardArn(api: Api, name: string): string {
  return `arn:aws:cloudtrail:${api.region}:${api.identity.Account}:dashboard/${name}`;
}

export function nameOf(arn: string | undefined): string {
  return arn?.split('/').at(-1) ?? '';
}

/** Whether the service takes it as a dashboard's name. */
export function isFittingName(name: string): boolean {
  return /^[a-zA-Z0-9_-]{3,128}$/.test(name);
}

/** Those of one type, or all. */
export async function listDashboards(api: Api, signal: AbortSignal, Type?: DashboardType): Promise<DashboardDetail[]> {
  const dashboards: DashboardDetail[] = [];
  let token: string | undefined;
  do {
    const page = await api.cloudtrail.send(new ListDashboardsCommand({ Type, NextToken: token }), { abortSignal: signal });
    dashboards.push(...(page.Dashboards ?? []));
    token = page.NextToken;
  } while (token !== undefined);
  return dashboards;
}

export function getDashboard(api: Api, arn: string, signal: AbortSignal): Promise<GetDashboardResponse> {
  return api.cloudtrail.send(new GetDashboardCommand({ DashboardId: arn }), { abortSignal: signal });
}

/** Puts a widget after the others of a dashboard, which may be new; `full` is what is said when it has no room. */
export async function addWidget(api: Api, name: string, isNew: boolean, widget: EditedWidget, full: string): Promise<void> {
  if (isNew) {
    await api.cloudtrail.send(new CreateDashboardCommand({ Name: name, Widgets: [requestWidget(widget)] }));
    return;
  }
  const DashboardId = dashboardArn(api, name);
  const { Widgets: others = [] } = await api.cloudtrail.send(new GetDashboardCommand({ DashboardId }));
  if (others.length >= WIDGETS_MAX) throw new Error(full);
  const Widgets = [...others.map(editedWidget), widget].map(requestWidget);
  await api.cloudtrail.send(new UpdateDashboardCommand({ DashboardId, Widgets }));
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
