import { describe, expect, test } from 'vitest';
import { complete, type StoreName } from './completion';

const EVENTS: StoreName = { id: '11111111-2222-4333-8444-555555555555', name: 'main', category: 'Management' };
const OUTSIDE: StoreName = {
  id: '66666666-7777-4888-9999-aaaaaaaaaaaa',
  name: 'outside',
  category: 'ActivityAuditLog',
};

/** The labels at the bar of a statement, and the text that they replace. */
function at(marked: string): { word: string; labels: string[] } | undefined {
  const before = marked.slice(0, marked.indexOf('|'));
  const completion = complete(before, marked.replace('|', ''), [EVENTS, OUTSIDE]);
  if (completion === undefined) return undefined;
  return {
    word: before.slice(completion.from),
    labels: completion.suggestions.map((suggestion) => suggestion.label),
  };
}

describe('columns', () => {
  test('with functions and keywords', () => {
    const found = at('SELECT ev|');
    expect(found?.word).toBe('ev');
    expect(found?.labels).toEqual(expect.arrayContaining(['eventName', 'count', 'WHERE']));
  });

  test('the members of structs, whatever the case', () => {
    expect(at('SELECT useridentity.sessionContext.Attr|')).toEqual({
      word: 'Attr',
      labels: expect.arrayContaining(['attributes', 'sessionIssuer']) as string[],
    });
  });

  test('through the alias of a store', () => {
    expect(at('SELECT e.| FROM x e')?.labels).toContain('eventTime');
    expect(at('SELECT e.userIdentity.|')?.labels).toContain('arn');
  });

  test('none behind what has no members', () => {
    expect(at('SELECT eventName.|')?.labels).toEqual([]);
  });

  test('those of the store that the statement names', () => {
    expect(at(`SELECT eventData.| FROM ${OUTSIDE.id}`)?.labels).toContain('uid');
  });

  test('the entries of maps', () => {
    expect(at('SELECT request|')?.labels).toContain('element_at(requestParameters, …)');
  });
});

describe('stores', () => {
  test.each(['SELECT * FROM |', 'SELECT * from ma|', 'SELECT * FROM a JOIN 1111-|'])('after %s', (statement) => {
    expect(at(statement)?.labels).toEqual(['main', 'outside']);
  });
});

describe('nothing', () => {
  test.each(["WHERE eventName = 'Del|", '-- from |', "WHERE a = 'it''s |"])('within texts and comments: %s', (it) => {
    expect(at(it)).toBeUndefined();
  });

  test('hides what comes behind a text', () => {
    expect(at("WHERE a = 'x' AND ev|")?.labels).toContain('eventName');
  });
});
