//! Calls of functions by name over literals, as the analyzer makes them.

use datafusion::common::DFSchema;
use datafusion::common::ScalarValue;
use datafusion::logical_expr::execution_props::ExecutionProps;
use datafusion::logical_expr::{Expr, lit};
use datafusion::physical_expr::create_physical_expr;
use opentrail_trino::{SqlError, Type};

use super::{Argument, Compiled, OnError, Registry, cast, into_sql};

/// A literal with its Trino type.
pub(super) type Literal = (ScalarValue, Type);

pub(super) fn text(value: &str) -> Literal {
    (ScalarValue::from(value), Type::VARCHAR)
}

pub(super) fn whole(value: i64) -> Literal {
    (ScalarValue::from(value), Type::Bigint)
}

pub(super) fn double(value: f64) -> Literal {
    (ScalarValue::from(value), Type::Double)
}

pub(super) fn decimal(unscaled: i128, precision: u8, scale: u8) -> Literal {
    let value = ScalarValue::Decimal128(Some(unscaled), precision, i8::try_from(scale).unwrap());
    (value, Type::Decimal { precision, scale })
}

pub(super) fn null() -> Literal {
    (ScalarValue::Null, Type::Unknown)
}

pub(super) fn texts(values: &[Option<&str>]) -> Literal {
    let items: Vec<ScalarValue> = values.iter().map(|value| ScalarValue::Utf8(value.map(str::to_owned))).collect();
    let list = ScalarValue::new_list_nullable(&items, &arrow_schema::DataType::Utf8);
    (ScalarValue::List(list), Type::array(Type::VARCHAR))
}

/// The text of a value cast from text.
pub(super) fn of(value: &str, to: &Type) -> Literal {
    let expr = cast(lit(value), &Type::VARCHAR, to, OnError::Fail).unwrap();
    (evaluate(&expr).unwrap(), to.clone())
}

pub(super) fn evaluate(expr: &Expr) -> Result<ScalarValue, SqlError> {
    let context = Default::default();
    let physical = create_physical_expr(expr, &DFSchema::empty(), &ExecutionProps::new(), &context);
    let physical = physical.map_err(|error| into_sql(&error))?;
    let options = arrow_array::RecordBatchOptions::new().with_row_count(Some(1));
    let schema = std::sync::Arc::new(arrow_schema::Schema::empty());
    let batch = arrow_array::RecordBatch::try_new_with_options(schema, Vec::new(), &options).unwrap();
    let answer = physical.evaluate(&batch).map_err(|error| into_sql(&error))?;
    let array = answer.into_array(1).map_err(|error| into_sql(&error))?;
    Ok(ScalarValue::try_from_array(&array, 0).unwrap())
}

/// The answer of a call, with its type.
pub(super) fn call(name: &str, arguments: &[Literal]) -> Result<Literal, SqlError> {
    let given: Vec<Argument<'_>> = arguments.iter().map(|(_, of)| Argument::Value(of)).collect();
    let resolved = Registry::get().scalar(name, &given, &mut |_, _| unreachable!("no lambda is given"));
    let resolved = resolved.map_err(|error| error.at(opentrail_trino::Place { line: 1, column: 1 }))?;
    let coerced = arguments
        .iter()
        .zip(&resolved.parameters)
        .map(|((value, of), to)| cast(lit(value.clone()), of, to, OnError::Fail).map(Compiled::Value));
    let expr = resolved.call(coerced.collect::<Result<_, _>>()?)?;
    Ok((evaluate(&expr)?, resolved.returns))
}

/// The answer of a call as the text that its cast to varchar has (JSON for nested values); `NULL`; or the error's class.
pub(super) fn shown(name: &str, arguments: &[Literal]) -> String {
    let (value, of) = match call(name, arguments) {
        Ok(answer) => answer,
        Err(error) => return error.class.name().to_owned(),
    };
    if value.is_null() {
        return "NULL".to_owned();
    }
    let to = if matches!(of, Type::Array(_) | Type::Map(..) | Type::Row(_)) { Type::Json } else { Type::VARCHAR };
    let of = if of == Type::Json { Type::VARCHAR } else { of };
    let text = cast(lit(value), &of, &to, OnError::Fail).and_then(|expr| evaluate(&expr));
    match text {
        Ok(ScalarValue::Utf8(Some(text))) => text,
        other => format!("{other:?}"),
    }
}

