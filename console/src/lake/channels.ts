import {
  type Channel,
  type Destination,
  GetChannelCommand,
  type GetChannelResponse,
  paginateListChannels,
} from '@aws-sdk/client-cloudtrail';

import type { Api } from '../api/client';

/** The sources that CloudTrail knows by name; `Custom` is one's own. */
export const CHANNEL_SOURCES: readonly string[] = (
  'Custom CloudStorageSecurityConsole Clumio CrowdStrike CyberArk GitHub IBMMulticloud KongGatewayEnterprise ' +
  'LaunchDarkly MontyCloud NetskopeCloudExchange OktaSystemLogEvents OneLogin Shoreline Snyk WizAuditLogs'
).split(' ');

export async function listChannels(api: Api, signal: AbortSignal): Promise<GetChannelResponse[]> {
  const channels: Channel[] = [];
  for await (const page of paginateListChannels({ client: api.cloudtrail }, {}, { abortSignal: signal })) {
    channels.push(...(page.Channels ?? []));
  }
  return Promise.all(channels.map((channel) => getChannel(api, channel.ChannelArn ?? '', signal)));
}

export function getChannel(api: Api, idOrArn: string, signal: AbortSignal): Promise<GetChannelResponse> {
  return api.cloudtrail.send(new GetChannelCommand({ Channel: idOrArn }), { abortSignal: signal });
}

/** Event data stores as a channel leads into them. */
export function destinationsOf(arns: readonly string[]): Destination[] {
  return arns.map((arn) => ({ Type: 'EVENT_DATA_STORE', Location: arn }));
}
