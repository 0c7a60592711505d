import type { GetTrailStatusResponse } from '@aws-sdk/client-cloudtrail';
import StatusIndicator from '@cloudscape-design/components/status-indicator';

import { useTexts } from '../i18n/useTexts';
import { TEXT } from './text';

export function TrailState({ status }: { status: GetTrailStatusResponse }) {
  const text = useTexts(TEXT);
  if (!status.IsLogging) return <StatusIndicator type="stopped" wrapText={false}>{text.stopped}</StatusIndicator>;
  const isFailing = status.LatestDeliveryError !== undefined || status.LatestDigestDeliveryError !== undefined;
  return isFailing ? (
    <StatusIndicator type="error" wrapText={false}>{text.failing}</StatusIndicator>
  ) : (
    <StatusIndicator type="success" wrapText={false}>{text.logging}</StatusIndicator>
  );
}
