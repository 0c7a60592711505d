use super::expr;

#[test]
fn json() {
    expr(
        "json_value(a format json, 'lax $.b' returning bigint default -1 on empty error on error)",
        "JSON_VALUE(a, 'lax $.b' RETURNING bigint DEFAULT -1 ON EMPTY ERROR ON ERROR)",
    );
    expr(
        "JSON_QUERY(a, '$' WITH WRAPPER OMIT QUOTES EMPTY ARRAY ON EMPTY)",
        "JSON_QUERY(a, '$' WITH UNCONDITIONAL ARRAY WRAPPER OMIT QUOTES EMPTY ARRAY ON EMPTY)",
    );
    expr(
        "json_query(a, '$[$i]' PASSING b + 1 AS \"i\", c format json AS D WITH WRAPPER)",
        "JSON_QUERY(a, '$[$i]' PASSING (b + 1) AS \"i\", c FORMAT JSON AS D WITH UNCONDITIONAL ARRAY WRAPPER)",
    );
    expr("JSON_EXISTS(a, '$.b' UNKNOWN ON ERROR)", "JSON_EXISTS(a, '$.b' UNKNOWN ON ERROR)");
    expr(
        "JSON_OBJECT('a' : 1, KEY b VALUE 2 ABSENT ON NULL)",
        "JSON_OBJECT(KEY 'a' VALUE 1, KEY b VALUE 2 ABSENT ON NULL)",
    );
    expr("JSON_OBJECT(key VALUE 1, value : 2)", "JSON_OBJECT(KEY key VALUE 1, KEY value VALUE 2 NULL ON NULL)");
    expr("JSON_ARRAY(1, a)", "JSON_ARRAY(1, a ABSENT ON NULL)");
    expr("json_object()", "JSON_OBJECT( NULL ON NULL)");
}

#[test]
fn precedence() {
    expr("a OR b AND NOT c = 1", "(a OR (b AND (NOT (c = 1))))");
    expr("NOT a AND b", "((NOT a) AND b)");
    expr("NOT (a OR NOT a) IS NOT NULL", "(NOT (NOT ((a OR (NOT a)) IS NULL)))");
    expr("1 + 2 * 3 - 4 || 'x' || y", "((((1 + (2 * 3)) - 4) || 'x') || y)");
    expr("- a * b % +c", "(((-a) * b) % (+c))");
    expr("a - -1 - - b", "((a - -1) - (-b))");
    expr("-x AT TIME ZONE 'UTC'", "(-(x AT TIME ZONE 'UTC'))");
    expr("(a AND b) AND (c AND d)", "((a AND b) AND (c AND d))");
    expr("a[1].b.c[d[2]]", "a[1].b.c[d[2]]");
}

#[test]
fn predicates() {
    expr("a NOT IN (1, 2)", "(NOT (a IN (1, 2)))");
    expr("a BETWEEN 1 AND 2 AND b", "((a BETWEEN 1 AND 2) AND b)");
    expr("a NOT BETWEEN b + 1 AND 2", "(NOT (a BETWEEN (b + 1) AND 2))");
    expr("a LIKE 'x$_' ESCAPE '$' OR a NOT LIKE b", "((a LIKE 'x$_' ESCAPE '$') OR (NOT (a LIKE b)))");
    expr("a IS DISTINCT FROM b, a IS NOT DISTINCT FROM b", "(a IS DISTINCT FROM b), (NOT (a IS DISTINCT FROM b))");
    expr("a <> b, a != b", "(a <> b), (a <> b)");
    expr("a > ALL (SELECT 1), a = SOME ((SELECT 1))", "(a > ALL (SELECT 1)), (a = ANY ((SELECT 1)))");
    expr("a IN (SELECT b FROM t), EXISTS (SELECT 1)", "(a IN (SELECT b FROM t)), (EXISTS (SELECT 1))");
    expr("(a, b) IN ((1, 2), (3, 4))", "(ROW (a, b) IN (ROW (1, 2), ROW (3, 4)))");
}

#[test]
fn parentheses_hold_queries_expressions_rows_and_parameters() {
    expr("((SELECT 1) + 1)", "((SELECT 1) + 1)");
    expr("((SELECT 1) UNION SELECT 2)", "((SELECT 1) UNION DISTINCT SELECT 2)");
    expr("(((a)))", "a");
    expr("(a, (b, c))", "ROW (a, ROW (b, c))");
    expr("f(x -> x + 1, (x, y) -> x, () -> 1)", "f((x) -> (x + 1), (x, y) -> x, () -> 1)");
    expr("(a) IN ((SELECT 1), 2)", "(a IN ((SELECT 1), 2))");
}

