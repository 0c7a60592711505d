import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMemo } from 'react';

import { Activity, allOf } from '../activity/Activity';
import { historyOf } from '../app/links';
import NotFound from '../app/NotFound';
import { Page } from '../app/Page';
import { href } from '../app/place';
import type { PageProps } from '../app/route';
import { Timeline } from '../event/Timeline';
import type { Attribute } from '../filter/attributes';
import { route as historyRoute } from '../history/route';
import { useTexts } from '../i18n/useTexts';
import { CopyText } from '../ui/CopyText';
import { PlaceButton } from '../ui/PlaceButton';
import { Assumed } from './Assumed';
import { Chain } from './Chain';
import { callsOf, KINDS, nameOf, type Principal } from './principal';
import { TEXT } from './text';

const FACETS: readonly Attribute[] = ['event-name', 'event-source', 'error-code', 'source-ip', 'region', 'access-key-id'];

/** A user, a role's session or an access key: who it is, and all that it did. */
export default function PrincipalPage({ params }: PageProps) {
  const kind = KINDS.find((known) => known === params['kind']);
  const id = params['id'] ?? '';
  const principal = useMemo(() => kind && { kind, id }, [kind, id]);
  return principal ? <Shown principal={principal} /> : <NotFound />;
}

function Shown({ principal }: { principal: Principal }) {
  const text = useTexts(TEXT);
  const history = useTexts(historyRoute.title);
  const token = useMemo(() => callsOf(principal), [principal]);
  const asked = useMemo(() => allOf(token), [token]);
  const events = historyOf(token);
  return (
    <Page
      title={nameOf(principal)}
      description={<>{text.kinds[principal.kind]} · <CopyText text={principal.id} /></>}
      parents={[{ text: history, href: href(historyRoute.path, historyRoute.query) }]}
      actions={<PlaceButton path={events.path} query={events.query}>{text.toHistory}</PlaceButton>}
    >
      <SpaceBetween size="l">
        <ColumnLayout columns={2} minColumnWidth={380}>
          <Chain principal={principal} />
          <Assumed principal={principal} />
        </ColumnLayout>
        <Activity token={token} facets={FACETS} />
        <Container header={<Header>{text.timeline}</Header>}>
          <Timeline asked={asked} />
        </Container>
      </SpaceBetween>
    </Page>
  );
}