#[track_caller]
pub(super) fn check(name: &str, arguments: &[Literal], expected: &str) {
    assert_eq!(shown(name, arguments), expected, "{name}");
}

mod operators {
    use super::*;

    const ADD: &str = "$operator$add";
    const DIVIDE: &str = "$operator$divide";
    const SUBSCRIPT: &str = "$operator$subscript";

    #[test]
    fn whole_numbers_overflow_and_divide_toward_zero() {
        check(ADD, &[whole(1), whole(2)], "3");
        check(ADD, &[whole(i64::MAX), whole(1)], "NUMERIC_VALUE_OUT_OF_RANGE");
        check(DIVIDE, &[whole(-7), whole(2)], "-3");
        check(DIVIDE, &[whole(1), whole(0)], "DIVISION_BY_ZERO");
        check("$operator$modulus", &[whole(-7), whole(2)], "-1");
        check(ADD, &[whole(1), null()], "NULL");
        check(ADD, &[text("a"), whole(1)], "TYPE_MISMATCH");
    }

    #[test]
    fn decimals_keep_their_digits() {
        check(DIVIDE, &[decimal(1000, 4, 1), whole(3)], "33.3");
        check(DIVIDE, &[decimal(20, 2, 1), decimal(30, 2, 1)], "0.7");
        check("$operator$multiply", &[whole(7), decimal(1000, 4, 1)], "700.0");
        check(ADD, &[decimal(15, 2, 1), decimal(225, 3, 2)], "3.75");
        check(ADD, &[decimal(15, 2, 1), double(1.0)], "2.5E0");
    }

    #[test]
    fn subscripts_fail_beyond_the_end() {
        let array = texts(&[Some("a"), None]);
        check(SUBSCRIPT, &[array.clone(), whole(1)], "a");
        check(SUBSCRIPT, &[array.clone(), whole(2)], "NULL");
        check(SUBSCRIPT, &[array.clone(), whole(3)], "INVALID_FUNCTION_ARGUMENT");
        check(SUBSCRIPT, &[array.clone(), whole(0)], "INVALID_FUNCTION_ARGUMENT");
        check("element_at", &[array.clone(), whole(-2)], "a");
        check("element_at", &[array, whole(3)], "NULL");
    }

    #[test]
    fn comparisons_reach_into_arrays() {
        let (a, b) = (texts(&[Some("a"), None]), texts(&[Some("b"), None]));
        check("$operator$equal", &[a.clone(), a.clone()], "NULL");
        check("$operator$equal", &[a.clone(), b.clone()], "false");
        check("$operator$identical", &[a.clone(), a.clone()], "true");
        check("$operator$less_than", &[a, b], "true");
        check("greatest", &[whole(1), double(2.5)], "2.5E0");
        check("greatest", &[text("a"), null()], "NULL");
    }
}

mod casts {
    use super::*;

    #[track_caller]
    fn check_cast(value: &str, to: &Type, expected: &str) {
        let expr = cast(lit(value), &Type::VARCHAR, to, OnError::Fail).unwrap();
        let shown = match evaluate(&expr) {
            Err(error) => error.class.name().to_owned(),
            Ok(value) => {
                let back = cast(lit(value), to, &Type::VARCHAR, OnError::Fail).unwrap();
                evaluate(&back).unwrap().to_string()
            }
        };
        assert_eq!(shown, expected, "{value} AS {to}");
    }

    #[test]
    fn texts_become_values_and_texts_again() {
        check_cast("12", &Type::Bigint, "12");
        check_cast("12.0", &Type::Bigint, "INVALID_CAST_ARGUMENT");
        check_cast("1e10", &Type::Double, "1.0E10");
        check_cast("37.7", &Type::Double, "3.77E1");
        check_cast("Infinity", &Type::Double, "Infinity");
        check_cast("inf", &Type::Double, "INVALID_CAST_ARGUMENT");
        check_cast("1.005", &Type::Decimal { precision: 5, scale: 2 }, "1.01");
        check_cast("TRUE", &Type::Boolean, "true");
        check_cast("yes", &Type::Boolean, "INVALID_CAST_ARGUMENT");
        check_cast("2023-07-10", &Type::Date, "2023-07-10");
        check_cast("2023-07-10 1:02:03.45", &Type::TIMESTAMP, "2023-07-10 01:02:03.450");
        check_cast("2023-07-10 12:00 +02:00", &Type::TIMESTAMP_TZ, "2023-07-10 12:00:00.000 +02:00");
        check_cast("2023-07-10T12:00:00Z", &Type::TIMESTAMP, "INVALID_CAST_ARGUMENT");
        check_cast("10.0.0.1", &Type::IpAddress, "10.0.0.1");
        check_cast("2001:db8:0:0:0:0:0:1", &Type::IpAddress, "2001:db8::1");
        check_cast("abc", &Type::Varchar { length: Some(2) }, "ab");
    }

