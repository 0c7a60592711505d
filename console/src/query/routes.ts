import type { Route } from '../app/route';

export const query: Route = {
  path: '/query',
  title: { en: 'Query', ko: '쿼리' },
  load: () => import('./QueryPage'),
  section: 'analyze',
};
