import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';

import { useTexts } from '../i18n/useTexts';
import { UI } from '../ui/text';
import { type AdvancedSelector, emptySelector, problems, scopeField } from './advanced';
import { NETWORK_EVENT_SOURCES, RESOURCE_TYPES } from './catalogue';
import { ConditionLines } from './ConditionLines';
import { CATEGORIES, type Subject } from './fields';
import { type Preset, presetsFor, withPreset } from './presets';
import { TEXT } from './text';

export interface AdvancedCardProps {
  subject: Subject;
  number: number;
  selector: AdvancedSelector;
  onChange: (selector: AdvancedSelector) => void;
  onRemove: (() => void) | undefined;
}

/** One advanced selector to edit. */
export function AdvancedCard({ subject, number, selector, onChange, onRemove }: AdvancedCardProps) {
  const text = useTexts(TEXT);
  const ui = useTexts(UI);
  return (
    <Container header={<CardHeader {...{ subject, number, selector, onChange, onRemove }} />}>
      <SpaceBetween size="m">
        <ColumnLayout columns={3}>
          <FormField label={text.category}>
            <Select
              selectedOption={{ value: selector.category, label: text.categories[selector.category] }}
              options={CATEGORIES.map((category) => ({ value: category, label: text.categories[category] }))}
              onChange={({ detail }) => {
                const category = CATEGORIES.find((it) => it === detail.selectedOption.value);
                if (category) onChange({ ...emptySelector(category), name: selector.name });
              }}
            />
          </FormField>
          {scopeField(selector.category) !== undefined && <ScopeField selector={selector} onChange={onChange} />}
          <FormField
            label={
              <>
                {text.name} <i>– {ui.optional}</i>
              </>
            }
          >
            <Input
              value={selector.name}
              onChange={({ detail }) => {
                onChange({ ...selector, name: detail.value });
              }}
            />
          </FormField>
        </ColumnLayout>
        <FormField label={text.conditions} description={text.conditionsAbout} stretch>
          <ConditionLines
            subject={subject}
            selector={selector}
            onChange={(conditions) => {
              onChange({ ...selector, conditions });
            }}
          />
        </FormField>
      </SpaceBetween>
    </Container>
  );
}

function CardHeader({ subject, number, selector, onChange, onRemove }: AdvancedCardProps) {
  const text = useTexts(TEXT);
  const presets = presetsFor(subject, selector);
  return (
    <Header
      variant="h3"
      actions={
        <SpaceBetween direction="horizontal" size="xs">
          <ButtonDropdown
            items={presets.map((preset) => ({ id: preset, text: text.presets[preset] }))}
            onItemClick={({ detail }) => {
              onChange(withPreset(selector, detail.id as Preset));
            }}
          >
            {text.begin}
          </ButtonDropdown>
          {onRemove && (
            <Button iconName="remove" ariaLabel={`${text.removeSelector} ${String(number)}`} onClick={onRemove} />
          )}
        </SpaceBetween>
      }
    >
      {text.selector(number)}
    </Header>
  );
}

/** The one type of resources, or the one service, that a selector is about. */
function ScopeField({
  selector,
  onChange,
}: {
  selector: AdvancedSelector;
  onChange: (selector: AdvancedSelector) => void;
}) {
  const text = useTexts(TEXT);
  const isData = selector.category === 'Data';
  const options = isData ? RESOURCE_TYPES : NETWORK_EVENT_SOURCES;
  return (
    <FormField
      label={isData ? text.resourceType : text.eventSource}
      errorText={problems(selector).has('scope') && text.problems.scope}
    >
      <Select
        selectedOption={selector.scope === '' ? null : { value: selector.scope, label: selector.scope }}
        options={options.map((option) => ({ value: option, label: option }))}
        filteringType="auto"
        placeholder={text.choose}
        onChange={({ detail }) => {
          onChange({ ...selector, scope: detail.selectedOption.value ?? '' });
        }}
      />
    </FormField>
  );
}
