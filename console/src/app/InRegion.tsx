import { type ReactNode, useMemo } from 'react';

import { ApiContext, useApi } from '../api/client';

/** What is inside calls the server in a Region of its own, whichever one is chosen above. */
export function InRegion({ region, children }: { region: string; children: ReactNode }) {
  const api = useApi();
  const there = useMemo(() => (api.region === region ? api : api.inRegion(region)), [api, region]);
  return <ApiContext value={there}>{children}</ApiContext>;
}
