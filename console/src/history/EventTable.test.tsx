import { fireEvent, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';

import { foundEvent } from '../records/record';
import { show } from '../test/render';
import { EventTable } from './EventTable';

const events = Array.from({ length: 500 }, (_, index) => {
  const record = { eventID: `id-${String(index)}`, eventName: index % 2 === 0 ? 'PutObject' : 'GetObject', awsRegion: 'us-east-1' };
  return foundEvent({ Time: '2026-11-22T10:00:00.000Z', Position: index, Event: JSON.stringify(record) });
});

function table() {
  const calls = { onOpen: vi.fn(), onFilter: vi.fn(), onEnd: vi.fn() };
  show(<EventTable events={events} columns={['time', 'event-name', 'region']} footer="the end" {...calls} />);
  return { ...calls, grid: screen.getByRole('grid') };
}

test('only rows in sight are drawn, all are counted', () => {
  const { grid } = table();
  expect(grid.getAttribute('aria-rowcount')).toBe('501');
  expect(within(grid).getAllByRole('row').length).toBeLessThan(60);
});

test('scrolling to the end asks for more', () => {
  const { grid, onEnd } = table();
  expect(onEnd).not.toHaveBeenCalled();
  fireEvent.scroll(grid, { target: { scrollTop: 500 * 36 } });
  expect(onEnd).toHaveBeenCalled();
});

test('keys move, open and filter', async () => {
  const { grid, onOpen, onFilter } = table();
  grid.focus();
  await userEvent.keyboard('jj{ArrowRight}+-{Enter}');
  expect(onFilter.mock.calls).toEqual([['event-name', '=', 'PutObject'], ['event-name', '!=', 'PutObject']]);
  expect(onOpen).toHaveBeenCalledWith('id-2');
});

test('a time is no value to filter by', async () => {
  const { grid, onFilter } = table();
  grid.focus();
  await userEvent.keyboard('+');
  expect(onFilter).not.toHaveBeenCalled();
});

test('clicking filters by a value, or opens the row', async () => {
  const { grid, onOpen, onFilter } = table();
  const [row] = within(grid).getAllByRole('row').slice(2);
  if (!row) throw new Error('there are no rows');
  await userEvent.click(within(row).getByRole('button', { name: 'Without GetObject' }));
  expect(onFilter).toHaveBeenCalledWith('event-name', '!=', 'GetObject');
  expect(onOpen).not.toHaveBeenCalled();
  await userEvent.click(within(row).getByText('GetObject'));
  expect(onOpen).toHaveBeenCalledWith('id-1');
});
