import AttributeEditor from '@cloudscape-design/components/attribute-editor';
import Input from '@cloudscape-design/components/input';
import Select from '@cloudscape-design/components/select';

import { useTexts } from '../i18n/useTexts';
import { type AdvancedSelector, type Condition, conditionFields, conditionOn, firstCondition } from './advanced';
import { fieldRule, OPERATORS, type Subject } from './fields';
import { TEXT } from './text';

export interface ConditionLinesProps {
  subject: Subject;
  selector: AdvancedSelector;
  onChange: (conditions: readonly Condition[]) => void;
}

/** The conditions of a selector, a line each: field, operator, value. */
export function ConditionLines({ subject, selector, onChange }: ConditionLinesProps) {
  const text = useTexts(TEXT);
  const { category, conditions } = selector;
  const first = firstCondition(subject, category);
  const change = (at: number, condition: Condition) => {
    onChange(conditions.map((other, index) => (index === at ? condition : other)));
  };
  return (
    <AttributeEditor
      items={conditions}
      empty={text.noConditions}
      addButtonText={text.addCondition}
      removeButtonText={text.removeCondition}
      removeButtonAriaLabel={(line) => `${text.removeCondition} ${line.field} ${line.value}`}
      disableAddButton={first === undefined}
      onAddButtonClick={() => {
        if (first) onChange([...conditions, first]);
      }}
      onRemoveButtonClick={({ detail }) => {
        onChange(conditions.filter((_, at) => at !== detail.itemIndex));
      }}
      gridLayout={[
        { breakpoint: 's', rows: [[3, 3, 5]], removeButton: { width: 'auto' } },
        { rows: [[1], [1], [1]], removeButton: { ownRow: true } },
      ]}
      definition={[
        {
          label: text.field,
          control: (line: Condition, at) => (
            <FieldSelect
              fields={conditionFields(subject, category)}
              value={line.field}
              onChange={(field) => {
                change(at, conditionOn(subject, category, field));
              }}
            />
          ),
        },
        {
          label: text.operator,
          control: (line: Condition, at) => (
            <OperatorSelect {...{ subject, selector, line }} onChange={(it) => change(at, it)} />
          ),
        },
        {
          label: text.value,
          errorText: (line: Condition) => (line.value === '' ? text.problems.value : undefined),
          control: (line: Condition, at) => (
            <ValueInput {...{ subject, selector, line }} onChange={(it) => change(at, it)} />
          ),
        },
      ]}
    />
  );
}

interface LineProps {
  subject: Subject;
  selector: AdvancedSelector;
  line: Condition;
  onChange: (line: Condition) => void;
}

function FieldSelect({
  fields,
  value,
  onChange,
}: {
  fields: readonly string[];
  value: string;
  onChange: (field: string) => void;
}) {
  const text = useTexts(TEXT);
  return (
    <Select
      selectedOption={{ value, label: value }}
      options={fields.map((field) => ({ value: field, label: field }))}
      ariaLabel={text.field}
      onChange={({ detail }) => {
        onChange(detail.selectedOption.value ?? value);
      }}
    />
  );
}

function OperatorSelect({ subject, selector, line, onChange }: LineProps) {
  const text = useTexts(TEXT);
  const operators = fieldRule(subject, selector.category, line.field)?.operators ?? OPERATORS;
  return (
    <Select
      selectedOption={{ value: line.operator, label: text.operators[line.operator] }}
      options={operators.map((operator) => ({ value: operator, label: text.operators[operator] }))}
      ariaLabel={text.operator}
      onChange={({ detail }) => {
        const operator = OPERATORS.find((it) => it === detail.selectedOption.value);
        if (operator) onChange({ ...line, operator });
      }}
    />
  );
}

function ValueInput({ subject, selector, line, onChange }: LineProps) {
  const text = useTexts(TEXT);
  const values = fieldRule(subject, selector.category, line.field)?.values;
  if (values) {
    return (
      <Select
        selectedOption={{ value: line.value, label: line.value }}
        options={values.map((value) => ({ value, label: value }))}
        ariaLabel={text.value}
        onChange={({ detail }) => {
          onChange({ ...line, value: detail.selectedOption.value ?? '' });
        }}
      />
    );
  }
  return (
    <Input
      value={line.value}
      ariaLabel={text.value}
      autoComplete={false}
      spellcheck={false}
      onChange={({ detail }) => {
        onChange({ ...line, value: detail.value });
      }}
    />
  );
}
