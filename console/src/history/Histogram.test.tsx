import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test, vi } from 'vitest';

import { show } from '../test/render';
import { Histogram } from './Histogram';

const summary = {
  StartTime: '2026-11-22T10:00:00.000Z',
  EndTime: '2026-11-22T10:04:00.000Z',
  Total: 6,
  BucketSeconds: 60,
  Histogram: [0, 1, 2, 3].map((minute) => ({ Start: `2026-11-22T10:0${String(minute)}:00.000Z`, Count: minute, Errors: minute === 3 ? 1 : 0 })),
  Facets: [],
  IsExact: true,
};

test('keys choose a stretch and zoom into it', async () => {
  const onZoom = vi.fn();
  show(<Histogram summary={summary} onZoom={onZoom} />);
  screen.getByRole('slider').focus();
  await userEvent.keyboard('{End}{Shift>}{ArrowLeft}{ArrowLeft}{/Shift}{Enter}');
  expect(onZoom).toHaveBeenCalledWith('2026-11-22T10:01:00.000Z', '2026-11-22T10:03:59.999Z');
});

test('what is chosen is told, in either language', async () => {
  show(<Histogram summary={summary} onZoom={() => undefined} />, { language: 'ko' });
  const slider = screen.getByRole('slider');
  slider.focus();
  await userEvent.keyboard('{End}');
  expect(slider.getAttribute('aria-valuetext')).toMatch(/이벤트 3개, 실패 1개$/);
  await userEvent.keyboard('{Shift>}{Home}{/Shift}');
  expect(slider.getAttribute('aria-valuetext')).toMatch(/이벤트 6개, 실패 1개$/);
});

test('Escape lets go, so that one bucket is zoomed into', async () => {
  const onZoom = vi.fn();
  show(<Histogram summary={summary} onZoom={onZoom} />);
  screen.getByRole('slider').focus();
  await userEvent.keyboard('{Home}{Shift>}{End}{/Shift}{Escape}{Enter}');
  expect(onZoom).toHaveBeenCalledWith('2026-11-22T10:03:00.000Z', '2026-11-22T10:03:59.999Z');
});
