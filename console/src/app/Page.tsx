import AppLayoutToolbar from '@cloudscape-design/components/app-layout-toolbar';
import BreadcrumbGroup, { type BreadcrumbGroupProps } from '@cloudscape-design/components/breadcrumb-group';
import ContentLayout from '@cloudscape-design/components/content-layout';
import Header from '@cloudscape-design/components/header';
import Spinner from '@cloudscape-design/components/spinner';
import { type ReactNode, useState } from 'react';

import { route as history } from '../history/route';
import { useTexts } from '../i18n/useTexts';
import { Navigation } from './Navigation';
import { NotificationBar } from './Notifications';
import { useNotifications } from './notifications-context';
import { goTo, href } from './place';
import { TEXT } from './text';

export interface PageFrameProps {
  title: string;
  /** Beside the title: how many there are. */
  counter?: string;
  /** What is above the page: `[{ text: 'Trails', href: href('/trails') }]`; the console itself when nothing is. */
  parents?: readonly BreadcrumbGroupProps.Item[];
  description?: ReactNode;
  actions?: ReactNode;
  children?: ReactNode;
  isLoading?: boolean;
  /** A `SplitPanel` beside or below the content. */
  panel?: { content: ReactNode; isOpen: boolean; onToggle: (isOpen: boolean) => void };
}

/** The frame of a page: navigation, breadcrumbs, notifications, title. Every page's outermost component. */
export function Page({ title, counter, parents, description, actions, children, isLoading, panel }: PageFrameProps) {
  const text = useTexts(TEXT);
  const notifications = useNotifications();
  const [isNavigationOpen, setNavigationOpen] = useState(window.innerWidth > 1200);
  return (
    <AppLayoutToolbar
      navigation={<Navigation />}
      navigationOpen={isNavigationOpen}
      onNavigationChange={({ detail }) => {
        setNavigationOpen(detail.open);
      }}
      navigationWidth={240}
      breadcrumbs={<Breadcrumbs parents={parents ?? HOME} title={title} />}
      notifications={<NotificationBar items={notifications.items} />}
      stickyNotifications
      toolsHide
      headerSelector="#top"
      maxContentWidth={Number.MAX_VALUE}
      ariaLabels={{
        navigation: text.navigation,
        navigationToggle: text.openNavigation,
        navigationClose: text.closeNavigation,
        notifications: text.notifications,
      }}
      splitPanel={panel?.content}
      splitPanelOpen={panel?.isOpen ?? false}
      onSplitPanelToggle={({ detail }) => {
        panel?.onToggle(detail.open);
      }}
      content={
        <ContentLayout
          header={
            <Header variant="h1" counter={counter} description={description} actions={actions}>
              {title}
            </Header>
          }
        >
          {isLoading ? <Spinner size="large" /> : children}
        </ContentLayout>
      }
    />
  );
}

const HOME = [{ text: 'OpenTrail', href: href(history.path, history.query) }];

function Breadcrumbs({ parents, title }: { parents: readonly BreadcrumbGroupProps.Item[]; title: string }) {
  return (
    <BreadcrumbGroup
      items={[...parents, { text: title, href: '#' }]}
      onFollow={(event) => {
        event.preventDefault();
        goTo(event.detail.href);
      }}
    />
  );
}
