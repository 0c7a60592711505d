import Alert, { type AlertProps } from '@cloudscape-design/components/alert';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useCallback } from 'react';

import { useApi } from '../api/client';
import { useAnswer } from '../api/useAnswer';
import { Page } from '../app/Page';
import { useTexts } from '../i18n/useTexts';
import { Ago } from '../ui/Ago';
import { usePolling } from '../ui/usePolling';
import { type Health, type ProductState, worst } from './health';
import { ProductsTable } from './ProductsTable';
import { QuarantineTable } from './QuarantineTable';
import { StorageTable } from './StorageTable';
import { TEXT } from './text';

const ASK_AGAIN_MS = 5000;
const ALERTS: Record<ProductState, AlertProps.Type> = { ok: 'success', behind: 'warning', failing: 'error' };

/** How the server does. */
export default function HealthPage() {
  const text = useTexts(TEXT);
  const { opentrail } = useApi();
  const health = useAnswer(
    useCallback((signal: AbortSignal) => opentrail.call<Health>('GetHealth', {}, signal), [opentrail]),
  );
  usePolling(health.error === undefined, health.reload, ASK_AGAIN_MS);
  return (
    <Page title={text.title} description={text.about}>
      <SpaceBetween size="l">
        {health.value && (
          <div aria-live="polite">
            <Alert type={ALERTS[worst(health.value)]}>{text.verdicts[worst(health.value)]}</Alert>
          </div>
        )}
        {/* The first table tells what went wrong; once is enough. */}
        <ProductsTable health={health} />
        <StorageTable health={health} />
        <QuarantineTable health={health} />
        {health.value && <ServerPanel health={health.value} />}
      </SpaceBetween>
    </Page>
  );
}

function ServerPanel({ health }: { health: Health }) {
  const text = useTexts(TEXT);
  return (
    <Container header={<Header variant="h2">{text.server}</Header>}>
      <KeyValuePairs
        columns={2}
        items={[
          { label: text.version, value: health.Version },
          { label: text.started, value: <Ago at={health.StartedAt} /> },
        ]}
      />
    </Container>
  );
}
