import type { Route } from '../app/route';
import { printQuery } from '../filter/expression';
import { WITHOUT_READS } from '../filter/reads';

export const route: Route = {
  path: '/history',
  title: { en: 'Event history', ko: '이벤트 기록' },
  load: () => import('./HistoryPage'),
  section: 'observe',
  query: new URLSearchParams({ q: printQuery(WITHOUT_READS) }),
};
