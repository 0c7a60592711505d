import { DASHBOARD_ROUTES } from '../dashboards/routes';
import { route as event } from '../event/route';
import { health } from '../health/routes';
import { route as history } from '../history/route';
import { LAKE_ROUTES } from '../lake/routes';
import { route as principal } from '../principal/route';
import { query } from '../query/routes';
import { route as resource } from '../resource/route';
import { settings } from '../settings/routes';
import { TRAIL_ROUTES } from '../trails/routes';
import type { Route } from './route';

/** Every page, in the order of the side navigation. A new one is an import above and a line here. */
export const ROUTES: readonly Route[] = [
  history,
  event,
  principal,
  resource,
  ...TRAIL_ROUTES,
  ...LAKE_ROUTES,
  query,
  ...DASHBOARD_ROUTES,
  health,
  settings,
];
