//! Small tables whose answers follow from the standard and from Trino's documentation.

use opentrail_query::{prepare, value};
use opentrail_trino::parse_type;
use serde_json::json;

use crate::memory::{Memory, Rows};

/// A table `t` of four rows.
pub(crate) fn tables() -> Memory {
    let columns = [
        ("id", "bigint"),
        ("name", "varchar"),
        ("at", "timestamp(3)"),
        ("who", "row(type varchar, arn varchar, session row(mfa varchar))"),
        ("tags", "map(varchar, varchar)"),
        ("resources", "array(row(arn varchar, type varchar))"),
    ];
    let columns = columns.map(|(name, ty)| (name.to_owned(), parse_type(ty).expect("a type")));
    let rows = [
        json!({"id": 1, "name": "a", "at": "2024-01-01T00:00:00Z", "who": {"type": "Root", "arn": "r", "session": {"mfa": "true"}},
               "tags": {"x": "1", "y": "2"}, "resources": [{"arn": "one", "type": "T"}, {"arn": "two", "type": "U"}]}),
        json!({"id": 2, "name": "b", "at": "2024-01-02T12:00:00Z", "who": {"type": "User", "arn": "u"},
               "tags": {"y": "2", "x": "1"}, "resources": []}),
        json!({"id": 3, "name": "b", "who": null, "tags": null, "resources": null}),
        json!({"id": 4, "name": null, "at": "2024-02-01T00:00:00Z", "who": {"type": "User"}, "tags": {},
               "resources": [{"arn": "one", "type": null}]}),
    ];
    let mut tables = Memory::default();
    tables.add("t", &Rows::new(columns.to_vec(), &rows));
    tables
}

/// Titles, then each row, as text; `error` where the statement is refused.
async fn run(statement: &str) -> String {
    let tables = tables();
    let prepared = match prepare(statement, &tables, 1_767_225_600_000) {
        Ok(prepared) => prepared,
        Err(error) => return format!("{} {error}", error.class.name()),
    };
    let batches = match prepared.collect().await {
        Ok(batches) => batches,
        Err(error) => return format!("{} {error}", error.class.name()),
    };
    let titles: Vec<&str> = prepared.columns().iter().map(|(title, _)| title.as_str()).collect();
    let mut lines = vec![titles.join("|")];
    for batch in &batches {
        for row in 0..batch.num_rows() {
            let cells = prepared.columns().iter().zip(batch.columns());
            let cells = cells.map(|((_, ty), array)| value::text(array, row, ty).unwrap_or_else(|| "NULL".to_owned()));
            lines.push(cells.collect::<Vec<_>>().join("|"));
        }
    }
    lines.join("\n")
}

async fn check(statement: &str, expected: &str) {
    assert_eq!(run(statement).await, expected, "{statement}");
}

#[tokio::test]
async fn names_paths_and_titles() {
    check("SELECT ID, WHO.Type, t.who.session.MFA, 1 FROM T WHERE id = 1", "ID|Type|MFA|_col3\n1|Root|true|1").await;
    check("SELECT s.who.arn FROM (SELECT * FROM t) AS s WHERE s.id = 2", "arn\nu").await;
    check("SELECT who.session.mfa IS NULL FROM t ORDER BY id", "_col0\nfalse\ntrue\ntrue\ntrue").await;
}

#[tokio::test]
async fn refusals_have_classes_places_and_hints() {
    check("SELECT nam FROM t", "COLUMN_NOT_FOUND line 1:8: Column 'nam' cannot be resolved; did you mean 'name'?")
        .await;
    check("SELECT id\nFROM tt", "TABLE_NOT_FOUND line 2:6: Table 'tt' does not exist; did you mean 't'?").await;
    check(
        "SELECT who.session.mfe FROM t",
        "COLUMN_NOT_FOUND line 1:8: Column 'who.session.mfe' cannot be resolved; did you mean 'mfa'?",
    )
    .await;
    check("SELECT a.id FROM t a, t b WHERE id = 1", "AMBIGUOUS_NAME line 1:33: Column 'id' is ambiguous").await;
    check(
        "SELECT name, id FROM t GROUP BY name",
        "EXPRESSION_NOT_AGGREGATE line 1:14: 'id' must be an aggregate expression or appear in GROUP BY clause",
    )
    .await;
}

