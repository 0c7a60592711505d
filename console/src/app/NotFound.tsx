import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import SpaceBetween from '@cloudscape-design/components/space-between';

import { route as history } from '../history/route';
import { useTexts } from '../i18n/useTexts';
import { Page } from './Page';
import { go } from './place';
import { TEXT } from './text';

export default function NotFound() {
  const text = useTexts(TEXT);
  return (
    <Page title={text.notFound}>
      <SpaceBetween size="m">
        <Box>{text.notFoundHint}</Box>
        <Button
          onClick={() => {
            go(history.path, history.query);
          }}
        >
          {text.toHistory}
        </Button>
      </SpaceBetween>
    </Page>
  );
}
