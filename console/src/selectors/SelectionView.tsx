import Badge from '@cloudscape-design/components/badge';
import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';

import { useTexts } from '../i18n/useTexts';
import type { AdvancedSelector } from './advanced';
import type { BasicSelector } from './basic';
import type { Selection } from './selection';
import { TEXT } from './text';

/** What is selected, to read. */
export function SelectionView({ selection }: { selection: Selection }) {
  return (
    <SpaceBetween size="m">
      {selection.family === 'basic'
        ? selection.selectors.map((selector, at) => <BasicLines key={at} selector={selector} />)
        : selection.selectors.map((selector, at) => <AdvancedLines key={at} selector={selector} />)}
    </SpaceBetween>
  );
}

function AdvancedLines({ selector }: { selector: AdvancedSelector }) {
  const text = useTexts(TEXT);
  return (
    <div>
      <Box fontWeight="bold">
        <Badge color="blue">{text.categories[selector.category]}</Badge> {selector.scope} {selector.name}
      </Box>
      {selector.conditions.map((condition, at) => (
        <Box key={at} padding={{ left: 'm' }}>
          <span className="mono">{condition.field}</span> {text.operators[condition.operator]}{' '}
          <span className="mono">{condition.value}</span>
        </Box>
      ))}
      {selector.conditions.length === 0 && selector.category !== 'Insight' && (
        <Box padding={{ left: 'm' }} color="text-body-secondary">
          {text.presets.all}
        </Box>
      )}
    </div>
  );
}

function BasicLines({ selector }: { selector: BasicSelector }) {
  const text = useTexts(TEXT);
  return (
    <div>
      <SpaceBetween direction="horizontal" size="xs">
        {selector.management && <Badge color="blue">{text.management}</Badge>}
        <Badge>{text.readWrites[selector.readWrite]}</Badge>
        {selector.excludedSources.map((source) => (
          <Badge key={source}>{text.exclude(source)}</Badge>
        ))}
      </SpaceBetween>
      {selector.resources.map((resource, at) => (
        <Box key={at} padding={{ left: 'm' }}>
          {resource.type} <span className="mono">{resource.value}</span>
        </Box>
      ))}
    </div>
  );
}
