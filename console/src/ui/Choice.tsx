import FormField from '@cloudscape-design/components/form-field';
import SegmentedControl from '@cloudscape-design/components/segmented-control';
import { useId } from 'react';

export interface ChoiceProps<Id extends string> {
  label: string;
  hint?: string;
  selected: Id;
  options: readonly { id: Id; text: string }[];
  onChange: (id: Id) => void;
}

/** A field of a form for one of a few things, all in sight; on a narrow screen it is a list. */
export function Choice<Id extends string>({ label, hint, selected, options, onChange }: ChoiceProps<Id>) {
  // A label of the control itself would be shown once more above that list.
  const id = useId();
  return (
    <FormField label={<span id={id}>{label}</span>} constraintText={hint}>
      <SegmentedControl
        ariaLabelledby={id}
        selectedId={selected}
        options={options}
        onChange={({ detail }) => {
          onChange(detail.selectedId as Id);
        }}
      />
    </FormField>
  );
}
