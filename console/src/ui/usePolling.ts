import { useEffect } from 'react';

/** Asks again every so often while `isOn`. */
export function usePolling(isOn: boolean, reload: () => void, everyMs = 1500): void {
  useEffect(() => {
    if (!isOn) return undefined;
    const timer = setInterval(reload, everyMs);
    return () => {
      clearInterval(timer);
    };
  }, [isOn, reload, everyMs]);
}
