import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import Modal from '@cloudscape-design/components/modal';
import RadioGroup from '@cloudscape-design/components/radio-group';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';

import { useApi } from '../api/client';
import { useTexts } from '../i18n/useTexts';
import { DialogActions } from '../ui/DialogActions';
import { UI } from '../ui/text';
import { useAction } from '../ui/useAction';
import { createKey, isComplete, type KeyKind, type KeyRequest, type NewKey } from './keys';
import { TEXT } from './text';

const KINDS = ['user', 'session', 'root'] as const satisfies KeyKind[];

/** Asks for whom a key is, and makes it. */
export function CreateKey({ onCreated, onDismiss }: { onCreated: (key: NewKey) => void; onDismiss: () => void }) {
  const text = useTexts(TEXT);
  const ui = useTexts(UI);
  const api = useApi();
  const { isBusy, run } = useAction();
  const [request, setRequest] = useState<KeyRequest>({ kind: 'user', account: '', user: '', role: '', session: '' });
  const create = async () => {
    const isMade = await run(text.notCreated, async () => {
      onCreated(await createKey(api, request));
    });
    if (!isMade) onDismiss();
  };
  return (
    <Modal
      visible
      onDismiss={onDismiss}
      header={text.createKey}
      closeAriaLabel={ui.close}
      footer={
        <DialogActions
          label={ui.create}
          disabled={!isComplete(request)}
          isBusy={isBusy}
          onDo={() => void create()}
          onDismiss={onDismiss}
        />
      }
    >
      <KeyFields request={request} onChange={setRequest} />
    </Modal>
  );
}

function KeyFields({ request, onChange }: { request: KeyRequest; onChange: (request: KeyRequest) => void }) {
  const text = useTexts(TEXT);
  const ui = useTexts(UI);
  const input = (member: 'account' | 'user' | 'role' | 'session') => (
    <Input
      value={request[member]}
      autoComplete={false}
      spellcheck={false}
      onChange={({ detail }) => {
        onChange({ ...request, [member]: detail.value });
      }}
    />
  );
  return (
    <SpaceBetween size="m">
      <FormField label={text.kind}>
        <RadioGroup
          value={request.kind}
          items={KINDS.map((value) => ({ value, label: text.kinds[value] }))}
          onChange={({ detail }) => {
            onChange({ ...request, kind: detail.value as KeyKind });
          }}
        />
      </FormField>
      {request.kind === 'user' && (
        <FormField label={text.user} constraintText={text.nameHint}>
          {input('user')}
        </FormField>
      )}
      {request.kind === 'session' && (
        <>
          <FormField label={text.role} constraintText={text.nameHint}>
            {input('role')}
          </FormField>
          <FormField label={text.session} constraintText={text.nameHint}>
            {input('session')}
          </FormField>
        </>
      )}
      <FormField
        label={
          <>
            {text.account} <i>– {ui.optional}</i>
          </>
        }
        constraintText={text.accountHint}
      >
        {input('account')}
      </FormField>
    </SpaceBetween>
  );
}
