import { expect, test } from 'vitest';
import { createInput, isComplete, type KeyRequest } from './keys';

const REQUEST: KeyRequest = { kind: 'root', account: '', user: 'alice', role: 'Deploy', session: 'ci' };

test('a request has what its kind has, and nothing else', () => {
  expect(createInput(REQUEST)).toEqual({});
  expect(createInput({ ...REQUEST, kind: 'user', account: ' 111122223333 ' })).toEqual({
    Account: '111122223333',
    UserName: 'alice',
  });
  expect(createInput({ ...REQUEST, kind: 'session' })).toEqual({ RoleName: 'Deploy', SessionName: 'ci' });
});

test('what can be sent', () => {
  expect(isComplete(REQUEST)).toBe(true);
  expect(isComplete({ ...REQUEST, account: '12' })).toBe(false);
  expect(isComplete({ ...REQUEST, kind: 'user', user: 'a b' })).toBe(false);
  expect(isComplete({ ...REQUEST, kind: 'session', session: '' })).toBe(false);
});
