import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, test } from 'vitest';

import { show } from '../test/render';
import { JsonView } from './JsonView';

const RECORD = '{"eventName":"CreateUser","requestParameters":{"userName":"alice","tags":[{"key":"team","value":"alice"}]},"responseElements":null}';

test('a record is laid out with folds, and what is searched for is marked', async () => {
  const { container } = show(<JsonView text={RECORD} />);
  const folds = [...container.querySelectorAll('details')];
  expect(folds.map((fold) => fold.querySelector('summary')?.textContent)).toEqual([
    '{ } 3', 'requestParameters: { } 2', 'tags: [ ] 1', '0: { } 2',
  ]);
  folds[1]?.removeAttribute('open');
  await userEvent.type(screen.getByRole('searchbox'), 'ALICE');
  expect(screen.getByRole('status').textContent).toBe('2 matches');
  expect([...container.querySelectorAll('mark')].map((mark) => mark.textContent)).toEqual(['alice', 'alice']);
  expect([...container.querySelectorAll('details')].every((fold) => fold.open)).toBe(true);
});
