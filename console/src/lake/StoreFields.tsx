import Checkbox from '@cloudscape-design/components/checkbox';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';

import { useTexts } from '../i18n/useTexts';
import { SelectionEditor } from '../selectors/SelectionEditor';
import { UI } from '../ui/text';
import {
  canStop,
  RETENTION_DAYS,
  RETENTION_DAYS_MIN,
  STORE_KINDS,
  type StoreProblem,
  type StoreSettings,
} from './stores';
import { TEXT } from './text';

export interface StoreFieldsProps {
  settings: StoreSettings;
  onChange: (settings: StoreSettings) => void;
  problems: ReadonlySet<StoreProblem>;
  isNew: boolean;
  hasKey: boolean;
}

/** The settings of an event data store. */
export function StoreFields(props: StoreFieldsProps) {
  const text = useTexts(TEXT);
  const { settings, onChange } = props;
  return (
    <SpaceBetween size="l">
      <Container header={<Header variant="h2">{text.general}</Header>}>
        <SpaceBetween size="m">
          <NameAndKind {...props} />
          <RetentionFields {...props} />
          <Switches {...props} />
          <KeyField {...props} />
        </SpaceBetween>
      </Container>
      {settings.kind === 'Management' && (
        <Container header={<Header variant="h2">{text.selection}</Header>}>
          <SelectionEditor
            subject="store"
            selection={settings.selection}
            onChange={(selection) => {
              onChange({ ...settings, selection });
            }}
          />
        </Container>
      )}
    </SpaceBetween>
  );
}

function NameAndKind({ settings, onChange, problems, isNew }: StoreFieldsProps) {
  const text = useTexts(TEXT);
  return (
    <ColumnLayout columns={2}>
      <FormField label={text.name} constraintText={text.nameHint} errorText={problems.has('name') && text.nameProblem}>
        <Input
          value={settings.name}
          autoFocus={isNew}
          autoComplete={false}
          spellcheck={false}
          onChange={({ detail }) => {
            onChange({ ...settings, name: detail.value });
          }}
        />
      </FormField>
      <FormField label={text.kind}>
        <Select
          disabled={!isNew}
          selectedOption={{ value: settings.kind, label: text.kinds[settings.kind] }}
          options={STORE_KINDS.map((kind) => ({ value: kind, label: text.kinds[kind] }))}
          onChange={({ detail }) => {
            const kind = STORE_KINDS.find((it) => it === detail.selectedOption.value);
            if (kind) onChange({ ...settings, kind });
          }}
        />
      </FormField>
    </ColumnLayout>
  );
}

const BILLINGS = ['EXTENDABLE_RETENTION_PRICING', 'FIXED_RETENTION_PRICING'] as const;

function RetentionFields({ settings, onChange, problems, isNew }: StoreFieldsProps) {
  const text = useTexts(TEXT);
  const { max } = RETENTION_DAYS[settings.billing];
  // Extendable pricing can't become fixed.
  const isSettled = !isNew && settings.billing === 'EXTENDABLE_RETENTION_PRICING';
  return (
    <ColumnLayout columns={2}>
      <FormField label={text.billing}>
        <Select
          disabled={isSettled}
          selectedOption={{ value: settings.billing, label: text.billings[settings.billing] }}
          options={BILLINGS.map((billing) => ({ value: billing, label: text.billings[billing] }))}
          onChange={({ detail }) => {
            const billing = BILLINGS.find((it) => it === detail.selectedOption.value);
            if (!billing) return;
            const retentionDays = isNew ? String(RETENTION_DAYS[billing].standard) : settings.retentionDays;
            onChange({ ...settings, billing, retentionDays });
          }}
        />
      </FormField>
      <FormField
        label={text.retentionDays}
        constraintText={text.retentionHint(max)}
        errorText={problems.has('retention') && text.retentionHint(max)}
      >
        <Input
          type="number"
          inputMode="numeric"
          value={settings.retentionDays}
          nativeInputAttributes={{ min: RETENTION_DAYS_MIN, max }}
          onChange={({ detail }) => {
            onChange({ ...settings, retentionDays: detail.value });
          }}
        />
      </FormField>
    </ColumnLayout>
  );
}

function Switches({ settings, onChange, isNew }: StoreFieldsProps) {
  const text = useTexts(TEXT);
  const isOutside = settings.kind === 'ActivityAuditLog';
  return (
    <SpaceBetween size="xs">
      <Checkbox
        checked={settings.isMultiRegion && !isOutside}
        disabled={isOutside}
        onChange={({ detail }) => {
          onChange({ ...settings, isMultiRegion: detail.checked });
        }}
      >
        {text.multiRegion}
      </Checkbox>
      <Checkbox
        checked={settings.isProtected}
        description={text.protect}
        onChange={({ detail }) => {
          onChange({ ...settings, isProtected: detail.checked });
        }}
      >
        {text.protection}
      </Checkbox>
      {isNew && (
        <Checkbox
          checked={settings.isIngesting || !canStop(settings.kind)}
          disabled={!canStop(settings.kind)}
          onChange={({ detail }) => {
            onChange({ ...settings, isIngesting: detail.checked });
          }}
        >
          {text.ingest}
        </Checkbox>
      )}
    </SpaceBetween>
  );
}

function KeyField({ settings, onChange, hasKey }: StoreFieldsProps) {
  const text = useTexts(TEXT);
  const ui = useTexts(UI);
  return (
    <FormField
      label={
        <>
          {text.key} <i>– {ui.optional}</i>
        </>
      }
      constraintText={text.keyHint}
    >
      <Input
        value={settings.key}
        disabled={hasKey}
        spellcheck={false}
        onChange={({ detail }) => {
          onChange({ ...settings, key: detail.value });
        }}
      />
    </FormField>
  );
}
