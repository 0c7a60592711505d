//! Statements put together at random: each is refused with a reason or answered, and none is our own fault. Expressions that have
//! been answered become parts of later ones, so that most are right as to types.

use std::collections::BTreeSet;

use opentrail_query::prepare;
use opentrail_trino::ErrorClass;

use crate::memory::Memory;
use crate::small::tables;

/// How many statements.
const COUNT: u64 = 3_000;

const ATOMS: [&str; 39] = [
    "id",
    "name",
    "at",
    "who",
    "who.session.mfa",
    "tags",
    "tags['x']",
    "resources",
    "NULL",
    "true",
    "0",
    "1",
    "-7",
    "9223372036854775807",
    "2.50",
    "1e0",
    "nan()",
    "''",
    "'a'",
    "'12'",
    "'$.a'",
    "'(a'",
    "'2024-02-29 10:00:00'",
    "'{\"a\": [1, null]}'",
    "X'00ff'",
    "date '2024-02-29'",
    "time '10:11:12'",
    "timestamp '2024-02-29 10:11:12.345678'",
    "timestamp '2024-02-29 10:11:12 Asia/Seoul'",
    "INTERVAL '1' DAY",
    "INTERVAL '3' MONTH",
    "ARRAY[1, NULL, 3]",
    "ARRAY['a', 'b']",
    "ARRAY[]",
    "MAP(ARRAY['a', 'b'], ARRAY[1, NULL])",
    "ROW(1, 'x')",
    "json '[1, {\"a\": \"b\"}]'",
    "ipaddress '10.0.0.1'",
    "uuid '12151fd2-7586-11e9-8f9e-2a86e4085a59'",
];

const TYPES: [&str; 14] = [
    "varchar",
    "varchar(2)",
    "boolean",
    "tinyint",
    "bigint",
    "double",
    "decimal(5,2)",
    "date",
    "time",
    "timestamp",
    "timestamp(6) with time zone",
    "json",
    "array(varchar)",
    "map(varchar, bigint)",
];

const OPERATORS: [&str; 15] =
    ["+", "-", "*", "/", "%", "||", "=", "<>", "<", ">=", "AND", "OR", "IS DISTINCT FROM", "LIKE", "AT TIME ZONE"];

/// The names that are called in the statements of `slt/`: every function.
fn functions() -> Vec<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("slt");
    let mut names = BTreeSet::new();
    for file in std::fs::read_dir(folder).expect("the folder of statements") {
        let text = std::fs::read_to_string(file.expect("a file").path()).expect("a text");
        for (at, _) in text.match_indices('(') {
            let before = &text[..at];
            let begin = before.rfind(|c: char| !c.is_ascii_alphanumeric() && c != '_').map_or(0, |begin| begin + 1);
            if before[begin..].starts_with(|c: char| c.is_ascii_lowercase()) && before.len() - begin > 1 {
                names.insert(before[begin..].to_owned());
            }
        }
    }
    names.into_iter().collect()
}

/// A generator of statements; the same seed makes the same ones.
struct Words {
    seed: u64,
    functions: Vec<String>,
    /// Expressions that are right.
    known: Vec<String>,
}

impl Words {
    /// A number below a bound (SplitMix64).
    fn below(&mut self, bound: usize) -> usize {
        self.seed = self.seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.seed;
        bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((bits ^ bits >> 31) % bound as u64).expect("below a bound")
    }

    fn one_of<'w>(&mut self, words: &[&'w str]) -> &'w str {
        words[self.below(words.len())]
    }

    /// An expression that is known, more often a plain one.
    fn known(&mut self) -> String {
        let count = if self.below(2) == 0 { ATOMS.len() } else { self.known.len() };
        let index = self.below(count);
        self.known[index].clone()
    }

    fn call(&mut self) -> String {
        let index = self.below(self.functions.len());
        let count = self.below(4);
        let arguments: Vec<String> = (0..count).map(|_| self.known()).collect();
        format!("{}({})", self.functions[index], arguments.join(", "))
    }

    fn expression(&mut self) -> String {
        let (a, b) = (self.known(), self.known());
        match self.below(22) {
            0..=8 => self.call(),
            9 | 10 => format!("({a} {} {b})", self.one_of(&OPERATORS)),
            11 => format!("TRY_CAST({a} AS {})", self.one_of(&TYPES)),
            12 => format!("CAST({a} AS {})", self.one_of(&TYPES)),
            13 => format!("CASE WHEN {a} IS NULL THEN {b} ELSE {a} END"),
            14 => format!("({a} IN ({b}, {}))", self.one_of(&ATOMS)),
            15 => format!("transform(ARRAY[{a}, NULL], x -> {})", b.replace("id", "x")),
            16 => format!("(SELECT max({a}) FROM t u WHERE {b} IS NOT NULL)"),
            17 => format!("coalesce({a}, {b})"),
            18 => format!("try({a})"),
            19 => format!("json_value({a}, '$.a' RETURNING bigint DEFAULT {b} ON EMPTY)"),
            20 => format!("json_array({a}, {b})"),
            _ => format!("({a} IN (SELECT {b} FROM t v))"),
        }
    }

    fn statement(&mut self, expression: &str) -> String {
        let mut statement = format!("SELECT {expression} FROM t");
        match self.below(8) {
            0 => statement.push_str(&format!(" WHERE {} = {expression}", self.known())),
            1 => statement.push_str(" GROUP BY 1"),
            2 => statement.push_str(" ORDER BY 1 DESC"),
            3 => {
                statement =
                    format!("SELECT y, count(*) FROM ({statement} LIMIT 3) u(y) GROUP BY y HAVING y IS NOT NULL")
            }
            4 => {
                statement =
                    format!("SELECT DISTINCT * FROM ({statement}) u(y) LEFT JOIN t ON t.id = 2 WHERE y IS NOT NULL")
            }
            _ => {}
        }
        statement
    }
}

