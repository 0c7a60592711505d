import { useMemo } from 'react';

import { describeError } from '../api/error';
import { placeOf } from '../sql/place';
import type { QueryState } from './useQuery';

/** Why a statement was refused or failed, and where in it. */
export interface PlacedError {
  readonly code: string;
  readonly message: string;
  readonly range?: { readonly from: number; readonly to: number };
  /** Both begin at 1. */
  readonly line?: number;
  readonly column?: number;
}

/** The error of the statement as it stands: once it is changed, the place means nothing any more. */
export function usePlacedError(
  statement: string,
  refused: { statement: string; error: unknown } | undefined,
  state: QueryState | undefined,
): PlacedError | undefined {
  return useMemo(() => {
    if (refused) {
      const { code, message } = describeError(refused.error);
      return placed(code, message, refused.statement, statement);
    }
    if (state?.error !== undefined) {
      const { code, message } = describeError(state.error);
      return { code, message };
    }
    const { QueryStatus, ErrorMessage, QueryString = '' } = state?.query ?? {};
    if (QueryStatus !== 'FAILED' && QueryStatus !== 'TIMED_OUT') return undefined;
    return placed(QueryStatus, ErrorMessage ?? '', QueryString, statement);
  }, [statement, refused, state]);
}

function placed(code: string, said: string, of: string, statement: string): PlacedError {
  const { message, range } = placeOf(said, of);
  if (!range || of !== statement) return { code, message: said };
  const before = statement.slice(0, range.from).split('\n');
  return { code, message, range, line: before.length, column: [...(before.at(-1) ?? '')].length + 1 };
}
