import Box from '@cloudscape-design/components/box';
import Container from '@cloudscape-design/components/container';
import Spinner from '@cloudscape-design/components/spinner';

import { historyOf } from '../app/links';
import { Page } from '../app/Page';
import { go, href } from '../app/place';
import type { PageProps } from '../app/route';
import { route as historyRoute } from '../history/route';
import { useTexts } from '../i18n/useTexts';
import { Failure } from '../ui/Failure';
import { EventDetail } from './EventDetail';
import type { OnFilter } from './Fields';
import { TEXT } from './text';
import { useEvent } from './useEvent';

const filterHistory: OnFilter = (attribute, operator, value) => {
  const { path, query } = historyOf({ attribute, operator, value });
  go(path, query);
};

/** One event, by its id. */
export default function EventPage({ params }: PageProps) {
  const text = useTexts(TEXT);
  const history = useTexts(historyRoute.title);
  const { value: event, error, isLoading, reload } = useEvent(params['id'] ?? '');
  return (
    <Page title={event?.record.eventName ?? params['id'] ?? ''} parents={[{ text: history, href: href(historyRoute.path, historyRoute.query) }]}>
      {error !== undefined && <Failure header={text.failed} error={error} onRetry={reload} />}
      {isLoading && <Spinner size="large" />}
      {event === null && !isLoading && (
        <>
          <Box variant="h2">{text.notFound}</Box>
          {text.notFoundHint}
        </>
      )}
      {event && (
        <Container>
          <EventDetail event={event} onFilter={filterHistory} />
        </Container>
      )}
    </Page>
  );
}