#[tokio::test]
async fn groups_and_order() {
    check("SELECT name, count(*) FROM t GROUP BY 1 ORDER BY name DESC", "name|_col1\nb|2\na|1\nNULL|1").await;
    check("SELECT tags, count(*) n FROM t GROUP BY tags ORDER BY n DESC LIMIT 1", "tags|n\n{x=1, y=2}|2").await;
    check(
        "SELECT name, count(*) FROM t GROUP BY GROUPING SETS ((name), ()) ORDER BY 2, 1",
        "name|_col1\na|1\nNULL|1\nb|2\nNULL|4",
    )
    .await;
    check("SELECT count(*) FROM t WHERE id > 9", "_col0\n0").await;
    check("SELECT DISTINCT name FROM t ORDER BY name NULLS FIRST", "name\nNULL\na\nb").await;
}

#[tokio::test]
async fn keys_of_groups_stay_apart_after_joins() {
    // Within `b` the name alone determines nothing.
    let groups = "WITH a AS (SELECT name, min(id) m FROM t GROUP BY name), \
                  b AS (SELECT a.name, t.id, count(*) n FROM a JOIN t ON a.name = t.name GROUP BY a.name, t.id)";
    check(&format!("{groups} SELECT name, sum(n) FROM b GROUP BY name, id ORDER BY name"), "name|_col1\na|1\nb|1\nb|1")
        .await;
    check(&format!("{groups} SELECT name FROM b ORDER BY name, id DESC"), "name\na\nb\nb").await;
}

#[tokio::test]
async fn subqueries() {
    check("SELECT id FROM t WHERE name NOT IN (SELECT name FROM t WHERE id = 1)", "id\n2\n3").await;
    check("SELECT id FROM t WHERE name NOT IN (SELECT name FROM t WHERE id <> 2)", "id").await;
    check(
        "SELECT a.id, (SELECT count(*) FROM t b WHERE b.name = a.name AND b.id < a.id) n FROM t a ORDER BY id",
        "id|n\n1|0\n2|0\n3|1\n4|0",
    )
    .await;
    check("SELECT id FROM t a WHERE EXISTS (SELECT 1 FROM t b WHERE b.name = a.name AND b.id > a.id)", "id\n2").await;
    check(
        "SELECT id FROM t a WHERE NOT EXISTS (SELECT 1 FROM t b WHERE b.name = a.name AND b.id > a.id) ORDER BY 1",
        "id\n1\n3\n4",
    )
    .await;
    check("SELECT (SELECT id FROM t)", "SUBQUERY_MULTIPLE_ROWS Scalar sub-query has returned multiple rows").await;
    check(
        "SELECT id, id > ALL (SELECT id FROM t WHERE id < 3) b FROM t ORDER BY id",
        "id|b\n1|false\n2|false\n3|true\n4|true",
    )
    .await;
}

#[tokio::test]
async fn unnest_and_joins() {
    check("SELECT id, r.arn FROM t, UNNEST(resources) r ORDER BY id, arn", "id|arn\n1|one\n1|two\n4|one").await;
    check(
        "SELECT id, arn, i FROM t LEFT JOIN UNNEST(resources) WITH ORDINALITY AS r (arn, type, i) ON TRUE ORDER BY id, i",
        "id|arn|i\n1|one|1\n1|two|2\n2|NULL|NULL\n3|NULL|NULL\n4|one|1",
    )
    .await;
    check("SELECT id, k, v FROM t CROSS JOIN UNNEST(tags) AS m (k, v) WHERE id = 2 ORDER BY k", "id|k|v\n2|x|1\n2|y|2")
        .await;
    check(
        "SELECT name, a.id, b.id FROM t a FULL JOIN (SELECT id, name FROM t WHERE id = 1) b USING (name) ORDER BY 1, 2",
        "name|id|id\na|1|1\nb|2|NULL\nb|3|NULL\nNULL|4|NULL",
    )
    .await;
    check(
        "SELECT x.e FROM (SELECT 1) s CROSS JOIN UNNEST(s._x) x (e)",
        "COLUMN_NOT_FOUND line 1:48: Column 's._x' cannot be resolved",
    )
    .await;
}

