import type { GetTrailStatusResponse } from '@aws-sdk/client-cloudtrail';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs, { type KeyValuePairsProps } from '@cloudscape-design/components/key-value-pairs';
import StatusIndicator from '@cloudscape-design/components/status-indicator';

import { useTexts } from '../i18n/useTexts';
import { Ago } from '../ui/Ago';
import { TEXT } from './text';
import { TrailState } from './TrailState';

/** How the deliveries of a trail from this Region stand. */
export function DeliveryPanel({ status }: { status: GetTrailStatusResponse }) {
  const text = useTexts(TEXT);
  return (
    <Container header={<Header variant="h2">{text.deliveries}</Header>}>
      <KeyValuePairs
        columns={4}
        items={[
          { label: text.status, value: <TrailState status={status} /> },
          { label: text.lastDelivery, value: <Ago at={status.LatestDeliveryTime} /> },
          { label: text.lastDigest, value: <Ago at={status.LatestDigestDeliveryTime} /> },
          { label: text.started, value: <Ago at={status.StartLoggingTime} /> },
          ...moment(text.stoppedAt, status.StopLoggingTime),
          ...moment(text.lastNotification, status.LatestNotificationTime),
          ...error(text.deliveryError, status.LatestDeliveryError),
          ...error(text.digestError, status.LatestDigestDeliveryError),
          ...error(text.notificationError, status.LatestNotificationError),
        ]}
      />
    </Container>
  );
}

function moment(label: string, at: Date | undefined): KeyValuePairsProps.Item[] {
  return at ? [{ label, value: <Ago at={at} /> }] : [];
}

function error(label: string, code: string | undefined): KeyValuePairsProps.Item[] {
  return code ? [{ label, value: <StatusIndicator type="error">{code}</StatusIndicator> }] : [];
}
