import { act, renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';

import { type Api, ApiContext } from '../api/client';
import type { OpenTrail } from '../api/opentrail';
import { EVERYTHING } from '../filter/query';
import type { FoundEvent } from '../records/record';
import { asked, type Question } from '../search/question';
import { useSummary } from './useSummary';

const call = vi.fn<OpenTrail['call']>();
const api = { opentrail: { call } as unknown as OpenTrail } as Api;
const question: Question = { query: EVERYTHING, category: 'management', range: { type: 'relative', amount: 1, unit: 'hour' } };
const event = (id: string, record = {}): FoundEvent => ({ id, time: '', record, text: '' });
const read = event('read', { eventSource: 'opentrail.amazonaws.com', readOnly: true });

beforeEach(() => {
  vi.useFakeTimers({ now: new Date('2026-11-22T12:00:00Z') });
  call.mockReset().mockImplementation((_, input) => Promise.resolve({ EndTime: (input as { EndTime: string }).EndTime } as never));
});
afterEach(() => { vi.useRealTimers(); });

async function summaryOf(arrived: readonly FoundEvent[]) {
  const wrapper = ({ children }: { children: ReactNode }) => <ApiContext value={api}>{children}</ApiContext>;
  const initialProps = { question, asked: asked(question, new Date()), arrived };
  const shown = renderHook(({ arrived: events, ...history }) => useSummary(history, events), { wrapper, initialProps });
  await pass(0);
  return { ...shown, initialProps };
}

const pass = (milliseconds: number) => act(() => vi.advanceTimersByTimeAsync(milliseconds));

test('arrivals are counted a while after the first of them, once, and without a sign of loading', async () => {
  const { result, rerender, initialProps } = await summaryOf([]);
  expect(result.current).toMatchObject({ value: { EndTime: '2026-11-22T12:00:00.000Z' }, isLoading: false });

  rerender({ ...initialProps, arrived: [event('a')] });
  await pass(2_000);
  rerender({ ...initialProps, arrived: [event('b'), event('a')] });
  await pass(990);
  expect(call).toHaveBeenCalledTimes(1);
  call.mockImplementationOnce(() => new Promise(() => undefined));
  await pass(10);
  expect(call).toHaveBeenCalledTimes(2);
  expect(result.current).toMatchObject({ value: { EndTime: '2026-11-22T12:00:00.000Z' }, isLoading: false });
});

test('the counts are of the range as it is by now, and rest when nothing arrives', async () => {
  const { result, rerender, initialProps } = await summaryOf([]);
  rerender({ ...initialProps, arrived: [event('a')] });
  await pass(60_000);
  expect(call).toHaveBeenCalledTimes(2);
  expect(call.mock.lastCall?.[1]).toMatchObject({ StartTime: '2026-11-22T11:00:03.000Z', EndTime: '2026-11-22T12:00:03.000Z' });
  expect(result.current.value?.EndTime).toBe('2026-11-22T12:00:03.000Z');
});

test('that reading is recorded is no reason to read again', async () => {
  const { rerender, initialProps } = await summaryOf([]);
  rerender({ ...initialProps, arrived: [read] });
  await pass(60_000);
  expect(call).toHaveBeenCalledTimes(1);
});

test('another question begins anew', async () => {
  const { result, rerender, initialProps } = await summaryOf([event('a')]);
  await pass(3_000);
  expect(result.current.value?.EndTime).toBe('2026-11-22T12:00:03.000Z');
  rerender({ ...initialProps, asked: { ...initialProps.asked, Where: 'username = bob' }, arrived: [] });
  expect(result.current.isLoading).toBe(true);
  await pass(0);
  expect(call.mock.lastCall?.[1]).toMatchObject({ Where: 'username = bob', EndTime: '2026-11-22T12:00:00.000Z' });
});
