import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';

import { describeError } from '../api/error';
import { useTexts } from '../i18n/useTexts';
import { UI } from './text';

/** What the server said instead of an answer. */
export function Failure({ header, error, onRetry }: { header?: string; error: unknown; onRetry?: () => void }) {
  const text = useTexts(UI);
  const { code, message } = describeError(error);
  return (
    <Alert
      type="error"
      header={header ?? text.failed}
      action={onRetry && <Button onClick={onRetry}>{text.retry}</Button>}
    >
      {code}: {message}
    </Alert>
  );
}