#[tokio::test]
async fn windows_and_frames() {
    check(
        "SELECT id, sum(id) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) s, rank() OVER w r FROM t \
         WINDOW w AS (ORDER BY name) ORDER BY id",
        "id|s|r\n1|1|1\n2|3|2\n3|5|2\n4|7|4",
    )
    .await;
    check("SELECT id FROM t ORDER BY name FETCH FIRST 2 ROWS WITH TIES", "id\n1\n2\n3").await;
    check("SELECT max(count(*)) OVER () m FROM t GROUP BY name LIMIT 1", "m\n2").await;
}

#[tokio::test]
async fn sets_of_rows() {
    check("VALUES (1, 'a'), (2, NULL) ORDER BY 1", "_col0|_col1\n1|a\n2|NULL").await;
    check("SELECT 1 UNION SELECT 1e0 UNION ALL SELECT 2 ORDER BY 1", "_col0\n1.0\n2.0").await;
    check("(VALUES 1, 1, 2 EXCEPT ALL VALUES 1) ORDER BY 1", "_col0\n1\n2").await;
    check("VALUES 1, 1, 2 INTERSECT VALUES 1, 3", "_col0\n1").await;
    check("SELECT name FROM t UNION SELECT NULL ORDER BY 1", "name\na\nb\nNULL").await;
    check(
        "SELECT 1 UNION SELECT 'a'",
        "TYPE_MISMATCH line 1:10: column 1 in UNION query has incompatible types: integer, varchar",
    )
    .await;
}

#[tokio::test]
async fn correlation_reaches_through_levels() {
    let nested = "SELECT a.id FROM t a WHERE EXISTS (SELECT 1 FROM t b WHERE b.id = a.id + 1 AND EXISTS \
                  (SELECT 1 FROM t c WHERE c.name = b.name AND c.id > a.id + 1)) ORDER BY 1";
    check(nested, "id\n1").await;
    check(
        "SELECT id, (SELECT max(x) FROM UNNEST(transform(resources, r -> r.arn)) u (x)) m FROM t ORDER BY id",
        "id|m\n1|two\n2|NULL\n3|NULL\n4|one",
    )
    .await;
    check(
        "SELECT a.id, l.n FROM t a CROSS JOIN LATERAL (SELECT b.id AS n FROM t b WHERE b.name = a.name ORDER BY b.id DESC LIMIT 1) l \
         ORDER BY 1",
        "id|n\n1|1\n2|3\n3|3",
    )
    .await;
    check(
        "SELECT name, (SELECT count(*) FROM t b WHERE b.name = a.name) FROM t a GROUP BY name ORDER BY 1",
        "name|_col1\na|1\nb|2\nNULL|0",
    )
    .await;
}

#[tokio::test]
async fn what_is_excluded_does_not_fail() {
    check("SELECT id FROM t WHERE id <> 1 AND 10 / (id - 1) > 4 ORDER BY 1", "id\n2\n3").await;
    check("SELECT id FROM t WHERE IF(id = 1, false, 10 / (id - 1) > 4) ORDER BY 1", "id\n2\n3").await;
    check("SELECT sum(10 / (id - 1)) FILTER (WHERE id > 1) FROM t", "_col0\n18").await;
    check("SELECT id FROM t WHERE at BETWEEN '2024-01-02' AND '2024-01-03T00:00:00Z'", "id\n2").await;
    check("SELECT id FROM t WHERE at IN ('2024-02-01', '2024-01-01 00:00:00.000') ORDER BY 1", "id\n1\n4").await;
}

#[tokio::test]
async fn high_trees_are_walked() {
    let sum = vec!["1"; 100].join(" + ");
    check(&format!("SELECT {sum}"), "_col0\n100").await;
    let any = (0..800).map(|n| format!("id = {n}")).collect::<Vec<_>>().join(" OR ");
    check(&format!("SELECT count(*) FROM t WHERE {any}"), "_col0\n4").await;
}
