import type { GetChannelResponse } from '@aws-sdk/client-cloudtrail';
import { useCallback, useMemo } from 'react';

import { useApi } from '../api/client';
import { useAnswer } from '../api/useAnswer';
import { fill } from '../app/route';
import { useTexts } from '../i18n/useTexts';
import { Ago } from '../ui/Ago';
import { type ItemColumn, ItemTable } from '../ui/ItemTable';
import { PlaceButton } from '../ui/PlaceButton';
import { PlaceLink } from '../ui/PlaceLink';
import { UI } from '../ui/text';
import { listChannels } from './channels';
import { channel as channelRoute, createChannel } from './routes';
import { idOf } from './stores';
import { TEXT } from './text';

export function ChannelsTable() {
  const text = useTexts(TEXT);
  const ui = useTexts(UI);
  const api = useApi();
  const channels = useAnswer(useCallback((signal: AbortSignal) => listChannels(api, signal), [api]));
  const columns = useMemo<readonly ItemColumn<GetChannelResponse>[]>(
    () => [
      {
        id: 'name',
        header: text.name,
        isRowHeader: true,
        value: (channel) => channel.Name ?? '',
        cell: (channel) => (
          <PlaceLink path={fill(channelRoute.path, { id: idOf(channel.ChannelArn) })}>{channel.Name}</PlaceLink>
        ),
      },
      {
        id: 'source',
        header: text.source,
        value: (channel) => channel.Source ?? '',
        cell: (channel) => channel.Source,
      },
      {
        id: 'success',
        header: text.lastSuccess,
        value: (channel) => channel.IngestionStatus?.LatestIngestionSuccessTime?.getTime() ?? 0,
        cell: (channel) => <Ago at={channel.IngestionStatus?.LatestIngestionSuccessTime} />,
      },
      {
        id: 'error',
        header: text.lastError,
        value: (channel) => channel.IngestionStatus?.LatestIngestionErrorCode ?? '',
        cell: (channel) => channel.IngestionStatus?.LatestIngestionErrorCode ?? ui.none,
      },
    ],
    [text, ui],
  );
  return (
    <ItemTable
      title={text.channels}
      answer={channels}
      columns={columns}
      id={(channel) => channel.ChannelArn ?? ''}
      empty={text.noChannels}
      actions={
        <PlaceButton path={createChannel.path} variant="primary">
          {text.createChannel}
        </PlaceButton>
      }
    />
  );
}
