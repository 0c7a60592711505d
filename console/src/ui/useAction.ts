import { useCallback, useState } from 'react';

import { useNotifications } from '../app/notifications-context';

export interface Action {
  isBusy: boolean;
  /** Does it unless it is being done, and tells of its failure; answers whether it succeeded. */
  run: (failure: string, act: () => Promise<unknown>) => Promise<boolean>;
}

/** Something that is asked of the server by a button. */
export function useAction(): Action {
  const [isBusy, setBusy] = useState(false);
  const { failed } = useNotifications();
  const run = useCallback(
    async (failure: string, act: () => Promise<unknown>) => {
      setBusy(true);
      try {
        await act();
        return true;
      } catch (error) {
        failed(failure, error);
        return false;
      } finally {
        setBusy(false);
      }
    },
    [failed],
  );
  return { isBusy, run };
}
