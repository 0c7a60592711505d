import './query.css';

import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import FormField from '@cloudscape-design/components/form-field';
import Input from '@cloudscape-design/components/input';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useState } from 'react';

import { useTexts } from '../i18n/useTexts';
import { forgetStatement, savedStatements, saveStatement } from './statements';
import { TEXT } from './text';

/** Statements that were saved in this browser. */
export function SavedList({ statement, onUse }: { statement: string; onUse: (statement: string) => void }) {
  const text = useTexts(TEXT);
  const [saved, setSaved] = useState(savedStatements);
  const [name, setName] = useState('');
  const save = () => {
    if (name.trim() === '') return;
    setSaved(saveStatement({ name: name.trim(), statement }));
    setName('');
  };
  return (
    <SpaceBetween size="s">
      <FormField
        label={text.saveTitle}
        secondaryControl={
          <Button disabled={name.trim() === ''} onClick={save}>
            {text.save}
          </Button>
        }
        stretch
      >
        <Input
          value={name}
          placeholder={text.saveName}
          onChange={({ detail }) => {
            setName(detail.value);
          }}
          onKeyDown={({ detail }) => {
            if (detail.key === 'Enter') save();
          }}
        />
      </FormField>
      {saved.length === 0 && <Box color="text-body-secondary">{text.savedEmpty}</Box>}
      <div className="pane">
        <ul>
          {saved.map((it) => (
            <li key={it.name} className="entry">
              <Button
                variant="inline-link"
                onClick={() => {
                  onUse(it.statement);
                }}
              >
                {it.name}
              </Button>
              <Button
                variant="inline-icon"
                iconName="remove"
                ariaLabel={text.forget(it.name)}
                onClick={() => {
                  setSaved(forgetStatement(it.name));
                }}
              />
            </li>
          ))}
        </ul>
      </div>
    </SpaceBetween>
  );
}
