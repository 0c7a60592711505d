import type { Route } from '../app/route';

export const route: Route = {
  path: '/history',
  title: { en: 'Event history', ko: '이벤트 기록' },
  load: () => import('./HistoryPage'),
  section: 'observe',
};
