import type { Route } from '../app/route';

export const health: Route = {
  path: '/health',
  title: { en: 'Health', ko: '상태' },
  load: () => import('./HealthPage'),
  section: 'operate',
};
