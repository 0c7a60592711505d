import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useMemo } from 'react';

import { Activity } from '../activity/Activity';
import { historyOf } from '../app/links';
import { Page } from '../app/Page';
import { go, href, usePlace } from '../app/place';
import type { PageProps } from '../app/route';
import { Diff } from '../diff/Diff';
import { Timeline } from '../event/Timeline';
import type { Attribute } from '../filter/attributes';
import { whereOf } from '../filter/expression';
import type { Token } from '../filter/query';
import { route as historyRoute } from '../history/route';
import { useTexts } from '../i18n/useTexts';
import type { FoundEvent } from '../records/record';
import { shortName } from '../records/resources';
import { withValues } from '../search/question';
import { CopyText } from '../ui/CopyText';
import { PlaceButton } from '../ui/PlaceButton';
import { isChange, previousCall } from './previous';
import { TEXT } from './text';

const FACETS: readonly Attribute[] = ['username', 'event-name', 'error-code', 'source-ip', 'region', 'resource-type'];

/** A resource: all that was done to it, and what each change changed. */
export default function ResourcePage({ params }: PageProps) {
  const text = useTexts(TEXT);
  const history = useTexts(historyRoute.title);
  const name = params['name'] ?? '';
  const token = useMemo((): Token => ({ attribute: 'resource-name', operator: '=', value: name }), [name]);
  const events = historyOf(token);
  return (
    <Page
      title={shortName(name)}
      description={<>{text.resource} · <CopyText text={name} /></>}
      parents={[{ text: history, href: href(historyRoute.path, historyRoute.query) }]}
      actions={<PlaceButton path={events.path} query={events.query}>{text.toHistory}</PlaceButton>}
    >
      <SpaceBetween size="l">
        <Activity token={token} facets={FACETS} />
        <Life token={token} />
      </SpaceBetween>
    </Page>
  );
}

function Life({ token }: { token: Token }) {
  const text = useTexts(TEXT);
  const { path, query: url } = usePlace();
  const isWithReads = url.has('reads');
  const asked = useMemo(() => {
    const changes: Token = { attribute: 'read-only', operator: '!=', value: 'true' };
    return { Where: whereOf({ operation: 'and', parts: isWithReads ? [token] : [token, changes] }), Categories: ['all'] };
  }, [token, isWithReads]);
  const choice = (
    <SegmentedControl
      label={text.shown}
      selectedId={isWithReads ? 'with' : 'without'}
      options={[
        { id: 'without', text: text.reads.without },
        { id: 'with', text: text.reads.with },
      ]}
      onChange={({ detail }) => { go(path, withValues(url, { reads: detail.selectedId === 'with' ? '1' : '' }), 'replace'); }}
    />
  );
  return (
    <Container header={<Header description={text.lifeHint} actions={choice}>{text.life}</Header>}>
      <Timeline asked={asked} detail={changeOf} />
    </Container>
  );
}

function changeOf(event: FoundEvent, older: readonly FoundEvent[]) {
  if (!isChange(event)) return null;
  const before = previousCall(event, older)?.record.requestParameters ?? undefined;
  return <Diff before={before} after={event.record.requestParameters ?? undefined} />;
}
