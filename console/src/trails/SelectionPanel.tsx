import type { Trail } from '@aws-sdk/client-cloudtrail';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import Spinner from '@cloudscape-design/components/spinner';
import { useCallback } from 'react';

import { useApi } from '../api/client';
import { useAnswer } from '../api/useAnswer';
import { fill } from '../app/route';
import { useTexts } from '../i18n/useTexts';
import { SelectionView } from '../selectors/SelectionView';
import { Failure } from '../ui/Failure';
import { PlaceButton } from '../ui/PlaceButton';
import { UI } from '../ui/text';
import { getSelection } from './calls';
import { editTrail } from './routes';
import { TEXT } from './text';

/** Which events a trail delivers. */
export function SelectionPanel({ trail }: { trail: Trail }) {
  const text = useTexts(TEXT);
  const ui = useTexts(UI);
  const api = useApi();
  const { TrailARN = '', HomeRegion = '', Name = '' } = trail;
  const selection = useAnswer(
    useCallback((signal: AbortSignal) => getSelection(api, TrailARN, signal), [api, TrailARN]),
  );
  const edit = <PlaceButton path={fill(editTrail.path, { region: HomeRegion, name: Name })}>{ui.edit}</PlaceButton>;
  return (
    <Container
      header={
        <Header variant="h2" actions={edit}>
          {text.selection}
        </Header>
      }
    >
      {selection.error !== undefined && <Failure error={selection.error} onRetry={selection.reload} />}
      {selection.value ? <SelectionView selection={selection.value} /> : selection.isLoading && <Spinner />}
    </Container>
  );
}
