import type { QueryStatus } from '@aws-sdk/client-cloudtrail';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';

import { useTexts } from '../i18n/useTexts';
import { TEXT } from './text';

const LOOKS: Record<QueryStatus, StatusIndicatorProps.Type> = {
  QUEUED: 'pending',
  RUNNING: 'in-progress',
  FINISHED: 'success',
  FAILED: 'error',
  CANCELLED: 'stopped',
  TIMED_OUT: 'warning',
};

export function QueryState({ status }: { status: QueryStatus | undefined }) {
  const text = useTexts(TEXT);
  const known = status ?? 'QUEUED';
  return <StatusIndicator type={LOOKS[known]} wrapText={false}>{text.statuses[known]}</StatusIndicator>;
}
