import './query.css';

import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';

import { useTexts } from '../i18n/useTexts';
import { categoryOf, type Store } from '../lake/stores';
import { columnsOf } from '../sql/columns';
import { TEXT } from './text';

/** The columns of a store; a click puts one into the statement. */
export function ColumnList({ store, onInsert }: { store: Store | undefined; onInsert: (name: string) => void }) {
  const text = useTexts(TEXT);
  if (!store) return <Box color="text-body-secondary">{text.noStores}</Box>;
  return (
    <div className="pane" tabIndex={0} role="region" aria-label={text.columns}>
      <ul>
        {columnsOf(categoryOf(store)).map(({ name, type }) => (
          <li key={name} className="entry">
            <Button
              variant="inline-link"
              ariaLabel={text.insert(name)}
              onClick={() => {
                onInsert(name);
              }}
            >
              {name}
            </Button>
            <Box variant="small">{type}</Box>
          </li>
        ))}
      </ul>
    </div>
  );
}
