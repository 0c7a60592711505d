import { PutEventConfigurationCommand } from '@aws-sdk/client-cloudtrail';
import Alert from '@cloudscape-design/components/alert';
import Button from '@cloudscape-design/components/button';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Multiselect from '@cloudscape-design/components/multiselect';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Textarea from '@cloudscape-design/components/textarea';
import { useCallback, useState } from 'react';

import { useApi } from '../api/client';
import { useAnswer } from '../api/useAnswer';
import { useNotifications } from '../app/notifications-context';
import { useTexts } from '../i18n/useTexts';
import { Choice } from '../ui/Choice';
import { Failure } from '../ui/Failure';
import { UI } from '../ui/text';
import { useAction } from '../ui/useAction';
import { type Enrichment, enrichmentRequest, getEnrichment, isFitting, REQUEST_KEYS } from './enrichment';
import { TEXT } from './text';

/** How large the records of a store may be, and what is added to them. */
export function EnrichmentPanel({ arn }: { arn: string }) {
  const text = useTexts(TEXT);
  const ui = useTexts(UI);
  const api = useApi();
  const { succeeded } = useNotifications();
  const { isBusy, run } = useAction();
  const loaded = useAnswer(useCallback((signal: AbortSignal) => getEnrichment(api, arn, signal), [api, arn]));
  const [edited, setEdited] = useState<Enrichment>();

  const save = async (enrichment: Enrichment) => {
    const request = enrichmentRequest(arn, enrichment);
    if (!(await run(text.enrichmentNotSaved, () => api.cloudtrail.send(new PutEventConfigurationCommand(request))))) return;
    succeeded(text.enrichmentSaved);
    setEdited(undefined);
    loaded.reload();
  };
  const button = (
    <Button
      disabled={!edited || !isFitting(edited)}
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
        <Header variant="h2" description={text.enrichmentAbout} actions={button}>
          {text.enrichment}
        </Header>
      }
    >
      {loaded.error !== undefined && <Failure error={loaded.error} onRetry={loaded.reload} />}
      {loaded.value && <EnrichmentFields enrichment={edited ?? loaded.value} onChange={setEdited} />}
    </Container>
  );
}

function EnrichmentFields({ enrichment, onChange }: { enrichment: Enrichment; onChange: (enrichment: Enrichment) => void }) {
  const text = useTexts(TEXT);
  return (
    <SpaceBetween size="m">
      <Choice
        label={text.eventSize}
        hint={text.eventSizeHint}
        selected={enrichment.isLarge ? 'Large' : 'Standard'}
        options={(['Standard', 'Large'] as const).map((id) => ({ id, text: text.eventSizes[id] }))}
        onChange={(size) => {
          onChange({ ...enrichment, isLarge: size === 'Large' });
        }}
      />
      {enrichment.isLarge && <KeyFields enrichment={enrichment} onChange={onChange} />}
      <Alert type="info">{text.notEnriched}</Alert>
    </SpaceBetween>
  );
}

function KeyFields({ enrichment, onChange }: { enrichment: Enrichment; onChange: (enrichment: Enrichment) => void }) {
  const text = useTexts(TEXT);
  const ui = useTexts(UI);
  // Keys that another client has set stay among those that can be chosen.
  const known = new Set([...REQUEST_KEYS, ...enrichment.requestKeys]);
  const options = [...known].map((value) => ({ value, label: value }));
  return (
    <SpaceBetween size="m">
      <FormField label={text.tagKeys} constraintText={text.tagKeysHint} errorText={!isFitting(enrichment) && text.tagKeysHint}>
        <Textarea
          value={enrichment.tagKeys}
          rows={3}
          spellcheck={false}
          onChange={({ detail }) => {
            onChange({ ...enrichment, tagKeys: detail.value });
          }}
        />
      </FormField>
      <FormField label={text.requestKeys} constraintText={text.requestKeysHint}>
        <Multiselect
          options={options}
          selectedOptions={options.filter(({ value }) => enrichment.requestKeys.includes(value))}
          placeholder={text.choose}
          filteringType="auto"
          deselectAriaLabel={(option) => `${ui.removeTag} ${option.label ?? ''}`}
          onChange={({ detail }) => {
            onChange({ ...enrichment, requestKeys: detail.selectedOptions.map(({ value }) => value ?? '') });
          }}
        />
      </FormField>
    </SpaceBetween>
  );
}
