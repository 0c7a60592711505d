import { describe, expect, test } from 'vitest';

import { asked, askedByNow, isMisread, type Question, readQuestion, writeQuestion } from './question';

const everything: Question = { query: { operation: 'and', parts: [] }, category: 'management' };
const errors: Question['query'] = { operation: 'and', parts: [{ attribute: 'error-code', operator: '=', value: '*' }] };
const hour: Question['range'] = { type: 'absolute', from: '2026-11-22T10:00:00.000Z', to: '2026-11-22T11:00:00.000Z' };

describe('the URL of a question', () => {
  test.each<[string, Question]>([
    ['', everything],
    ['q=error-code+%3D+*', { ...everything, query: errors }],
    ['last=15m', { ...everything, range: { type: 'relative', amount: 15, unit: 'minute' } }],
    ['last=2w', { ...everything, range: { type: 'relative', amount: 2, unit: 'week' } }],
    ['from=2026-11-22T10%3A00%3A00.000Z&to=2026-11-22T11%3A00%3A00.000Z', { ...everything, range: hour }],
    ['category=all', { ...everything, category: 'all' }],
  ])('%s goes there and back', (url, question) => {
    expect(writeQuestion(new URLSearchParams(), question).toString()).toBe(url);
    expect(readQuestion(new URLSearchParams(url))).toEqual(question);
  });

  test.each(['last=1y', 'last=h', 'from=2026-11-22', 'from=b&to=a', 'category=none', 'q=nonsense'])('%s asks for everything', (url) => {
    expect(readQuestion(new URLSearchParams(url))).toEqual(everything);
  });

  test('a query that cannot be shown is told', () => {
    expect(isMisread(new URLSearchParams('q=nonsense'))).toBe(true);
    expect(isMisread(new URLSearchParams(''))).toBe(false);
  });

  test('what else the URL has stays, what was asked before goes', () => {
    const url = writeQuestion(new URLSearchParams('event=1&last=15m&q=all'), { ...everything, range: hour });
    expect([...url.keys()]).toEqual(['event', 'from', 'to']);
  });
});

describe('what the server is asked', () => {
  const now = new Date('2026-11-22T12:00:00Z');

  test('all there is', () => {
    expect(asked(everything, now)).toEqual({ Categories: ['management'] });
  });

  test('a while back from now', () => {
    expect(asked({ query: errors, range: { type: 'relative', amount: 2, unit: 'hour' }, category: 'all' }, now)).toEqual({
      Where: 'error-code = *',
      StartTime: '2026-11-22T10:00:00.000Z',
      EndTime: '2026-11-22T12:00:00.000Z',
      Categories: ['all'],
    });
  });

  test('while arrivals are followed, until now, or what is later', () => {
    expect(askedByNow(everything, now)).toEqual({ Categories: ['management'] });
    expect(askedByNow({ ...everything, range: hour }, now)).toMatchObject({ StartTime: '2026-11-22T10:00:00.000Z', EndTime: '2026-11-22T12:00:00.000Z' });
    expect(askedByNow({ ...everything, range: hour }, new Date('2026-11-22T10:30:00Z'))).toMatchObject({ EndTime: '2026-11-22T11:00:00.000Z' });
    expect(askedByNow({ ...everything, range: { type: 'relative', amount: 15, unit: 'minute' } }, now)).toMatchObject({
      StartTime: '2026-11-22T11:45:00.000Z',
      EndTime: '2026-11-22T12:00:00.000Z',
    });
  });

  test('between two moments', () => {
    expect(asked({ ...everything, range: hour }, now)).toMatchObject({
      StartTime: '2026-11-22T10:00:00.000Z',
      EndTime: '2026-11-22T11:00:00.000Z',
    });
  });
});
