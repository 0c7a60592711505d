import { expect, test } from 'vitest';

import { fill, match, type Route } from './route';

const route = (path: string): Route => ({ path, title: { en: '', ko: '' }, load: () => Promise.reject(new Error()) });

test('a path gives the values of its named parts, decoded', () => {
  expect(match(route('/trails/:name'), '/trails/a%2Fb')).toEqual({ name: 'a/b' });
  expect(match(route('/trails'), '/trails')).toEqual({});
});

test('other paths and lengths do not match', () => {
  expect(match(route('/trails/:name'), '/trails')).toBeUndefined();
  expect(match(route('/trails/:name'), '/lake/main')).toBeUndefined();
  expect(match(route('/trails'), '/trails/main')).toBeUndefined();
});

test('filling and matching are each other’s inverse', () => {
  const name = 'arn:aws:s3:::bucket/key with/ü?#%';
  expect(match(route('/resources/:name'), fill('/resources/:name', { name }))).toEqual({ name });
});
