import type { GetDashboardResponse } from '@aws-sdk/client-cloudtrail';
import { useCallback, useEffect, useRef } from 'react';

import { useApi } from '../api/client';
import { useTexts } from '../i18n/useTexts';
import { type Action, useAction } from '../ui/useAction';
import { useQueryState } from '../ui/useQueryState';
import { startRefresh } from './calls';
import { type Range, rangeValues } from './range';
import { TEXT } from './text';

export interface Refresh {
  /** The refresh whose rows are shown. */
  id: string | undefined;
  isBusy: Action['isBusy'];
  start: (range: Range, store: string) => Promise<void>;
}

/** Refreshes a dashboard; one that never was is refreshed when it is first shown. */
export function useRefresh(
  arn: string,
  dashboard: GetDashboardResponse | undefined,
  range: Range,
  store: string,
): Refresh {
  const text = useTexts(TEXT);
  const api = useApi();
  const { isBusy, run } = useAction();
  const [id, setId] = useQueryState('refresh');
  const isManaged = dashboard?.Type === 'MANAGED';
  const shown = id === '' ? dashboard?.LastRefreshId : id;

  const begun = useRef('');
  const start = useCallback(
    async (of: Range, on: string) => {
      // A dashboard is refreshed once at a time: who has begun by hand doesn't need to be helped below.
      begun.current = arn;
      const values = { ...rangeValues(of, new Date()), ...(on !== '' && { $EventDataStoreId$: on }) };
      await run(text.notRefreshed, async () => {
        setId(await startRefresh(api, arn, values));
      });
    },
    [api, arn, run, setId, text],
  );

  const isReady = dashboard !== undefined && (dashboard.Widgets?.length ?? 0) > 0 && (!isManaged || store !== '');
  useEffect(() => {
    if (!isReady || shown !== undefined || begun.current === arn) return;
    void start(range, isManaged ? store : '');
  }, [isReady, shown, arn, start, range, isManaged, store]);

  return { id: shown, isBusy, start };
}
