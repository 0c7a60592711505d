import type { Route } from '../app/route';

export const route: Route = {
  path: '/events/:id',
  title: { en: 'Event', ko: '이벤트' },
  load: () => import('./EventPage'),
};