#[test]
fn literals() {
    expr("NULL, true, FALSE, 1_000, 0xff, -0b11, 1.50, 1e3", "NULL, true, false, 1000, 255, -3, 1.50, 1E3");
    expr("-9223372036854775808", "-9223372036854775808");
    expr("'it''s', X'65 68', U&'\\0041\\+01F600\\\\', U&'!0041' UESCAPE '!'", "'it''s', X'6568', 'A\u{1F600}\\', 'A'");
    expr("INTERVAL '5' DAY, interval -'1-2' year to month", "INTERVAL '5' DAY, INTERVAL -'1-2' YEAR TO MONTH");
    expr(
        "timestamp '2024-01-01', DECIMAL '1', double precision '1'",
        "timestamp '2024-01-01', DECIMAL '1', double '1'",
    );
    expr("12345678-1234-4234-8234-123456789012", "((((12345678 - 1234) - 4234) - 8234) - 123456789012)");
    expr("current_date, current_timestamp(6), localtime", "CURRENT_DATE, CURRENT_TIMESTAMP(6), LOCALTIME");
}

#[test]
fn names() {
    expr("limit, offset, filter, over, date, \"select\"", "limit, offset, filter, over, date, \"select\"");
    expr("a limit, b AS \"x \"\"y\"\"\"", "a AS limit, b AS \"x \"\"y\"\"\"");
    expr("interval + map.position", "(interval + map.position)");
    expr("3e8f1c2a-1111-4222-8333-abcdefabcdef.eventName", "3e8f1c2a-1111-4222-8333-abcdefabcdef.eventName");
}

#[test]
fn calls() {
    expr("count(*), count(DISTINCT a), f(ALL a), g()", "count(*), count(DISTINCT a), f(a), g()");
    expr("array_agg(a ORDER BY b DESC NULLS FIRST, c)", "array_agg(a ORDER BY b DESC NULLS FIRST, c ASC)");
    expr("sum(a) FILTER (WHERE b > 1) OVER w", "sum(a) FILTER (WHERE (b > 1)) OVER w");
    expr("sum(a) over", "sum(a) AS over");
    expr("lag(a, 2) IGNORE NULLS OVER (ORDER BY b)", "lag(a, 2) IGNORE NULLS OVER ( ORDER BY b ASC)");
    expr(
        "f() OVER (w PARTITION BY a ROWS BETWEEN 1 PRECEDING AND UNBOUNDED FOLLOWING)",
        "f() OVER (w PARTITION BY a ROWS BETWEEN 1 PRECEDING AND UNBOUNDED FOLLOWING)",
    );
    expr(
        "f() OVER (RANGE INTERVAL '1' DAY PRECEDING), g() OVER (GROUPS CURRENT ROW)",
        "f() OVER ( RANGE INTERVAL '1' DAY PRECEDING), g() OVER ( GROUPS CURRENT ROW)",
    );
    expr("a.b.f(1)", "a.b.f(1)");
    expr("grouping(a, t.b)", "GROUPING(a, t.b)");
}

#[test]
fn forms() {
    expr(
        "CASE WHEN a THEN 1 ELSE 2 END, CASE a WHEN 1 THEN 2 END",
        "(CASE WHEN a THEN 1 ELSE 2 END), (CASE a WHEN 1 THEN 2 END)",
    );
    expr(
        "if(a, b), if(a, b, c), coalesce(a, b), nullif(a, b), try(a)",
        "IF(a, b), IF(a, b, c), COALESCE(a, b), NULLIF(a, b), TRY(a)",
    );
    expr("extract(dow FROM a), position('a' IN b)", "EXTRACT(DAY_OF_WEEK FROM a), strpos(b, 'a')");
    expr(
        "substring(a FROM 2 FOR 3), substring(a, 2), substring(trim(both from a), 1)",
        "substring(a, 2, 3), substring(a, 2), substring(trim(a), 1)",
    );
    expr(
        "trim(a), trim(LEADING 'x' FROM a), trim(TRAILING FROM a), trim('x' FROM a), trim(a, 'x')",
        "trim(a), ltrim(a, 'x'), rtrim(a), trim(a, 'x'), trim(a, 'x')",
    );
    expr("normalize(a), normalize(a, nfkd)", "NORMALIZE(a, NFC), NORMALIZE(a, NFKD)");
    expr("array[1, 2][1], ROW(1), array[]", "ARRAY[1, 2][1], ROW (1), ARRAY[]");
    expr(
        "listagg(DISTINCT a, ',' ON OVERFLOW TRUNCATE '…' WITH COUNT) WITHIN GROUP (ORDER BY b) FILTER (WHERE c)",
        "LISTAGG(DISTINCT a, ',' ON OVERFLOW TRUNCATE '…' WITH COUNT) WITHIN GROUP (ORDER BY b ASC) FILTER (WHERE c)",
    );
}

#[test]
fn types() {
    expr("CAST(a AS int), try_cast(b AS varchar(3))", "CAST(a AS integer), TRY_CAST(b AS varchar(3))");
    expr(
        "CAST(a AS map<varchar, array(row(x bigint, double precision, \"y\" timestamp))>)",
        "CAST(a AS map(varchar, array(row(x bigint, double, y timestamp(3)))))",
    );
    expr(
        "CAST(a AS timestamp(6) with time zone), CAST(a AS time without time zone)",
        "CAST(a AS timestamp(6) with time zone), CAST(a AS time(3))",
    );
    expr(
        "CAST(a AS bigint array[3]), CAST(a AS interval day to second), CAST(a AS decimal(5))",
        "CAST(a AS array(bigint)), CAST(a AS interval day to second), CAST(a AS decimal(5,0))",
    );
}
