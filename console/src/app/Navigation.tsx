import SideNavigation, { type SideNavigationProps } from '@cloudscape-design/components/side-navigation';

import { useLanguage, useTexts } from '../i18n/useTexts';
import { goTo, href, usePlace } from './place';
import type { Route } from './route';
import { ROUTES } from './routes';
import { TEXT } from './text';

const SECTIONS = ['observe', 'deliver', 'analyze', 'operate'] as const satisfies readonly Route['section'][];

export function Navigation() {
  const { path } = usePlace();
  const text = useTexts(TEXT);
  const language = useLanguage();
  const sections = SECTIONS.flatMap((section): SideNavigationProps.Item[] => {
    const routes = ROUTES.filter((route) => route.section === section);
    if (routes.length === 0) return [];
    const items = routes.map((route): SideNavigationProps.Link => {
      return { type: 'link', text: route.title[language], href: href(route.path, route.query) };
    });
    return [{ type: 'section-group', title: text.sections[section], items }];
  });
  const active = ROUTES.find((route) => route.path === `/${path.split('/')[1] ?? ''}`);
  return (
    <SideNavigation
      activeHref={active && href(active.path, active.query)}
      items={sections}
      onFollow={(event) => {
        event.preventDefault();
        goTo(event.detail.href);
      }}
    />
  );
}
