import type { EventDataStoreStatus } from '@aws-sdk/client-cloudtrail';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';

import { useTexts } from '../i18n/useTexts';
import { TEXT } from './text';

const LOOKS: Record<EventDataStoreStatus, StatusIndicatorProps.Type> = {
  CREATED: 'pending',
  ENABLED: 'success',
  PENDING_DELETION: 'warning',
  STARTING_INGESTION: 'in-progress',
  STOPPED_INGESTION: 'stopped',
  STOPPING_INGESTION: 'in-progress',
};

export function StoreState({ status }: { status: EventDataStoreStatus | undefined }) {
  const text = useTexts(TEXT);
  const known = status ?? 'CREATED';
  return <StatusIndicator type={LOOKS[known]} wrapText={false}>{text.statuses[known]}</StatusIndicator>;
}
