import { PutInsightSelectorsCommand } from '@aws-sdk/client-cloudtrail';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useCallback, useState } from 'react';

import { useApi } from '../api/client';
import { useAnswer } from '../api/useAnswer';
import { useNotifications } from '../app/notifications-context';
import { useTexts } from '../i18n/useTexts';
import { InsightChecks } from '../insights/InsightChecks';
import { TEXT } from '../insights/text';
import { Failure } from '../ui/Failure';
import { UI } from '../ui/text';
import { useAction } from '../ui/useAction';
import { getStoreInsights, insightsRequest, isComplete, type StoreInsights } from './insights';
import { categoryOf, idOf, listStores, type Store } from './stores';

/** Which Insights are looked for in the management events of a store, and where they are recorded. */
export function StoreInsightsPanel({ arn }: { arn: string }) {
  const text = useTexts(TEXT);
  const ui = useTexts(UI);
  const api = useApi();
  const { succeeded } = useNotifications();
  const { isBusy, run } = useAction();
  const loaded = useAnswer(
    useCallback(
      async (signal: AbortSignal) => {
        const [insights, stores] = await Promise.all([getStoreInsights(api, arn, signal), listStores(api, signal)]);
        return { insights, destinations: stores.filter(isDestination) };
      },
      [api, arn],
    ),
  );
  const [edited, setEdited] = useState<StoreInsights>();

  const save = async (insights: StoreInsights) => {
    if (!(await run(text.notSaved, () => api.cloudtrail.send(new PutInsightSelectorsCommand(insightsRequest(arn, insights)))))) return;
    succeeded(text.saved);
    setEdited(undefined);
    loaded.reload();
  };
  const button = (
    <Button
      disabled={!edited || !isComplete(edited)}
      loading={isBusy}
      onClick={() => {
        if (edited) void save(edited);
      }}
    >
      {ui.save}
    </Button>
  );
  return (
    <Container
      header={
        <Header variant="h2" description={text.about} actions={button}>
          {text.title}
        </Header>
      }
    >
      {loaded.error !== undefined && <Failure error={loaded.error} onRetry={loaded.reload} />}
      {loaded.value && (
        <InsightFields insights={edited ?? loaded.value.insights} destinations={loaded.value.destinations} onChange={setEdited} />
      )}
    </Container>
  );
}

function isDestination(store: Store): boolean {
  return store.Status !== 'PENDING_DELETION' && categoryOf(store) === 'Insight';
}

interface InsightFieldsProps {
  insights: StoreInsights;
  destinations: readonly Store[];
  onChange: (insights: StoreInsights) => void;
}

function InsightFields({ insights, destinations, onChange }: InsightFieldsProps) {
  const text = useTexts(TEXT);
  const options = destinations.map((store) => ({
    value: store.EventDataStoreArn ?? '',
    label: store.Name,
    description: idOf(store.EventDataStoreArn),
  }));
  return (
    <SpaceBetween size="m">
      <FormField label={text.destination} constraintText={text.destinationHint}>
        <Select
          selectedOption={options.find((option) => option.value === insights.destination) ?? null}
          options={options}
          empty={text.noDestination}
          placeholder={text.destinationHint}
          onChange={({ detail }) => {
            onChange({ ...insights, destination: detail.selectedOption.value ?? '' });
          }}
        />
      </FormField>
      <InsightChecks
        keys={insights.keys}
        categories={['Management']}
        onChange={(keys) => {
          onChange({ ...insights, keys });
        }}
      />
    </SpaceBetween>
  );
}
