//! Any text: never a panic, places inside the text, and what parses prints to a text that parses to the same.

use opentrail_trino::{SqlError, parse};
use proptest::prelude::*;

/// Whole expressions and clauses, so that many of their sequences parse.
const PIECES: [&str; 104] = [
    "SELECT",
    "DISTINCT",
    "a",
    "\"B c\"",
    "t.x",
    "*",
    ",",
    "FROM",
    "t",
    "a3f1c2d4-0b1e-4c6d-8f2a-1234567890ab",
    "12345678-1234-4234-8234-123456789012",
    "WHERE",
    "AND",
    "OR",
    "NOT",
    "(",
    ")",
    "=",
    "<>",
    "<",
    "+",
    "-",
    "/",
    "%",
    "||",
    "1",
    "-2",
    "1.5",
    "1e3",
    "'s'",
    "X'00'",
    "U&'\\0041'",
    "NULL",
    "TRUE",
    "IS NULL",
    "IS NOT DISTINCT FROM 1",
    "IN (1, 2)",
    "NOT IN (SELECT 1)",
    "BETWEEN 1 AND 2",
    "LIKE 'x%' ESCAPE '$'",
    "GROUP BY",
    "ROLLUP (a, (b, c))",
    "GROUPING SETS ((), a)",
    "HAVING",
    "ORDER BY",
    "DESC",
    "NULLS FIRST",
    "LIMIT 3",
    "OFFSET 2 ROWS",
    "FETCH FIRST 2 ROWS WITH TIES",
    "WITH w AS (SELECT 1)",
    "UNION ALL",
    "EXCEPT",
    "INTERSECT",
    "VALUES",
    "TABLE",
    "JOIN",
    "LEFT JOIN",
    "CROSS JOIN",
    "NATURAL JOIN",
    "ON",
    "USING (a)",
    "UNNEST(a) WITH ORDINALITY",
    "LATERAL (SELECT 1)",
    "AS",
    "u (v)",
    "f(",
    "count(*)",
    "sum(DISTINCT a ORDER BY b)",
    "FILTER (WHERE a)",
    "OVER (PARTITION BY a)",
    "OVER (ROWS BETWEEN 1 PRECEDING AND CURRENT ROW)",
    "IGNORE NULLS",
    "WINDOW w AS (ORDER BY a)",
    "x -> x",
    "(x, y) ->",
    "ROW(",
    "ARRAY[",
    "]",
    "[",
    ".",
    "CASE",
    "WHEN",
    "THEN",
    "ELSE",
    "END",
    "CAST(a AS map(varchar, row(x bigint)))",
    "TRY_CAST(",
    "AS timestamp(3) with time zone)",
    "INTERVAL '1' DAY",
    "date '2024-01-01'",
    "AT TIME ZONE 'UTC'",
    "EXISTS (SELECT 1)",
    "(SELECT a)",
    "current_timestamp",
    ";",
    "JSON_VALUE(a, '$.b' RETURNING bigint",
    "JSON_QUERY(a, '$'",
    "WITH WRAPPER",
    "DEFAULT 1 ON EMPTY",
    "NULL ON ERROR)",
    "JSON_OBJECT(KEY a VALUE",
    "JSON_ARRAY(",
    "ABSENT ON NULL)",
];

fn check(text: &str) {
    match parse(text) {
        Ok(query) => {
            let printed = query.to_string();
            let again = parse(&printed).map(|again| again.to_string());
            assert_eq!(again.as_deref(), Ok(printed.as_str()), "{text}");
        }
        Err(error) => assert!(is_inside(text, &error), "{error}"),
    }
}

/// The place is that of a character, or just behind the last one.
fn is_inside(text: &str, error: &SqlError) -> bool {
    let Some(place) = error.place else { return true };
    let line = text.split('\n').nth(place.line as usize - 1);
    line.is_some_and(|line| place.column >= 1 && place.column as usize <= line.chars().count() + 1)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in any::<String>()) {
        check(&text);
        check(&format!("SELECT {text}"));
    }

    #[test]
    fn any_sequence_of_pieces(pieces in prop::collection::vec(prop::sample::select(&PIECES[..]), 0..25)) {
        check(&pieces.join(" "));
        check(&format!("SELECT {}", pieces.join(" ")));
    }

    #[test]
    fn any_expression(expression in expression()) {
        let query = parse(&format!("SELECT {expression}")).expect("made by the grammar");
        let printed = query.to_string();
        prop_assert_eq!(parse(&printed).expect("printed").to_string(), printed);
    }
}

/// Expressions of the grammar, with no parentheses but their own.
fn expression() -> impl Strategy<Value = String> {
    let leaf = prop::sample::select(&["a", "t.b", "1", "-2", "1.5", "'s'", "NULL", "current_date", "count(*)"][..]);
    leaf.prop_map(str::to_owned).prop_recursive(5, 40, 3, |inner| {
        let pair = (inner.clone(), inner.clone());
        prop_oneof![
            (pair.clone(), prop::sample::select(&["+", "-", "*", "/", "%", "||"][..]))
                .prop_map(|((a, b), o)| format!("({a}) {o} ({b})")),
            (pair.clone(), prop::sample::select(&["=", "<", ">=", "IS DISTINCT FROM"][..]))
                .prop_map(|((a, b), o)| format!("({a}) {o} ({b})")),
            (pair.clone(), prop::sample::select(&["AND", "OR"][..]))
                .prop_map(|((a, b), o)| format!("({a}) {o} NOT ({b}) {o} NOT ({a})")),
            pair.clone().prop_map(|(a, b)| format!("({a}) NOT BETWEEN ({b}) AND - ({a})")),
            pair.clone().prop_map(|(a, b)| format!("({a}) NOT IN ({b}, {a})")),
            pair.clone().prop_map(|(a, b)| format!("({a}) LIKE ({b}) ESCAPE ({a})")),
            pair.clone().prop_map(|(a, b)| format!("CASE {a} WHEN {b} THEN {a} ELSE {b} END")),
            pair.clone()
                .prop_map(|(a, b)| format!("f(DISTINCT {a}, (x, y) -> {b} ORDER BY {a} DESC) FILTER (WHERE {b})")),
            pair.clone().prop_map(|(a, b)| format!("({a})[{b}].c AT TIME ZONE 'UTC'")),
            pair.clone().prop_map(|(a, b)| format!("({a}, ARRAY[{b}])")),
            pair.prop_map(|(a, b)| format!("({a}) IN (SELECT {b} FROM t WHERE {a} GROUP BY ({a}), {b})")),
            inner.clone().prop_map(|a| format!("TRY_CAST({a} AS array(decimal(10, 2)))")),
            inner.prop_map(|a| format!("if(({a}) IS NOT NULL, +({a}))")),
        ]
    })
}
