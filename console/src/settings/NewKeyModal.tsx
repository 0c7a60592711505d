import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';

import { useTexts } from '../i18n/useTexts';
import { CopyText } from '../ui/CopyText';
import { UI } from '../ui/text';
import type { NewKey } from './keys';
import { TEXT } from './text';

/** Shows a secret, once: it is nowhere else in the console. */
export function NewKeyModal({ made, onDismiss }: { made: NewKey; onDismiss: () => void }) {
  const text = useTexts(TEXT);
  const ui = useTexts(UI);
  const secret = (value: string) => <CopyText text={value} />;
  return (
    <Modal
      visible
      onDismiss={onDismiss}
      header={text.secretTitle}
      closeAriaLabel={ui.close}
      footer={
        <Box float="right">
          <Button variant="primary" onClick={onDismiss}>
            {text.done}
          </Button>
        </Box>
      }
    >
      <SpaceBetween size="m">
        <Alert type="warning">{text.secretAbout}</Alert>
        <KeyValuePairs
          items={[
            { label: text.owner, value: made.Arn },
            { label: text.id, value: secret(made.AccessKeyId) },
            { label: text.secret, value: secret(made.SecretAccessKey) },
            ...(made.SessionToken === undefined ? [] : [{ label: text.token, value: secret(made.SessionToken) }]),
          ]}
        />
      </SpaceBetween>
    </Modal>
  );
}
