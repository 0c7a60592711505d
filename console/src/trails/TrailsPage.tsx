import Box from '@cloudscape-design/components/box';
import SpaceBetween from '@cloudscape-design/components/space-between';
import { useCallback, useMemo } from 'react';

import { useApi } from '../api/client';
import { useAnswer } from '../api/useAnswer';
import { Page } from '../app/Page';
import { fill } from '../app/route';
import { useTexts } from '../i18n/useTexts';
import { Ago } from '../ui/Ago';
import { ItemTable, type ItemColumn } from '../ui/ItemTable';
import { PlaceButton } from '../ui/PlaceButton';
import { PlaceLink } from '../ui/PlaceLink';
import { UI } from '../ui/text';
import { listTrails, type TrailWithStatus } from './calls';
import { createTrail, trail as trailRoute } from './routes';
import { TEXT } from './text';
import { TrailState } from './TrailState';

/** The trails of the account, whichever Region is their home. */
export default function TrailsPage() {
  const text = useTexts(TEXT);
  const api = useApi();
  const trails = useAnswer(useCallback((signal: AbortSignal) => listTrails(api, signal), [api]));
  const create = (
    <PlaceButton path={createTrail.path} variant="primary">
      {text.create}
    </PlaceButton>
  );
  return (
    <Page title={text.title} description={text.about}>
      <ItemTable
        title={text.title}
        answer={trails}
        columns={useColumns()}
        id={({ trail }) => trail.TrailARN ?? ''}
        actions={create}
        empty={
          <SpaceBetween size="s" alignItems="center">
            <Box>{text.empty}</Box>
            {create}
          </SpaceBetween>
        }
      />
    </Page>
  );
}

function useColumns(): readonly ItemColumn<TrailWithStatus>[] {
  const text = useTexts(TEXT);
  const ui = useTexts(UI);
  return useMemo(
    () => [
      {
        id: 'name',
        header: text.name,
        isRowHeader: true,
        value: ({ trail }) => trail.Name ?? '',
        cell: ({ trail }) => (
          <PlaceLink path={fill(trailRoute.path, { region: trail.HomeRegion ?? '', name: trail.Name ?? '' })}>
            {trail.Name}
          </PlaceLink>
        ),
      },
      {
        id: 'status',
        header: text.status,
        value: ({ status }) => String(status.IsLogging),
        cell: ({ status }) => <TrailState status={status} />,
      },
      {
        id: 'regions',
        header: text.regions,
        value: ({ trail }) => (trail.IsMultiRegionTrail ? text.allRegions : (trail.HomeRegion ?? '')),
        cell: ({ trail }) => (trail.IsMultiRegionTrail ? text.allRegions : trail.HomeRegion),
      },
      {
        id: 'home',
        header: text.home,
        value: ({ trail }) => trail.HomeRegion ?? '',
        cell: ({ trail }) => trail.HomeRegion,
      },
      {
        id: 'bucket',
        header: text.bucket,
        value: ({ trail }) => trail.S3BucketName ?? '',
        cell: ({ trail }) => [trail.S3BucketName, trail.S3KeyPrefix].filter(Boolean).join('/'),
      },
      {
        id: 'delivered',
        header: text.lastDelivery,
        value: ({ status }) => status.LatestDeliveryTime?.getTime() ?? 0,
        cell: ({ status }) => <Ago at={status.LatestDeliveryTime} />,
      },
      {
        id: 'error',
        header: text.error,
        value: ({ status }) => status.LatestDeliveryError ?? '',
        cell: ({ status }) => status.LatestDeliveryError ?? ui.none,
      },
    ],
    [text, ui],
  );
}
