use proptest::prelude::*;

use super::*;

fn check(text: &str, expected: &str) {
    let shown = match text.parse::<Filter>() {
        Ok(filter) => filter.to_string(),
        Err(error) => error.to_string(),
    };
    assert_eq!(shown, expected, "{text}");
}

#[test]
fn reads_what_people_write() {
    check("event-name=GetObject", "event-name = GetObject");
    check("  EventName = 'Get Object' ", r#"event-name = "Get Object""#);
    check("event_name ^= Get and not error-code = *", "event-name ^= Get AND NOT error-code = *");
    check("user=alice OR user=bob AND read-only=false", "username = alice OR (username = bob AND read-only = false)");
    check("(user=alice OR user=bob) AND source *= s3", "(username = alice OR username = bob) AND event-source *= s3");
    check("arn != arn:aws:iam::1:root", "NOT user-arn = arn:aws:iam::1:root");
    check(r#"user = "a \"b\" \\ '""#, r#"username = "a \"b\" \\ '""#);
    check("NOT(NOT all)", "NOT NOT all");
    check(r#"name = "*""#, r#"event-name = "*""#);
    check("error != *", "NOT error-code = *");
    check("ip = 2001:db8::1 or ip ^= 10.", "source-ip = 2001:db8::1 OR source-ip ^= 10.");
    check("resource-name *= 'é'", r#"resource-name *= "é""#);
    check("user = anders", "username = anders");
    check("user = and", "username = and");
    check("user = a=b", r#"username = "a=b""#);
}

#[test]
fn says_what_is_wrong_and_where() {
    check("", "expected an attribute, NOT or `(`, found the end (at character 1)");
    check("usr = x", "there is no attribute `usr`; did you mean `username`? (at character 1)");
    check("é = x AND evnt-nam = y", "there is no attribute `é`; did you mean `event-id`? (at character 1)");
    check(
        "user='é' AND evntname = y",
        "there is no attribute `evntname`; did you mean `event-name`? (at character 14)",
    );
    check("user", "expected `=`, `!=`, `^=` or `*=`, found the end (at character 5)");
    check("user ~ x", "expected `=`, `!=`, `^=` or `*=`, found `~` (at character 6)");
    check("user =", "expected a value, found the end (at character 7)");
    check("user = )", "expected a value, found `)` (at character 8)");
    check("user = 'x", "the quote is not closed (at character 8)");
    check("user = x y", "expected AND, OR or the end, found `y` (at character 10)");
    check("(user = x", "expected AND, OR or `)`, found the end (at character 10)");
    check("user = x)", "expected AND, OR or the end, found `)` (at character 9)");
    check("read-only = yes", "`read-only` is `true` or `false`, not `yes` (at character 13)");
    check(&"(".repeat(100_000), "filter nests deeper than 32 levels (at character 33)");
    check(&"NOT ".repeat(100_000), "filter nests deeper than 32 levels (at character 128)");
    check(&["all"; 300].join(" OR "), "filter has more than 256 parts (at character 1)");
    check(&format!("user = {}", "x".repeat(5_000)), "a value of the filter is longer than 4096 bytes (at character 1)");
}

fn filters() -> impl Strategy<Value = Filter> {
    let attribute = proptest::sample::select(Attribute::ALL.to_vec());
    let value = prop_oneof!["[a-zA-Z0-9:/._@+*^=!()'\"\\\\ é\n-]{0,12}", Just("AND".to_owned()), Just("*".to_owned())];
    let compared = (attribute, value, 0..4_u8).prop_map(|(attribute, value, kind)| match kind {
        0 if attribute != Attribute::ReadOnly => Filter::Is { attribute, value },
        1 => Filter::Prefix { attribute, value },
        2 => Filter::Contains { attribute, value },
        _ => Filter::Has(attribute),
    });
    let leaf = prop_oneof![Just(Filter::All), compared];
    leaf.prop_recursive(4, 32, 4, |inner| {
        let several = proptest::collection::vec(inner.clone(), 2..5);
        prop_oneof![
            several.clone().prop_map(Filter::And),
            several.prop_map(Filter::Or),
            inner.prop_map(|filter| Filter::Not(Box::new(filter))),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_printed_is_read_again(filter in filters()) {
        prop_assert_eq!(filter.to_string().parse::<Filter>(), Ok(filter));
    }

    #[test]
    fn no_text_panics(text in "(user|=|!=|\\*=|\\(|\\)|AND|OR|NOT|all|'|\"|\\\\| |é|x){0,20}") {
        if let Err(error) = text.parse::<Filter>() {
            prop_assert!(error.characters <= text.chars().count());
        }
    }
}