/// Names the statement if it makes the test panic.
struct Named<'a>(&'a str);

#[allow(clippy::print_stderr, reason = "a panicking test tells what it was about")]
impl Drop for Named<'_> {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the statement: {}", self.0);
        }
    }
}

/// Prepares and runs; was it answered?
async fn run(statement: &str, tables: &Memory) -> Result<bool, String> {
    let _named = Named(statement);
    let answer = match prepare(statement, tables, 1_767_225_600_000) {
        Ok(prepared) => prepared.collect().await.map(|_| ()),
        Err(error) => Err(error),
    };
    match answer {
        Ok(()) => Ok(true),
        Err(error) if error.class == ErrorClass::GenericInternalError => Err(format!("{statement}\n  {error}")),
        Err(_) => Ok(false),
    }
}

#[tokio::test]
async fn no_statement_is_our_own_fault() {
    let tables = tables();
    let known = ATOMS.iter().map(|atom| (*atom).to_owned()).collect();
    let mut words = Words { seed: 1, functions: functions(), known };
    let mut faults = Vec::new();
    for _ in 0..COUNT {
        let expression = words.expression();
        let statement = words.statement(&expression);
        match run(&statement, &tables).await {
            Ok(true) if expression.len() < 150 => words.known.push(expression),
            Ok(_) => {}
            Err(fault) => faults.push(fault),
        }
    }
    assert!(faults.is_empty(), "{} of {COUNT}:\n{}", faults.len(), faults.join("\n"));
    assert!(words.known.len() > 400, "statements make sense: {} were answered", words.known.len());
}

/// The class and message of a refusal, or that there is none; with the stack that a server's threads have.
fn refusal(statement: &str) -> String {
    let prepared = std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(2 << 20);
        let prepare = || prepare(statement, &tables(), 0).map(drop);
        thread.spawn_scoped(scope, prepare).expect("a thread").join().expect("no panic")
    });
    prepared.err().map_or_else(|| "none".to_owned(), |error| format!("{} {error}", error.class.name()))
}

/// `inner` in itself, each time in place of the `?` of `outer`.
fn nested(outer: &str, inner: &str, times: usize) -> String {
    (0..times).fold(inner.to_owned(), |inner, _| outer.replace('?', &inner))
}

/// WITH queries of which each is made of the one before.
fn chain(first: &str, step: &str, times: usize) -> String {
    let steps: String =
        (1..=times).map(|n| format!(", w{n} AS ({})", step.replace('?', &format!("w{}", n - 1)))).collect();
    format!("WITH w0 AS ({first}){steps} TABLE w{times}")
}

#[test]
fn what_a_short_statement_multiplies_is_bounded() {
    let too_complex = "NOT_SUPPORTED Query is too complex: its relations have more than 200000 columns";
    assert_eq!(refusal(&chain("SELECT 1 x", "SELECT 1 x FROM ? a, ? b", 40)), too_complex);
    assert_eq!(refusal(&nested("SELECT *, * FROM (?)", "SELECT 1", 30)), too_complex);
    // Each is planned anew for what it takes from around it; that may be deep, but not endless.
    let correlated = (0..30)
        .fold("SELECT x0".to_owned(), |inner, n| format!("SELECT ({inner}) + x0 FROM (VALUES 1) t{n}(x{})", 30 - n));
    let correlated = format!("SELECT ({correlated}) FROM (VALUES 1) t(x0)");
    assert_eq!(refusal(&correlated), "none");
    assert!(refusal(&chain("SELECT 1", "TABLE ?", 300)).ends_with("Queries stand in each other more than 64 deep"));
    assert_eq!(refusal(&chain("SELECT 1", "TABLE ?", 60)), "none");

    let expression = |of: &str| refusal(&format!("SELECT {of} FROM t"));
    for (outer, what) in [
        ("coalesce(?, 1)", "Expression"),
        ("nullif(?, 1)", "Expression"),
        ("CASE ? WHEN 1 THEN 1 WHEN 2 THEN 2 END", "Expression"),
    ] {
        assert_eq!(expression(&nested(outer, "id", 8)), "none");
        let refused = expression(&nested(outer, "id", 50));
        assert!(refused.ends_with(&format!("{what} is too complex")), "{outer}: {refused}");
    }
    assert_eq!(expression(&format!("id{}", " - 1".repeat(290))), "none");
    let rows = nested("SELECT ROW(x, x) x FROM (?)", "SELECT 1 x", 20);
    assert!(refusal(&rows).ends_with("Type of expression is too complex"), "{}", refusal(&rows));
}

#[tokio::test]
async fn many_conditions_that_can_fail_are_one_after_the_other() {
    let conditions = |count: usize| (0..count).map(|n| format!("12 / (id - {n}) <> {n}")).collect::<Vec<_>>();
    let count = async |condition: &str| {
        let prepared = prepare(&format!("SELECT id FROM t WHERE {condition}"), &tables(), 0).expect("it is right");
        prepared.collect().await.map(|batches| batches.iter().map(|batch| batch.num_rows()).sum::<usize>())
    };
    // Each divides by zero for an id of the table, but for those that the first one leaves.
    assert_eq!(count(&format!("id > 100 AND {}", conditions(150).join(" AND "))).await, Ok(0));
    assert_eq!(count(&format!("id < 100 OR {}", conditions(150).join(" OR "))).await, Ok(4));
    let failed = count(&conditions(150).join(" AND ")).await;
    assert_eq!(failed.map_err(|error| error.class), Err(ErrorClass::DivisionByZero));
}
