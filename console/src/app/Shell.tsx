import { lazy, type ReactNode, Suspense, useCallback, useEffect, useMemo, useState } from 'react';

import { route as history } from '../history/route';
import type { Localized } from '../i18n/language';
import { useTexts } from '../i18n/useTexts';
import { KeyboardHelp } from './KeyboardHelp';
import { NotificationsProvider } from './Notifications';
import { Page } from './Page';
import { PageBoundary } from './PageBoundary';
import { currentPath, go, usePlace } from './place';
import { match } from './route';
import { ROUTES } from './routes';
import { useShortcuts } from './shortcuts';
import { TEXT } from './text';
import { TopBar } from './TopBar';

const NotFound = lazy(() => import('./NotFound'));

/** What surrounds every page once somebody has signed in. */
export function Shell() {
  const [isHelpShown, setHelpShown] = useState(false);
  const closeHelp = useCallback(() => {
    setHelpShown(false);
  }, []);

  useShortcuts(
    useMemo(
      () => ({
        '?': () => {
          setHelpShown(true);
        },
        'g h': () => {
          go(history.path, history.query);
        },
        'g t': () => {
          go('/trails');
        },
        'g l': () => {
          go('/lake');
        },
      }),
      [],
    ),
  );

  return (
    <NotificationsProvider>
      <TopBar onHelp={() => setHelpShown(true)} />
      <CurrentPage />
      <KeyboardHelp isShown={isHelpShown} onClose={closeHelp} />
    </NotificationsProvider>
  );
}

/** The pages' components, made once: each fetches its code when it is first shown. */
const PAGES = ROUTES.map((route) => ({ route, Component: lazy(route.load) }));

// The first page's code is on its way while the texts and the sign-in are still to come.
void ROUTES.find((route) => match(route, currentPath()) !== undefined)?.load();

function CurrentPage() {
  const { path } = usePlace();
  const text = useTexts(TEXT);
  const shown = useMemo(() => element(path), [path]);
  const title = useTexts(shown.title);

  useEffect(() => {
    if (path === '/') go(history.path, history.query, 'replace');
  }, [path]);
  useEffect(() => {
    document.title = `${title} · OpenTrail`;
  }, [title]);

  if (path === '/') return null;
  return (
    <PageBoundary key={path} message={text.broken} retry={text.retry}>
      <Suspense fallback={<Page title={title} isLoading />}>
        {shown.page}
      </Suspense>
    </PageBoundary>
  );
}

function element(path: string): { page: ReactNode; title: Localized<string> } {
  for (const { route, Component } of PAGES) {
    const params = match(route, path);
    if (params) return { page: <Component params={params} />, title: route.title };
  }
  return { page: <NotFound />, title: { en: TEXT.en.notFound, ko: TEXT.ko.notFound } };
}
