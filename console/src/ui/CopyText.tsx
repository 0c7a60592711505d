import CopyToClipboard from '@cloudscape-design/components/copy-to-clipboard';

import { useTexts } from '../i18n/useTexts';
import { UI } from './text';

/** A text that one may want elsewhere, such as an ARN. */
export function CopyText({ text: shown }: { text: string }) {
  const text = useTexts(UI);
  return (
    <CopyToClipboard
      variant="inline"
      textToCopy={shown}
      copyButtonAriaLabel={`${text.copy} ${shown}`}
      copySuccessText={text.copied}
      copyErrorText={text.notCopied}
    />
  );
}
