import type { Route } from '../app/route';

export const dashboards: Route = {
  path: '/dashboards',
  title: { en: 'Dashboards', ko: '대시보드' },
  load: () => import('./DashboardsPage'),
  section: 'analyze',
};

export const dashboard: Route = {
  path: '/dashboards/:name',
  title: { en: 'Dashboard', ko: '대시보드' },
  load: () => import('./DashboardPage'),
};

export const DASHBOARD_ROUTES: readonly Route[] = [dashboards, dashboard];
