import type { Route } from '../app/route';

export const route: Route = {
  path: '/principals/:kind/:id',
  title: { en: 'Principal', ko: '보안 주체' },
  load: () => import('./PrincipalPage'),
};
