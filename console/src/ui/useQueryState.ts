import { useCallback } from 'react';

import { go, usePlace } from '../app/place';

/** A part of the view that the URL holds under a name; `standard` is what the URL doesn't say. */
export function useQueryState(name: string, standard = ''): [string, (value: string) => void] {
  const { path, query } = usePlace();
  const set = useCallback(
    (value: string) => {
      const next = new URLSearchParams(window.location.search);
      if (value === standard) next.delete(name);
      else next.set(name, value);
      go(path, next, 'replace');
    },
    [name, path, standard],
  );
  return [query.get(name) ?? standard, set];
}
