import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';

import { useTexts } from '../i18n/useTexts';
import { UI } from './text';

export interface DialogActionsProps {
  /** What the button says that does it. */
  label: string;
  disabled?: boolean;
  isBusy?: boolean;
  onDo: () => void;
  onDismiss: () => void;
}

/** The foot of a dialog: leave it, or do what it is for. */
export function DialogActions({ label, disabled = false, isBusy = false, onDo, onDismiss }: DialogActionsProps) {
  const text = useTexts(UI);
  return (
    <Box float="right">
      <SpaceBetween direction="horizontal" size="xs">
        <Button variant="link" onClick={onDismiss}>
          {text.cancel}
        </Button>
        <Button variant="primary" disabled={disabled} loading={isBusy} onClick={onDo}>
          {label}
        </Button>
      </SpaceBetween>
    </Box>
  );
}
