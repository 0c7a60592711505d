import { DisableFederationCommand, EnableFederationCommand } from '@aws-sdk/client-cloudtrail';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import { useState } from 'react';

import { useApi } from '../api/client';
import { useTexts } from '../i18n/useTexts';
import { useAction } from '../ui/useAction';
import type { Store } from './stores';
import { TEXT } from './text';

/** Whether other engines may read the files of a store, and as whom. */
export function FederationPanel({ store, reload }: { store: Store; reload: () => void }) {
  const text = useTexts(TEXT);
  const { cloudtrail, identity } = useApi();
  const { isBusy, run } = useAction();
  const [role, setRole] = useState(store.FederationRoleArn ?? `arn:aws:iam::${identity.Account}:role/lake-reader`);
  const isEnabled = store.FederationStatus === 'ENABLED';
  const toggle = async () => {
    const input = { EventDataStore: store.EventDataStoreArn };
    const isDone = await run(text.federationNotSwitched, () =>
      isEnabled
        ? cloudtrail.send(new DisableFederationCommand(input))
        : cloudtrail.send(new EnableFederationCommand({ ...input, FederationRoleArn: role })),
    );
    if (isDone) reload();
  };
  return (
    <Container
      header={
        <Header
          variant="h2"
          description={text.federationAbout}
          actions={
            <Button loading={isBusy} onClick={() => void toggle()}>
              {isEnabled ? text.disable : text.enable}
            </Button>
          }
        >
          {text.federation}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <StatusIndicator type={isEnabled ? 'success' : 'stopped'}>
          {isEnabled ? text.enabled : text.disabled}
        </StatusIndicator>
        <FormField label={text.federationRole}>
          <Input
            value={role}
            disabled={isEnabled}
            spellcheck={false}
            onChange={({ detail }) => {
              setRole(detail.value);
            }}
          />
        </FormField>
      </SpaceBetween>
    </Container>
  );
}
