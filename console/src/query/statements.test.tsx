import { beforeEach, expect, test } from 'vitest';
import { forgetStatement, noteRun, runStatements, savedStatements, saveStatement } from './statements';

beforeEach(() => {
  localStorage.clear();
});

test('a name has one statement, and names are sorted', () => {
  saveStatement({ name: 'b', statement: 'SELECT 1' });
  saveStatement({ name: 'a', statement: 'SELECT 2' });
  expect(saveStatement({ name: 'b', statement: 'SELECT 3' })).toEqual([
    { name: 'a', statement: 'SELECT 2' },
    { name: 'b', statement: 'SELECT 3' },
  ]);
  expect(forgetStatement('a')).toEqual(savedStatements());
  expect(savedStatements()).toHaveLength(1);
});

test('the newest runs are kept, each once', () => {
  for (let at = 0; at < 60; at += 1) noteRun({ queryId: String(at), statement: 'SELECT 1', at: '' });
  noteRun({ queryId: '58', statement: 'SELECT 1', at: '' });
  const kept = runStatements().map((run) => run.queryId);
  expect(kept).toHaveLength(50);
  expect(kept.slice(0, 3)).toEqual(['58', '59', '57']);
});

test('what was spoiled is nothing', () => {
  localStorage.setItem('opentrail.statements.saved', '{');
  expect(savedStatements()).toEqual([]);
});
