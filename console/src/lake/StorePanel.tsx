import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import KeyValuePairs from '@cloudscape-design/components/key-value-pairs';

import { useTexts } from '../i18n/useTexts';
import { Ago } from '../ui/Ago';
import { CopyText } from '../ui/CopyText';
import { UI } from '../ui/text';
import { categoryOf, idOf, type Store } from './stores';
import { StoreState } from './StoreState';
import { TEXT } from './text';

/** The settings of an event data store, to read. */
export function StorePanel({ store }: { store: Store }) {
  const text = useTexts(TEXT);
  const ui = useTexts(UI);
  return (
    <Container header={<Header variant="h2">{text.settings}</Header>}>
      <KeyValuePairs
        columns={3}
        items={[
          { label: text.status, value: <StoreState status={store.Status} /> },
          { label: text.id, value: <CopyText text={idOf(store.EventDataStoreArn)} /> },
          { label: text.arn, value: <CopyText text={store.EventDataStoreArn ?? ''} /> },
          { label: text.kind, value: text.kinds[categoryOf(store)] },
          { label: text.regions, value: store.MultiRegionEnabled ? text.allRegions : text.oneRegion },
          { label: text.retention, value: text.days(store.RetentionPeriod ?? 0) },
          { label: text.billing, value: store.BillingMode ? text.billings[store.BillingMode] : ui.none },
          { label: text.protection, value: store.TerminationProtectionEnabled ? ui.on : ui.off },
          { label: text.key, value: store.KmsKeyId ?? ui.none },
          { label: text.created, value: <Ago at={store.CreatedTimestamp} /> },
          { label: text.updated, value: <Ago at={store.UpdatedTimestamp} /> },
        ]}
      />
    </Container>
  );
}
