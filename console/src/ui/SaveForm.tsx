import Button from '@cloudscape-design/components/button';
import Form from '@cloudscape-design/components/form';
import SpaceBetween from '@cloudscape-design/components/space-between';
import type { ReactNode } from 'react';

import { useTexts } from '../i18n/useTexts';
import { UI } from './text';

export interface SaveFormProps {
  /** What the button says. */
  label: string;
  isBusy: boolean;
  onSave: () => void;
  onCancel: () => void;
  children: ReactNode;
}

/** A form that is saved as a whole, by the button or by Enter. */
export function SaveForm({ label, isBusy, onSave, onCancel, children }: SaveFormProps) {
  const text = useTexts(UI);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!isBusy) onSave();
      }}
    >
      <Form
        actions={
          <SpaceBetween direction="horizontal" size="xs">
            <Button variant="link" formAction="none" onClick={onCancel}>
              {text.cancel}
            </Button>
            <Button variant="primary" loading={isBusy}>
              {label}
            </Button>
          </SpaceBetween>
        }
      >
        {children}
      </Form>
    </form>
  );
}
