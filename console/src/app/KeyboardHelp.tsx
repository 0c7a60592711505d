import Box from '@cloudscape-design/components/box';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Modal from '@cloudscape-design/components/modal';

import { useTexts } from '../i18n/useTexts';
import { TEXT } from './text';

export function KeyboardHelp({ isShown, onClose }: { isShown: boolean; onClose: () => void }) {
  const text = useTexts(TEXT);
  const keys = Object.entries(text.keys).map(([key, does]) => ({
    label: does,
    value: <Box variant="code">{key}</Box>,
  }));
  return (
    <Modal visible={isShown} onDismiss={onClose} header={text.keyboard} closeAriaLabel={text.close}>
      <KeyValuePairs columns={2} items={keys} />
    </Modal>
  );
}
