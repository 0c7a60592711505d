import type { Route } from '../app/route';

export const trails: Route = {
  path: '/trails',
  title: { en: 'Trails', ko: '추적' },
  load: () => import('./TrailsPage'),
  section: 'deliver',
};

export const createTrail: Route = {
  path: '/trails/create',
  title: { en: 'Create trail', ko: '추적 생성' },
  load: () => import('./CreateTrailPage'),
};

/** A trail is named by its home Region and its name, which is unique there. */
export const trail: Route = {
  path: '/trails/:region/:name',
  title: { en: 'Trail', ko: '추적' },
  load: () => import('./TrailPage'),
};

export const editTrail: Route = {
  path: '/trails/:region/:name/edit',
  title: { en: 'Edit trail', ko: '추적 편집' },
  load: () => import('./EditTrailPage'),
};

export const TRAIL_ROUTES: readonly Route[] = [trails, createTrail, trail, editTrail];
