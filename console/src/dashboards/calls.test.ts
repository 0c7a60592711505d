import { type CreateDashboardCommand, GetDashboardCommand, type UpdateDashboardCommand } from '@aws-sdk/client-cloudtrail';
import { expect, test, vi } from 'vitest';

import type { Api } from '../api/client';
import { addWidget, isFittingName } from './calls';
import { newWidget, WIDGETS_MAX } from './widget';

const widget = newWidget('SELECT 1', { title: 'New', kind: 'Table' });
const asked = { QueryStatement: 'SELECT 1', ViewProperties: { Title: 'New', View: 'Table', Width: '2', Height: '4' } };

/** A server whose dashboards have so many widgets. */
function serverWith(widgets: number) {
  const Widgets = Array.from({ length: widgets }, (_, at) => ({ ...asked, QueryAlias: `widget-${String(at)}`, QueryStatement: `SELECT ${String(at)}` }));
  const send = vi.fn((command: GetDashboardCommand | CreateDashboardCommand | UpdateDashboardCommand) =>
    Promise.resolve(command instanceof GetDashboardCommand ? { Widgets } : {}),
  );
  const api = { cloudtrail: { send }, region: 'us-east-1', identity: { Account: '123837392027' } } as unknown as Api;
  return { api, last: () => send.mock.lastCall?.[0].input };
}

test('a widget is put after the others', async () => {
  const { api, last } = serverWith(1);
  await addWidget(api, 'board', false, widget, 'full');
  const DashboardId = 'arn:aws:cloudtrail:us-east-1:123837392027:dashboard/board';
  expect(last()).toEqual({ DashboardId, Widgets: [{ ...asked, QueryStatement: 'SELECT 0' }, asked] });
});

test('a new dashboard is made with it', async () => {
  const { api, last } = serverWith(0);
  await addWidget(api, 'board', true, widget, 'full');
  expect(last()).toEqual({ Name: 'board', Widgets: [asked] });
});

test('a dashboard without room stays as it is', async () => {
  const { api, last } = serverWith(WIDGETS_MAX);
  await expect(addWidget(api, 'board', false, widget, 'full')).rejects.toThrow('full');
  expect(last()).not.toHaveProperty('Widgets');
});

test.each([['ab', false], ['a b c', false], ['my-board_1', true]])('the name %s', (name, isFitting) => {
  expect(isFittingName(name)).toBe(isFitting);
});
