import type { Route } from '../app/route';

export const settings: Route = {
  path: '/settings',
  title: { en: 'Settings', ko: '설정' },
  load: () => import('./SettingsPage'),
  section: 'operate',
};
