import { CloudTrailClient } from '@aws-sdk/client-cloudtrail';
import { createContext, useContext } from 'react';

import { CONSOLE_HEADER } from './console-header';
import type { Credentials, Identity, Session } from './credentials';
import { OpenTrail } from './opentrail';

/** Everything that can be asked of the server: the standard API by AWS's own SDK, and the extensions. */
export interface Api {
  cloudtrail: CloudTrailClient;
  opentrail: OpenTrail;
  identity: Identity;
  region: string;
  /** The same as seen from another Region: what is at home there is changed there only. */
  inRegion: (region: string) => Api;
}

export function apiOf({ credentials, identity }: Session): Api {
  return {
    cloudtrail: cloudTrailOf(credentials),
    opentrail: new OpenTrail(credentials),
    identity,
    region: credentials.region,
    inRegion: (region) => apiOf({ credentials: { ...credentials, region }, identity }),
  };
}

function cloudTrailOf({ region, ...credentials }: Credentials): CloudTrailClient {
  const client = new CloudTrailClient({ endpoint: window.location.origin, region, credentials, maxAttempts: 2 });
  client.middlewareStack.add(
    (next) => (args) => {
      Object.assign((args.request as { headers: Record<string, string> }).headers, CONSOLE_HEADER);
      return next(args);
    },
    { step: 'build', name: 'markAsConsole' },
  );
  return client;
}

export const ApiContext = createContext<Api | undefined>(undefined);

/** The server, as the one who signed in. */
export function useApi(): Api {
  const api = useContext(ApiContext);
  if (!api) throw new Error('there is no ApiContext above this component: nobody has signed in');
  return api;
}
