use super::*;

#[test]
fn messages_name_the_place_and_what_was_wanted() {
    refused(
        "SELECT eventName, FROM t",
        "SYNTAX_ERROR line 1:19: mismatched input 'FROM'. Expecting: '*', <expression>",
    );
    refused("SELECT count(* FROM t", "SYNTAX_ERROR line 1:16: mismatched input 'FROM'. Expecting: ')'");
    refused("SELECT a\nFROM 'x", "SYNTAX_ERROR line 2:6: mismatched input '''. Expecting: 'UNNEST', <identifier>");
    refused(
        "-- SELECT",
        "SYNTAX_ERROR line 1:10: mismatched input '<EOF>'. Expecting: '(', 'SELECT', 'TABLE', 'VALUES', 'WITH'",
    );
    refused(
        "SELEC a",
        "SYNTAX_ERROR line 1:1: mismatched input 'SELEC'. Expecting: '(', 'SELECT', 'TABLE', 'VALUES', 'WITH'",
    );
    refused(
        "SELECT a FROM 1t",
        "SYNTAX_ERROR line 1:15: identifiers must not start with a digit; surround the identifier with double quotes",
    );
    refused(
        "SELECT `a`",
        "SYNTAX_ERROR line 1:8: backquoted identifiers are not supported; use double quotes to quote identifiers",
    );
    refused("SELECT 99999999999999999999", "SYNTAX_ERROR line 1:8: Invalid numeric literal: 99999999999999999999");
    refused("SELECT CAST(a AS text)", "TYPE_NOT_FOUND line 1:18: Unknown type: text");
    refused("SELECT extract(epoch FROM a)", "SYNTAX_ERROR line 1:16: Invalid EXTRACT field: epoch");
    refused("SELECT if(a)", "SYNTAX_ERROR line 1:8: Invalid number of arguments for 'if' function");
    assert_eq!(parse("SELECT a = b = c").expect_err("one predicate only").class, ErrorClass::SyntaxError);
}

#[test]
fn other_statements() {
    refused(
        "/* SELECT */ -- SELECT\nTRUNCATE TABLE t",
        "NOT_A_SELECT line 2:1: Only queries are allowed: the statement must begin with SELECT or WITH, not with TRUNCATE",
    );
    refused(
        "SELECT 1; delete from t",
        "MULTIPLE_STATEMENTS line 1:11: Only one statement is allowed, with or without a semicolon at its end",
    );
    refused("SELECT 1;;", "SYNTAX_ERROR line 1:10: mismatched input ';'. Expecting: <EOF>");
    let long = format!("SELECT {}", "a".repeat(9_994));
    refused(&long, "STATEMENT_TOO_LONG The statement has 10001 characters; at most 10000 are allowed");
    assert!(parse(&long[..10_000]).is_ok());
}

#[test]
fn grammar_without_meaning_here() {
    refused("WITH RECURSIVE a AS (SELECT 1) SELECT 1", "NOT_SUPPORTED line 1:6: WITH RECURSIVE is not supported");
    refused("SELECT * FROM t TABLESAMPLE BERNOULLI (10)", "NOT_SUPPORTED line 1:17: TABLESAMPLE is not supported");
    refused(
        "SELECT json_value(a, '$.b' PASSING 1)",
        "SYNTAX_ERROR line 1:37: mismatched input ')'. Expecting: 'AS', 'BETWEEN', 'FORMAT', 'IN', 'IS', 'LIKE', '['",
    );
    refused("SELECT a WHERE b = ?", "NOT_SUPPORTED line 1:20: A parameter is not supported");
}

#[test]
fn nesting_and_chains_are_bounded() {
    // On a small stack: nobody has less than this.
    let run = || {
        for (open, middle, close) in [
            ("(", "1", ")"),
            ("(", "SELECT 1", ")"),
            ("NOT ", "a", ""),
            ("- ", "a", ""),
            ("f(", "1", ")"),
            ("x -> ", "1", ""),
            ("ARRAY[", "1", "]"),
            ("CASE WHEN ", "a", " THEN 1 END"),
            ("CAST(", "1", " AS bigint)"),
            ("(SELECT ", "1", ")"),
            ("(SELECT * FROM (", "t", "))"),
            ("a IN (", "1", ")"),
        ] {
            for count in [10, 600] {
                let text = format!("SELECT {}{middle}{}", open.repeat(count), close.repeat(count));
                let result = parse(&text);
                assert_eq!(result.is_ok(), count == 10, "{open} {count}");
            }
        }
        for link in [" || a", "[1]", ".a", " AT TIME ZONE 'UTC'", " UNION SELECT a"] {
            assert!(parse(&format!("SELECT a{}", link.repeat(150))).is_ok(), "{link}");
            assert!(parse(&format!("SELECT a{}", link.repeat(500))).is_err(), "{link}");
        }
        assert!(parse(&format!("SELECT a{}", " OR a = 1".repeat(900))).is_ok(), "long lists are not deep");
        assert!(parse(&format!("SELECT CAST(a AS {}int{})", "array(".repeat(200), ")".repeat(200))).is_err());
        assert!(parse(&format!("SELECT * FROM {}t{}", "(".repeat(500), ")".repeat(500))).is_err());
        assert!(parse(&format!("SELECT * FROM a{}", " JOIN a".repeat(500))).is_err());
    };
    let thread = std::thread::Builder::new().stack_size(2 << 20).spawn(run).expect("a thread");
    thread.join().expect("no overflow, no panic");
}
