import { renderHook, waitFor } from '@testing-library/react';
import type { ReactNode } from 'react';
import { expect, test } from 'vitest';

import { type Api, ApiContext } from '../api/client';
import type { OpenTrail } from '../api/opentrail';
import { useFollowed } from './useFollowed';

/** A server at which one event has arrived since position 1, and no other does. */
async function* stream(_: string, question: { Where?: string; Position?: number }, signal: AbortSignal) {
  yield { Time: '2026-11-22T10:00:00.000Z', Position: 2, Event: JSON.stringify({ eventID: `${question.Where ?? ''} after ${String(question.Position)}` }) };
  await new Promise<void>((resolve) => { signal.addEventListener('abort', () => { resolve(); }); });
  yield { End: { Events: 1, Position: 3 } };
}

const api = { opentrail: { stream } as unknown as OpenTrail } as Api;
const wrapper = ({ children }: { children: ReactNode }) => <ApiContext value={api}>{children}</ApiContext>;

test('what arrived stays during a pause, is there once after it, and goes with its question', async () => {
  const [a, b] = ['a', 'b'].map((Where) => ({ Where, Categories: [] }));
  const initialProps = { asked: a, isOn: true };
  const { result, rerender } = renderHook(({ asked, isOn }) => useFollowed(asked ?? { Categories: [] }, 1, isOn), { wrapper, initialProps });
  const ids = () => result.current.events.map(({ id }) => id);
  await waitFor(() => { expect(ids()).toEqual(['a after 1']); });
  const before = result.current.events;

  rerender({ asked: a, isOn: false });
  expect(ids()).toEqual(['a after 1']);
  rerender({ asked: a, isOn: true });
  await waitFor(() => { expect(result.current.events).not.toBe(before); });
  expect(ids()).toEqual(['a after 1']);

  rerender({ asked: b, isOn: true });
  expect(ids()).toEqual([]);
  await waitFor(() => { expect(ids()).toEqual(['b after 1']); });
});
