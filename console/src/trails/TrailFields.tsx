import Checkbox from '@cloudscape-design/components/checkbox';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';

import { useTexts } from '../i18n/useTexts';
import { UI } from '../ui/text';
import type { SettingsProblem, TrailSettings } from './settings';
import { TEXT } from './text';

export interface TrailFieldsProps {
  settings: TrailSettings;
  onChange: (settings: TrailSettings) => void;
  /** Those that are to be shown: nobody is scolded before they tried. */
  problems: ReadonlySet<SettingsProblem>;
  isNew: boolean;
}

/** The settings of a trail, but for its selectors. */
export function TrailFields({ settings, onChange, problems, isNew }: TrailFieldsProps) {
  const text = useTexts(TEXT);
  const change = (some: Partial<TrailSettings>) => {
    onChange({ ...settings, ...some });
  };
  return (
    <Container header={<Header variant="h2">{text.general}</Header>}>
      <SpaceBetween size="m">
        <FormField
          label={text.name}
          constraintText={text.nameHint}
          errorText={problems.has('name') && text.problems.name}
        >
          <Text value={settings.name} onChange={(name) => change({ name })} isDisabled={!isNew} isFirst={isNew} />
        </FormField>
        <FormField
          label={text.bucket}
          constraintText={text.bucketHint}
          errorText={problems.has('bucket') && text.problems.bucket}
        >
          <Text value={settings.bucket} onChange={(bucket) => change({ bucket })} />
        </FormField>
        <OptionalField
          label={text.prefix}
          hint={text.prefixHint}
          error={problems.has('prefix') && text.problems.prefix}
          value={settings.prefix}
          onChange={(prefix) => change({ prefix })}
        />
        <Switches settings={settings} onChange={onChange} />
        <ExpandableSection headerText={text.more} defaultExpanded={settings.topic !== '' || settings.key !== ''}>
          <SpaceBetween size="m">
            <OptionalField
              label={text.topic}
              hint={text.topicHint}
              value={settings.topic}
              onChange={(topic) => change({ topic })}
            />
            <OptionalField
              label={text.key}
              hint={text.keyHint}
              value={settings.key}
              onChange={(key) => change({ key })}
            />
          </SpaceBetween>
        </ExpandableSection>
      </SpaceBetween>
    </Container>
  );
}

function Switches({ settings, onChange }: Pick<TrailFieldsProps, 'settings' | 'onChange'>) {
  const text = useTexts(TEXT);
  return (
    <SpaceBetween size="xs">
      <Checkbox
        checked={settings.isMultiRegion}
        onChange={({ detail }) => {
          onChange({ ...settings, isMultiRegion: detail.checked });
        }}
      >
        {text.multiRegion}
      </Checkbox>
      <Checkbox
        checked={settings.isMultiRegion || settings.hasGlobalEvents}
        disabled={settings.isMultiRegion}
        onChange={({ detail }) => {
          onChange({ ...settings, hasGlobalEvents: detail.checked });
        }}
      >
        {text.global}
      </Checkbox>
      <Checkbox
        checked={settings.isValidated}
        onChange={({ detail }) => {
          onChange({ ...settings, isValidated: detail.checked });
        }}
      >
        {text.validate}
      </Checkbox>
    </SpaceBetween>
  );
}

interface OptionalFieldProps {
  label: string;
  hint: string;
  error?: string | false;
  value: string;
  onChange: (value: string) => void;
}

function OptionalField({ label, hint, error, value, onChange }: OptionalFieldProps) {
  const ui = useTexts(UI);
  return (
    <FormField
      label={
        <>
          {label} <i>– {ui.optional}</i>
        </>
      }
      constraintText={hint}
      errorText={error}
    >
      <Text value={value} onChange={onChange} />
    </FormField>
  );
}

interface TextProps {
  value: string;
  onChange: (value: string) => void;
  isDisabled?: boolean;
  isFirst?: boolean;
}

function Text({ value, onChange, isDisabled = false, isFirst = false }: TextProps) {
  return (
    <Input
      value={value}
      disabled={isDisabled}
      autoFocus={isFirst}
      autoComplete={false}
      spellcheck={false}
      onChange={({ detail }) => {
        onChange(detail.value);
      }}
    />
  );
}
