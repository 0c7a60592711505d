import type { Route } from '../app/route';

export const route: Route = {
  path: '/resources/:name',
  title: { en: 'Resource', ko: '리소스' },
  load: () => import('./ResourcePage'),
};
