import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import type { OpenTrail } from '../api/opentrail';
import { show } from '../test/render';
import { Timeline } from './Timeline';

const line = (eventID: string, eventName: string) => ({
  Time: '2026-11-22T10:00:00.000Z',
  Position: 1,
  Event: JSON.stringify({ eventID, eventName, userIdentity: { type: 'IAMUser', userName: 'alice' }, requestParameters: { userName: 'bob' } }),
});

/** A server with two pages of one event each. */
function paged(): { server: OpenTrail; asked: unknown[] } {
  const asked: unknown[] = [];
  // eslint-disable-next-line @typescript-eslint/require-await -- a stream is asynchronous even if all is at hand
  async function* stream(_: string, question: { NextToken?: string }) {
    asked.push(question);
    if (question.NextToken === 'second') {
      yield line('b', 'CreateUser');
      yield { End: { Events: 1, Position: 3 } };
    } else {
      yield line('a', 'DeleteUser');
      yield { End: { Events: 1, Position: 3, NextToken: 'second' } };
    }
  }
  return { server: { stream } as unknown as OpenTrail, asked };
}

const ASKED = { Categories: ['all'] };

test('events are sentences with links, page by page', async () => {
  const { server, asked } = paged();
  const { container } = show(<Timeline asked={ASKED} />, { api: { opentrail: server } });
  await screen.findByText(/deleted user/);
  expect(screen.getAllByRole('link', { name: 'alice' })[0]?.getAttribute('href')).toMatch(/\/principals\/user\/alice$/);
  await userEvent.click(screen.getByRole('button', { name: 'Show more' }));
  await screen.findByText(/created user/);
  expect(container.querySelectorAll('li')).toHaveLength(2);
  expect(asked).toHaveLength(2);
  expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull();
});
