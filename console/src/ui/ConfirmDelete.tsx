import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { type ReactNode, useState } from 'react';

import { useTexts } from '../i18n/useTexts';
import { DialogActions } from './DialogActions';
import { UI } from './text';

export interface ConfirmDeleteProps {
  name: string;
  /** What is lost, and what stays. */
  children: ReactNode;
  isBusy: boolean;
  onConfirm: () => void;
  onDismiss: () => void;
}

/** Asks before something is lost: its name has to be typed. */
export function ConfirmDelete({ name, children, isBusy, onConfirm, onDismiss }: ConfirmDeleteProps) {
  const text = useTexts(UI);
  const [typed, setTyped] = useState('');
  const isConfirmed = typed === name;
  const confirm = () => {
    if (isConfirmed && !isBusy) onConfirm();
  };
  return (
    <Modal
      visible
      onDismiss={onDismiss}
      header={text.deleteTitle(name)}
      closeAriaLabel={text.close}
      footer={
        <DialogActions label={text.remove} disabled={!isConfirmed} isBusy={isBusy} onDo={confirm} onDismiss={onDismiss} />
      }
    >
      <SpaceBetween size="m">
        {children}
        <FormField label={text.deleteConfirm(name)}>
          <Input
            value={typed}
            autoFocus
            autoComplete={false}
            ariaLabel={text.confirmation}
            placeholder={name}
            onChange={({ detail }) => {
              setTyped(detail.value);
            }}
            onKeyDown={({ detail }) => {
              if (detail.key === 'Enter') confirm();
            }}
          />
        </FormField>
      </SpaceBetween>
    </Modal>
  );
}
