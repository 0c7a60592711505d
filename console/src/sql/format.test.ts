import { expect, test } from 'vitest';
import { formatStatement } from './format';
import { tokenize } from './tokens';

const CATALOGUE = import.meta.glob<string>('../../../crates/samples/catalogue/*.sql', {
  query: '?raw',
  import: 'default',
  eager: true,
});

function statements(): string[] {
  return Object.values(CATALOGUE)
    .flatMap((file) => file.split(/^-- id: .*$/m).slice(1))
    .map((entry) => entry.replaceAll(/^-- .*$/gm, '').trim());
}

const words = (statement: string) => tokenize(statement).map((token) => token.text.toLowerCase());

function check(statement: string, expected: string) {
  expect(formatStatement(statement)).toBe(expected.trim());
}

test('a clause a line, keywords in capitals', () => {
  check(
    "select eventName, count(*) as n from $EDS_ID where eventTime > '2026-01-01' and errorCode is not null group by 1 order by n desc limit 10;",
    `
SELECT eventName, count(*) AS n
FROM $EDS_ID
WHERE eventTime > '2026-01-01' AND errorCode IS NOT NULL
GROUP BY 1
ORDER BY n DESC
LIMIT 10;`,
  );
});

test('long lists and conditions break', () => {
  check(
    `SELECT userIdentity.sessionContext.sessionIssuer.arn, userIdentity.accessKeyId, sourceIPAddress, count(*) AS calls
     FROM 0a1b2c3d-0000-4000-8000-000000000000
     WHERE eventTime BETWEEN timestamp '2026-01-01 00:00:00' AND timestamp '2026-02-01 00:00:00' AND readOnly = false OR eventName IN ('a','b')`,
    `
SELECT
  userIdentity.sessionContext.sessionIssuer.arn,
  userIdentity.accessKeyId,
  sourceIPAddress,
  count(*) AS calls
FROM 0a1b2c3d-0000-4000-8000-000000000000
WHERE
  eventTime BETWEEN timestamp '2026-01-01 00:00:00' AND timestamp '2026-02-01 00:00:00'
  AND readOnly = FALSE
  OR eventName IN ('a', 'b')`,
  );
});

test('subqueries are indented', () => {
  check(
    'with t as (select a from x where b in (select c from y)) select t.a from t left join z on t.a=z.a',
    `
WITH t AS (
  SELECT a
  FROM x
  WHERE b IN (
    SELECT c
    FROM y
  )
)
SELECT t.a
FROM t
LEFT JOIN z ON t.a = z.a`,
  );
});

test('signs, lambdas, subscripts and members stay together', () => {
  check(
    "SELECT -1, a-1, any_match(xs,x->x.key=-2), m['k'], r.FROM, count(*) filter (where a>1) FROM t WHERE a is distinct from b limit 1",
    `
SELECT -1, a - 1, any_match(xs, x -> x.key = -2), m['k'], r.FROM, count(*) filter (WHERE a > 1)
FROM t
WHERE a IS DISTINCT FROM b
LIMIT 1`,
  );
});

test('names are left as they are, also those that sound like keywords', () => {
  check('select a as limit, b as case, range from t', 'SELECT a AS limit, b AS case, range\nFROM t');
});

test('comments keep their line', () => {
  check(
    'SELECT a, -- the first\n b -- the second\nFROM t -- all\nWHERE /* none */ a = 1',
    `
SELECT
  a, -- the first
  b -- the second
FROM t -- all
WHERE /* none */ a = 1`,
  );
});

test('what does not add up stays as it is', () => {
  expect(formatStatement('select (a  from t')).toBe('select (a  from t');
  expect(formatStatement('select a)  from t')).toBe('select a)  from t');
});

test('the sample queries say the same afterwards, and are not changed by formatting again', () => {
  const all = statements();
  expect(all.length).toBeGreaterThan(100);
  for (const statement of all) {
    const formatted = formatStatement(statement);
    expect(words(formatted)).toEqual(words(statement));
    expect(formatStatement(formatted)).toBe(formatted);
  }
});
