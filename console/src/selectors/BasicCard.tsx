import type { ReadWriteType } from '@aws-sdk/client-cloudtrail';
import AttributeEditor from '@cloudscape-design/components/attribute-editor';
import Button from '@cloudscape-design/components/button';
import Checkbox from '@cloudscape-design/components/checkbox';
import Container from '@cloudscape-design/components/container';
import FormField from '@cloudscape-design/components/form-field';
import Header from '@cloudscape-design/components/header';
import Input from '@cloudscape-design/components/input';
import RadioGroup from '@cloudscape-design/components/radio-group';
import Select from '@cloudscape-design/components/select';
import SpaceBetween from '@cloudscape-design/components/space-between';

import { useTexts } from '../i18n/useTexts';
import {
  ALL_RESOURCES,
  type BasicSelector,
  DATA_RESOURCE_TYPES,
  type DataResource,
  EXCLUDABLE_SOURCES,
  problems,
} from './basic';
import { TEXT } from './text';

export interface BasicCardProps {
  number: number;
  selector: BasicSelector;
  onChange: (selector: BasicSelector) => void;
  onRemove: (() => void) | undefined;
}

/** One basic selector to edit. */
export function BasicCard({ number, selector, onChange, onRemove }: BasicCardProps) {
  const text = useTexts(TEXT);
  const remove = onRemove && (
    <Button iconName="remove" ariaLabel={`${text.removeSelector} ${String(number)}`} onClick={onRemove} />
  );
  return (
    <Container
      header={
        <Header variant="h3" actions={remove}>
          {text.selector(number)}
        </Header>
      }
    >
      <SpaceBetween size="m">
        <FormField label={text.readWrite}>
          <RadioGroup
            value={selector.readWrite}
            direction="horizontal"
            items={(['All', 'ReadOnly', 'WriteOnly'] as const).map((value) => ({
              value,
              label: text.readWrites[value],
            }))}
            onChange={({ detail }) => {
              onChange({ ...selector, readWrite: detail.value as ReadWriteType });
            }}
          />
        </FormField>
        <ManagementField selector={selector} onChange={onChange} />
        <FormField
          label={text.dataResources}
          stretch
          errorText={problems(selector).has('nothing') && text.problems.nothing}
        >
          <ResourceLines
            resources={selector.resources}
            onChange={(resources) => {
              onChange({ ...selector, resources });
            }}
          />
        </FormField>
      </SpaceBetween>
    </Container>
  );
}

function ManagementField({ selector, onChange }: Pick<BasicCardProps, 'selector' | 'onChange'>) {
  const text = useTexts(TEXT);
  const exclude = (source: string, isExcluded: boolean) => {
    const others = selector.excludedSources.filter((other) => other !== source);
    onChange({ ...selector, excludedSources: isExcluded ? [...others, source] : others });
  };
  return (
    <SpaceBetween size="xs">
      <Checkbox
        checked={selector.management}
        onChange={({ detail }) => {
          onChange({ ...selector, management: detail.checked, excludedSources: [] });
        }}
      >
        {text.management}
      </Checkbox>
      {EXCLUDABLE_SOURCES.map((source) => (
        <Checkbox
          key={source}
          disabled={!selector.management}
          checked={selector.excludedSources.includes(source)}
          onChange={({ detail }) => {
            exclude(source, detail.checked);
          }}
        >
          {text.exclude(source)}
        </Checkbox>
      ))}
    </SpaceBetween>
  );
}

interface ResourceLinesProps {
  resources: readonly DataResource[];
  onChange: (resources: readonly DataResource[]) => void;
}

function ResourceLines({ resources, onChange }: ResourceLinesProps) {
  const text = useTexts(TEXT);
  const change = (at: number, some: Partial<DataResource>) => {
    onChange(resources.map((resource, index) => (index === at ? { ...resource, ...some } : resource)));
  };
  const all = (type: string) => ({ type, value: ALL_RESOURCES[type] ?? '' });
  return (
    <AttributeEditor
      items={resources}
      empty={text.noDataResources}
      addButtonText={text.addResource}
      removeButtonText={text.removeCondition}
      removeButtonAriaLabel={(line) => `${text.removeCondition} ${line.value}`}
      onAddButtonClick={() => {
        onChange([...resources, all(DATA_RESOURCE_TYPES[0])]);
      }}
      onRemoveButtonClick={({ detail }) => {
        onChange(resources.filter((_, at) => at !== detail.itemIndex));
      }}
      definition={[
        {
          label: text.resourceType,
          control: (line: DataResource, at) => (
            <Select
              selectedOption={{ value: line.type, label: line.type }}
              options={DATA_RESOURCE_TYPES.map((type) => ({ value: type, label: type }))}
              ariaLabel={text.resourceType}
              onChange={({ detail }) => {
                change(at, all(detail.selectedOption.value ?? line.type));
              }}
            />
          ),
        },
        {
          label: text.resource,
          errorText: (line: DataResource) => (line.value === '' ? text.problems.value : undefined),
          control: (line: DataResource, at) => (
            <Input
              value={line.value}
              ariaLabel={text.resource}
              spellcheck={false}
              onChange={({ detail }) => {
                change(at, { value: detail.value });
              }}
            />
          ),
        },
      ]}
    />
  );
}
