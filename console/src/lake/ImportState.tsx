import type { ImportStatus } from '@aws-sdk/client-cloudtrail';
import StatusIndicator, { type StatusIndicatorProps } from '@cloudscape-design/components/status-indicator';

import { useTexts } from '../i18n/useTexts';
import { TEXT } from './text';

const LOOKS: Record<ImportStatus, StatusIndicatorProps.Type> = {
  INITIALIZING: 'pending',
  IN_PROGRESS: 'in-progress',
  COMPLETED: 'success',
  FAILED: 'error',
  STOPPED: 'stopped',
};

export function ImportState({ status }: { status: ImportStatus | undefined }) {
  const text = useTexts(TEXT);
  const known = status ?? 'INITIALIZING';
  return <StatusIndicator type={LOOKS[known]} wrapText={false}>{text.importStatuses[known]}</StatusIndicator>;
}
