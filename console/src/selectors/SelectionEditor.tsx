import Button from '@cloudscape-design/components/button';
import Box from '@cloudscape-design/components/box';
import FormField from '@cloudscape-design/components/form-field';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Tiles from '@cloudscape-design/components/tiles';

import { useTexts } from '../i18n/useTexts';
import { type AdvancedSelector, emptySelector } from './advanced';
import { AdvancedCard } from './AdvancedCard';
import { ALL_MANAGEMENT, type BasicSelector } from './basic';
import { BasicCard } from './BasicCard';
import type { Subject } from './fields';
import { Preview } from './Preview';
import { inFamily, type Selection } from './selection';
import { TEXT } from './text';

const SELECTORS_MAX = 5;

export interface SelectionEditorProps {
  subject: Subject;
  selection: Selection;
  onChange: (selection: Selection) => void;
}

/** Which events a trail or an event data store takes, and how many of the last hour's that would have been. */
export function SelectionEditor({ subject, selection, onChange }: SelectionEditorProps) {
  const text = useTexts(TEXT);
  return (
    <SpaceBetween size="l">
      {subject === 'trail' && <FamilyField selection={selection} onChange={onChange} />}
      <Box color="text-body-secondary">{text.about}</Box>
      {selection.family === 'basic' ? (
        <Cards
          selectors={selection.selectors}
          added={ALL_MANAGEMENT}
          onChange={(selectors) => {
            onChange({ family: 'basic', selectors });
          }}
          card={(selector: BasicSelector, props) => <BasicCard selector={selector} {...props} />}
        />
      ) : (
        <Cards
          selectors={selection.selectors}
          added={emptySelector('Data')}
          onChange={(selectors) => {
            onChange({ family: 'advanced', selectors });
          }}
          card={(selector: AdvancedSelector, props) => (
            <AdvancedCard subject={subject} selector={selector} {...props} />
          )}
        />
      )}
      <Preview selection={selection} />
    </SpaceBetween>
  );
}

function FamilyField({ selection, onChange }: Pick<SelectionEditorProps, 'selection' | 'onChange'>) {
  const text = useTexts(TEXT);
  return (
    <FormField label={text.family} description={selection.family === 'advanced' && text.lossy} stretch>
      <Tiles
        value={selection.family}
        items={(['basic', 'advanced'] as const).map((family) => ({ value: family, ...text.families[family] }))}
        onChange={({ detail }) => {
          onChange(inFamily(selection, detail.value === 'basic' ? 'basic' : 'advanced'));
        }}
      />
    </FormField>
  );
}

interface CardsProps<T> {
  selectors: readonly T[];
  added: T;
  onChange: (selectors: readonly T[]) => void;
  card: (
    selector: T,
    props: { number: number; onChange: (selector: T) => void; onRemove: (() => void) | undefined },
  ) => React.ReactNode;
}

/** A card for each selector; the last one stays. */
function Cards<T>({ selectors, added, onChange, card }: CardsProps<T>) {
  const text = useTexts(TEXT);
  return (
    <SpaceBetween size="m">
      {selectors.map((selector, at) => (
        // Selectors have no identity but their place.
        <div key={at}>
          {card(selector, {
            number: at + 1,
            onChange: (changed) => {
              onChange(selectors.map((other, index) => (index === at ? changed : other)));
            },
            onRemove:
              selectors.length === 1
                ? undefined
                : () => {
                    onChange(selectors.filter((_, index) => index !== at));
                  },
          })}
        </div>
      ))}
      <Button
        iconName="add-plus"
        formAction="none"
        disabled={selectors.length >= SELECTORS_MAX}
        onClick={() => {
          onChange([...selectors, added]);
        }}
      >
        {text.addSelector}
      </Button>
    </SpaceBetween>
  );
}