    #[test]
    fn json_becomes_maps_arrays_and_rows() {
        let parsed = call("json_parse", &[text(r#"{"b": [1, 2.5, null], "a": "x"}"#)]).unwrap().0;
        assert_eq!(parsed.to_string(), r#"{"a":"x","b":[1,2.5,null]}"#);
        let map = Type::map(Type::VARCHAR, Type::Json);
        let row = Type::Row(vec![(Some("A".into()), Type::VARCHAR), (Some("b".into()), Type::array(Type::Bigint))]);
        for (to, expected) in [
            (map, r#"{"a":"x","b":[1,2.5,null]}"#),
            (row, r#"{"A":"x","b":[1,3,null]}"#),
            (Type::array(Type::VARCHAR), "INVALID_CAST_ARGUMENT"),
        ] {
            let there = cast(lit(parsed.clone()), &Type::Json, &to, OnError::Fail).unwrap();
            let back = cast(there, &to, &Type::Json, OnError::Fail).unwrap();
            let shown = evaluate(&back).map_or_else(|error| error.class.name().to_owned(), |value| value.to_string());
            assert_eq!(shown, expected, "{to}");
        }
    }

    #[test]
    fn try_cast_makes_null_of_what_fails() {
        let expr = cast(lit("x"), &Type::VARCHAR, &Type::Bigint, OnError::Null).unwrap();
        assert!(evaluate(&expr).unwrap().is_null());
        assert!(cast(lit(1_i64), &Type::Bigint, &Type::Date, OnError::Null).is_err());
    }
}

mod functions {
    use super::*;

    #[test]
    fn texts() {
        check("substr", &[text("héllo"), whole(2), whole(3)], "éll");
        check("substr", &[text("hello"), whole(-4)], "ello");
        check("substr", &[text("hello"), whole(100)], "");
        check("split_part", &[text("a:b"), text(":"), whole(3)], "NULL");
        check("split_part", &[text("a:b"), text(":"), whole(2)], "b");
        check("split", &[text("a:b:c"), text(":"), whole(2)], r#"["a","b:c"]"#);
        check("lpad", &[text("abc"), whole(6), text("xy")], "xyxabc");
        check("rpad", &[text("abc"), whole(2), text("xy")], "ab");
        check("strpos", &[text("abcabc"), text("c"), whole(2)], "6");
        check("strpos", &[text("abcabc"), text("c"), whole(-1)], "6");
        check("translate", &[text("abcd"), text("ab"), text("x")], "xcd");
        check("concat_ws", &[text("/"), text("a"), null(), text("b")], "a/b");
        check("concat", &[text("a"), null(), text("b")], "NULL");
        check("soundex", &[text("Robert")], "R163");
        check("levenshtein_distance", &[text("kitten"), text("sitting")], "3");
        check("lower", &[whole(1)], "FUNCTION_NOT_FOUND");
        check("no_such", &[], "FUNCTION_NOT_FOUND");
        check("luhn_check", &[text("4242424242424242")], "true");
    }

    #[test]
    fn arrays() {
        let abc = super::texts(&[Some("b"), None, Some("a"), Some("b")]);
        check("cardinality", std::slice::from_ref(&abc), "4");
        check("array_distinct", std::slice::from_ref(&abc), r#"["b",null,"a"]"#);
        check("array_sort", std::slice::from_ref(&abc), r#"["a","b","b",null]"#);
        check("array_join", &[abc.clone(), text(",")], "b,a,b");
        check("array_join", &[abc.clone(), text(","), text("-")], "b,-,a,b");
        check("contains", &[abc.clone(), text("a")], "true");
        check("contains", &[abc.clone(), text("z")], "NULL");
        check("array_position", &[abc.clone(), text("b"), whole(2)], "4");
        check("slice", &[abc.clone(), whole(-2), whole(5)], r#"["a","b"]"#);
        check("array_remove", &[abc.clone(), text("b")], r#"[null,"a"]"#);
        check("$operator$concat", &[abc.clone(), text("z")], r#"["b",null,"a","b","z"]"#);
        check("array_max", &[abc], "NULL");
        check("sequence", &[whole(1), whole(10), whole(4)], "[1,5,9]");
        check("sequence", &[whole(1), whole(100_000)], "INVALID_FUNCTION_ARGUMENT");
        check("$array", &[whole(1), double(2.0), null()], "[1.0,2.0,null]");
        check("$row", &[whole(1), text("a")], r#"{"":1,"":"a"}"#);
        check("map", &[super::texts(&[Some("k")]), super::texts(&[Some("v")])], r#"{"k":"v"}"#);
        check(
            "map",
            &[super::texts(&[Some("k"), Some("k")]), super::texts(&[None, None])],
            "INVALID_FUNCTION_ARGUMENT",
        );
    }

    #[test]
    fn numbers() {
        check("round", &[double(2.5)], "3.0E0");
        check("round", &[double(-2.5)], "-3.0E0");
        check("round", &[double(1.2345), whole(2)], "1.23E0");
        check("round", &[decimal(125, 3, 1)], "13");
        check("round", &[decimal(1255, 4, 2), whole(1)], "12.60");
        check("floor", &[decimal(-125, 3, 1)], "-13");
        check("width_bucket", &[double(5.0), double(0.0), double(10.0), whole(5)], "3");
        check("width_bucket", &[double(10.0), double(0.0), double(10.0), whole(5)], "6");
        check("to_base", &[whole(-255), whole(16)], "-ff");
        check("from_base", &[text("zz"), whole(36)], "1295");
        check("bitwise_right_shift", &[whole(-1), whole(63)], "1");
        check("bit_count", &[whole(-7), whole(64)], "62");
        check("log", &[whole(2), whole(8)], "3.0E0");
        check("abs", &[whole(i64::MIN)], "NUMERIC_VALUE_OUT_OF_RANGE");
    }

    #[test]
    fn json() {
        check("json_extract_scalar", &[text(r#"{"a":[1,"x"]}"#), text("$.a[1]")], "x");
        check("json_extract", &[text(r#"{"a": [1, "x"]}"#), text("$.a")], r#"[1,"x"]"#);
        check("json_extract_scalar", &[text("no"), text("$.a")], "NULL");
        check("json_extract_scalar", &[text("{}"), text("a")], "INVALID_FUNCTION_ARGUMENT");
        check("json_array_get", &[text("[1,2,3]"), whole(-1)], "3");
        check("json_array_length", &[text("{}")], "NULL");
        check("json_size", &[text(r#"{"a":{"b":1,"c":2}}"#), text("$.a")], "2");
        check("json_parse", &[text("x")], "INVALID_FUNCTION_ARGUMENT");
    }
}

/// The statements of `slt/`, whose answers are checked by the crate's integration tests.
fn statements() -> String {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("slt");
    let files = std::fs::read_dir(folder).unwrap();
    files.map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap().to_lowercase()).collect()
}

#[test]
fn every_function_is_tried_by_a_statement() {
    let statements = statements();
    let is_called = |name: &str| {
        statements
            .match_indices(&format!("{name}("))
            .any(|(at, _)| !statements[..at].ends_with(|before: char| before.is_ascii_alphanumeric() || before == '_'))
    };
    let untried: Vec<&str> = Registry::get().names().filter(|name| !is_called(name)).collect();
    assert!(untried.is_empty(), "no statement in `slt/` calls {untried:?}");
}

#[test]
fn every_operator_is_tried_by_a_statement() {
    let statements = statements();
    let operators = Registry::get().operators();
    let untried: Vec<&str> =
        operators.filter(|operator| !statements.contains(&format!("# operator {operator}\n"))).collect();
    assert!(untried.is_empty(), "`slt/operators.slt` has no part for {untried:?}");
}
