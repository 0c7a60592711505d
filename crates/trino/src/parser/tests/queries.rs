use super::{check, table_names};

#[test]
fn clauses() {
    check(
        "select distinct a, t.*, * from t where a group by distinct a, (b, c), rollup(a, (b)), () having d window w as (order by a) order by 1 desc offset 2 rows limit 3;",
        "SELECT DISTINCT a, t.*, * FROM t WHERE a GROUP BY DISTINCT (a), (b, c), ROLLUP ((a), (b)), () HAVING d WINDOW w AS ( ORDER BY a ASC) ORDER BY 1 DESC OFFSET 2 ROWS LIMIT 3",
    );
    check(
        "SELECT a GROUP BY GROUPING SETS ((a, b), a), CUBE (a)",
        "SELECT a GROUP BY GROUPING SETS ((a, b), (a)), CUBE ((a))",
    );
    check("SELECT a GROUP BY (a) + 1, (a, b)", "SELECT a GROUP BY ((a + 1)), (a, b)");
    check("SELECT a FETCH NEXT ROW ONLY", "SELECT a LIMIT 1");
    check("SELECT a ORDER BY a FETCH FIRST 7 ROWS WITH TIES", "SELECT a ORDER BY a ASC FETCH FIRST 7 ROWS WITH TIES");
    check("TABLE t", "TABLE t");
    check("VALUES 1, (2, 'a')", "VALUES 1, ROW (2, 'a')");
    check("SELECT r.* AS (a, b) FROM t LIMIT ALL", "SELECT r.* AS (a, b) FROM t LIMIT ALL");
    check("SELECT f(a).* FROM t", "SELECT f(a).* FROM t");
}

#[test]
fn subqueries_as_grouping_sets() {
    let rollup = "SELECT 1 GROUP BY ROLLUP ((a), ((WITH w AS (SELECT 1) SELECT 2)))";
    check(rollup, rollup);
    check("SELECT 1 GROUP BY (SELECT 2)", "SELECT 1 GROUP BY ((SELECT 2))");
    check("SELECT 1 GROUP BY (((SELECT 2)))", "SELECT 1 GROUP BY (((SELECT 2)))");
    check("SELECT 1 GROUP BY ((SELECT 2)) + 1", "SELECT 1 GROUP BY ((((SELECT 2)) + 1))");
    check("SELECT 1 GROUP BY ((SELECT 2), a)", "SELECT 1 GROUP BY ((SELECT 2), a)");
    check("SELECT 1 GROUP BY ((SELECT 2) UNION SELECT 3)", "SELECT 1 GROUP BY (((SELECT 2) UNION DISTINCT SELECT 3))");
}

#[test]
fn intersect_binds_first() {
    check(
        "SELECT 1 UNION SELECT 2 INTERSECT SELECT 3 EXCEPT ALL SELECT 4",
        "SELECT 1 UNION DISTINCT SELECT 2 INTERSECT DISTINCT SELECT 3 EXCEPT ALL SELECT 4",
    );
    let query = crate::parse("SELECT 1 UNION SELECT 2 INTERSECT SELECT 3").expect("a query");
    let crate::ast::QueryBody::Set(union) = query.body else { panic!("a set operation") };
    assert_eq!(union.operator, crate::ast::SetOperator::Union);
    assert!(matches!(union.right, crate::ast::QueryBody::Set(_)));
    check("(SELECT 1 ORDER BY 1) UNION ALL (SELECT 2)", "(SELECT 1 ORDER BY 1 ASC) UNION ALL (SELECT 2)");
}

#[test]
fn with() {
    check(
        "WITH a AS (SELECT 1), b (x, y) AS (VALUES (1, 2)) SELECT * FROM a, b",
        "WITH a AS (SELECT 1), b (x, y) AS (VALUES ROW (1, 2)) SELECT * FROM a, b",
    );
    check("SELECT (WITH a AS (SELECT 1) SELECT * FROM a)", "SELECT (WITH a AS (SELECT 1) SELECT * FROM a)");
}

#[test]
fn relations() {
    for id in [
        "a1b2c3d4-1111-4222-8333-abcdefabcdef",
        "12345678-1234-4234-8234-123456789012",
        "3e8f1c2a-1111-4222-8333-abcdefabcdef",
        "12e45678-1234-4234-8234-123456789012",
    ] {
        check(
            &format!("SELECT * FROM {id} a JOIN {id} ON true WHERE a.b"),
            &format!("SELECT * FROM ({id} a INNER JOIN {id} ON true) WHERE a.b"),
        );
        check(&format!("SELECT {id}.a FROM {id}, \"{id}\""), &format!("SELECT {id}.a FROM {id}, \"{id}\""));
    }
    check("SELECT * FROM a JOIN b JOIN c ON x ON y", "SELECT * FROM (a INNER JOIN (b INNER JOIN c ON x) ON y)");
    check("SELECT * FROM a LEFT OUTER JOIN b ON x CROSS JOIN c", "SELECT * FROM ((a LEFT JOIN b ON x) CROSS JOIN c)");
    check(
        "SELECT * FROM a NATURAL JOIN b FULL JOIN c USING (d, e)",
        "SELECT * FROM ((a NATURAL INNER JOIN b) FULL JOIN c USING (d, e))",
    );
    check(
        "SELECT * FROM a CROSS JOIN UNNEST(b, c) WITH ORDINALITY AS t (x, y, z)",
        "SELECT * FROM (a CROSS JOIN UNNEST(b, c) WITH ORDINALITY t (x, y, z))",
    );
    check(
        "SELECT * FROM a, unnest(b) as r, LATERAL (SELECT 1) l",
        "SELECT * FROM a, UNNEST(b) r, LATERAL (SELECT 1) l",
    );
    check(
        "SELECT * FROM (a JOIN b ON x) t, (SELECT 1) AS u (v), ((SELECT 1) UNION SELECT 2) w",
        "SELECT * FROM (a INNER JOIN b ON x) t, (SELECT 1) u (v), ((SELECT 1) UNION DISTINCT SELECT 2) w",
    );
    check("SELECT * FROM ((SELECT 1) a CROSS JOIN b), (a b) c", "SELECT * FROM ((SELECT 1) a CROSS JOIN b), (a b) c");
    check("SELECT * FROM limit limit 5", "SELECT * FROM limit LIMIT 5");
    check("SELECT * FROM a.b.c", "SELECT * FROM a.b.c");
}

#[test]
fn names_of_tables_are_told() {
    let text = "WITH w AS (TABLE \"a.b\".C) SELECT (SELECT max(x) FROM w) FROM t JOIN LATERAL (SELECT 1 FROM w) ON true, (T) WHERE t.x IN (VALUES 1)";
    let names = table_names(text).expect("it parses");
    let shown: Vec<(String, u32)> = names
        .tables
        .iter()
        .map(|name| {
            let parts: Vec<&str> = name.iter().map(|part| part.text.as_str()).collect();
            (parts.join("/"), name[0].place.column)
        })
        .collect();
    let expected = [("a.b/C", 18), ("w", 54), ("t", 62), ("w", 92), ("T", 105)];
    assert_eq!(shown, expected.map(|(name, column)| (name.to_owned(), column)));
    assert_eq!(names.with_queries.iter().map(|name| name.text.as_str()).collect::<Vec<_>>(), ["w"]);
}
