import { act, renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { expect, test } from 'vitest';

import { type Api, ApiContext } from '../api/client';
import type { OpenTrail } from '../api/opentrail';
import { useEvents } from './useEvents';

/** A server whose answers name it, two pages of them. */
function server(name: string): OpenTrail {
  // eslint-disable-next-line @typescript-eslint/require-await -- a stream is asynchronous even if all is at hand
  async function* stream(_: string, question: { NextToken?: string; Where?: string }) {
    const page = question.NextToken ?? 'first';
    yield { Time: '2026-11-22T10:00:00.000Z', Position: 1, Event: JSON.stringify({ eventID: `${name} ${question.Where ?? ''} ${page}` }) };
    yield { End: { Events: 1, Position: 2, ...(page === 'first' && { NextToken: 'second' }) } };
  }
  return { stream } as unknown as OpenTrail;
}

test('pages are added; another question, or another server, begins anew', async () => {
  let opentrail = server('one');
  const wrapper = ({ children }: { children: ReactNode }) => <ApiContext value={{ opentrail } as Api}>{children}</ApiContext>;
  const [a, b] = ['a', 'b'].map((Where) => ({ Where, Categories: [] }));
  const { result, rerender } = renderHook(({ asked }) => useEvents(asked ?? { Categories: [] }), { wrapper, initialProps: { asked: a } });
  const ids = () => result.current.events.map(({ id }) => id);
  await waitFor(() => { expect(ids()).toEqual(['one a first']); });
  act(() => { result.current.loadMore(); });
  await waitFor(() => { expect(ids()).toEqual(['one a first', 'one a second']); });
  expect(result.current.hasMore).toBe(false);

  rerender({ asked: b });
  expect(ids()).toEqual([]);
  await waitFor(() => { expect(ids()).toEqual(['one b first']); });

  opentrail = server('two');
  rerender({ asked: b });
  await waitFor(() => { expect(ids()).toEqual(['two b first']); });
});
