import type { Route } from '../app/route';

export const lake: Route = {
  path: '/lake',
  title: { en: 'Lake', ko: 'Lake' },
  load: () => import('./LakePage'),
  section: 'analyze',
};

export const createStore: Route = {
  path: '/lake/stores/create',
  title: { en: 'Create event data store', ko: '이벤트 데이터 스토어 생성' },
  load: () => import('./CreateStorePage'),
};

export const store: Route = {
  path: '/lake/stores/:id',
  title: { en: 'Event data store', ko: '이벤트 데이터 스토어' },
  load: () => import('./StorePage'),
};

export const editStore: Route = {
  path: '/lake/stores/:id/edit',
  title: { en: 'Edit event data store', ko: '이벤트 데이터 스토어 편집' },
  load: () => import('./EditStorePage'),
};

export const createChannel: Route = {
  path: '/lake/channels/create',
  title: { en: 'Create channel', ko: '채널 생성' },
  load: () => import('./CreateChannelPage'),
};

export const channel: Route = {
  path: '/lake/channels/:id',
  title: { en: 'Channel', ko: '채널' },
  load: () => import('./ChannelPage'),
};

export const createImport: Route = {
  path: '/lake/imports/create',
  title: { en: 'Import log files', ko: '로그 파일 가져오기' },
  load: () => import('./CreateImportPage'),
};

export const importRoute: Route = {
  path: '/lake/imports/:id',
  title: { en: 'Import', ko: '가져오기' },
  load: () => import('./ImportPage'),
};

export const LAKE_ROUTES: readonly Route[] = [
  lake,
  createStore,
  store,
  editStore,
  createChannel,
  channel,
  createImport,
  importRoute,
];
