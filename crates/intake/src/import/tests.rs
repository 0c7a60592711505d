//! Every form, every break, every boundary.

use std::io::{Read, Write as _};

use flate2::Compression;
use flate2::write::GzEncoder;
use proptest::prelude::*;

use super::*;

/// Hands out at most `step` bytes at a time.
struct Slow<'a> {
    bytes: &'a [u8],
    step: usize,
}

impl Read for Slow<'_> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let count = self.step.min(into.len()).min(self.bytes.len());
        into[..count].copy_from_slice(&self.bytes[..count]);
        self.bytes = &self.bytes[count..];
        Ok(count)
    }
}

fn items(bytes: &[u8]) -> Vec<Item> {
    LogFile::new(bytes).collect()
}

/// The texts of the records, and the places and problems of what was rejected.
fn read(bytes: &[u8]) -> (Vec<String>, Vec<(u64, u64, String)>) {
    let (mut records, mut rejected) = (Vec::new(), Vec::new());
    for (index, item) in items(bytes).into_iter().enumerate() {
        match item {
            Item::Record(found) => {
                assert_eq!(found.index, index as u64);
                records.push(String::from_utf8_lossy(&found.text).into_owned());
            }
            Item::Rejected(it) => {
                assert_eq!(it.index, index as u64);
                rejected.push((it.index, it.offset, it.problem));
            }
        }
    }
    (records, rejected)
}

fn check(text: &str, records: &[&str]) {
    let (found, rejected) = read(text.as_bytes());
    assert_eq!(found, records, "{text}: {rejected:?}");
    assert!(rejected.is_empty(), "{text}: {rejected:?}");
}

/// What is found, and the places (index, offset) of what is rejected.
fn check_broken(text: &str, records: &[&str], places: &[(u64, u64)]) {
    let (found, rejected) = read(text.as_bytes());
    assert_eq!(found, records, "{text}: {rejected:?}");
    let seen: Vec<_> = rejected.iter().map(|(index, offset, _)| (*index, *offset)).collect();
    assert_eq!(seen, places, "{text}: {rejected:?}");
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes).expect("in memory");
    encoder.finish().expect("in memory")
}

const A: &str = r#"{"eventVersion":"1.08","a":"}]\"{"}"#;
const B: &str = "{ \"eventVersion\" : \"1.0\",\n \"b\": [1, {\"c\": null}] }";

#[test]
fn every_form_is_read() {
    check("", &[]);
    check(" \n\t ", &[]);
    check(A, &[A]);
    check(&format!("{A}\n{B}\n"), &[A, B]);
    check(&format!("{A}{B}"), &[A, B]);
    check(&format!("{A},\r\n{B},\r\n"), &[A, B]);
    check(&format!("[{A},{B}]"), &[A, B]);
    check(&format!(" [ {A} , {B} ] \n[{A}]"), &[A, B, A]);
    check("[]", &[]);
    check(r#"{"Records":[]}"#, &[]);
    check(&format!(r#"{{"Records":[{A},{B}]}}"#), &[A, B]);
    check(&format!("\u{feff}{{\"Records\" : [{A}\n,\n{B}]}}\n"), &[A, B]);
    check(&format!(r#"{{"x":{{"Records":[1]}},"n":[1],"Records":[{A}],"y":"]}}","z":[{{}}]}}{B}"#), &[A, B]);
    check(&format!("{{\"Records\":[{A}]}}\n{{\"Records\":[{B}]}}\n"), &[A, B]);
    check(r#"{"Records":null}"#, &[r#"{"Records":null}"#]);
    check(r#"[{"Records":[1]}]"#, &[r#"{"Records":[1]}"#]);
}

#[test]
fn packed_files_are_read() {
    let plain = format!("{{\"Records\":[{A},{B}]}}");
    assert_eq!(read(&gzip(plain.as_bytes())), read(plain.as_bytes()));
    let parts = [gzip(format!("{A}\n").as_bytes()), gzip(B.as_bytes())].concat();
    assert_eq!(read(&parts).0, [A, B]);
    assert_eq!(read(&gzip(format!("\u{feff}{A}").as_bytes())).0, [A]);
}

#[test]
fn what_is_broken_is_told_and_the_rest_goes_on() {
    // By its place.
    check_broken(&format!("[{A},nonsense,{A}]"), &[A, A], &[(1, 36 + 1)]);
    check_broken(&format!("[{A},[{A}],5,\"x\"]"), &[A], &[(1, 37), (2, 75), (3, 77)]);
    check_broken(&format!("what is this\n{A}\n\"text\"\n{A}"), &[A, A], &[(0, 0), (2, 49)]);
    // Lines that end too early.
    check_broken(&format!("{{\"a\":1\n{A}\n{{\"b\n{A}\n{{\"c\":[1,\n{A}"), &[A, A, A], &[(0, 0), (2, 43), (4, 83)]);
    // Records whose brackets or quotes don't match.
    check_broken(&format!("[{{\"x\":1]}},{A}]"), &[A], &[(0, 1)]);
    check_broken(&format!("{{\"Records\":[{A},{{\"x\":\"1,\"y\":\"z\"}},{A}]}}"), &[A, A], &[(1, 48)]);
    check_broken(&format!("[{{\"x\":{{\"y\":1,{A}]"), &[A], &[(0, 1)]);
    check_broken(&format!("[{{\"eventVersion\":\"1.0\n\"}},{A}]"), &[A], &[(0, 1)]);
    let deep = format!("[{{\"x\":{}{}}},{A}]", "[".repeat(200), "]".repeat(200));
    check_broken(&deep, &[A], &[(0, 1)]);
}

#[test]
fn a_file_that_ends_too_early_keeps_its_whole_records() {
    let whole = format!("{{\"Records\":[{A},{B}]}}");
    let second = 12 + A.len() + 1;
    for cut in 1..whole.len() {
        let (records, rejected) = read(&whole.as_bytes()[..cut]);
        let expected = usize::from(cut >= 12 + A.len()) + usize::from(cut >= second + B.len());
        assert_eq!((records.len(), rejected.len()), (expected, 1), "cut at {cut}: {rejected:?}");
    }
    let packed = gzip(format!("{}{A}", format!("{A}\n").repeat(10_000)).as_bytes());
    for cut in [packed.len() - 1, packed.len() - 8, packed.len() - 9, packed.len() / 2] {
        let (records, rejected) = read(&packed[..cut]);
        assert!(!records.is_empty() && records.iter().all(|record| record == A));
        assert!(rejected.len() == 1 && rejected[0].2.contains("the compressed file ends too early"), "{rejected:?}");
    }
    let (records, rejected) = read(&[&packed[..], b"not gzip"].concat());
    assert_eq!((records.len(), rejected.len()), (10_001, 1));
}

#[test]
fn no_record_grows_beyond_the_bound() {
    let long = format!("[{{\"x\":\"{}\"}},{A}]", "y".repeat(17 << 20));
    check_broken(&long, &[A], &[(0, 1)]);
}

#[test]
fn breaks_without_end_cost_little() {
    // Each is broken only where 120 levels are reached, and each is full of places where a record could begin.
    let level = format!("{{\"eventVersion\":\"{}\",\"x\":", "y".repeat(20_000));
    let text = level.repeat(600);
    let (records, rejected) = read(text.as_bytes());
    assert!(records.is_empty() && !rejected.is_empty());
}

/// A JSON object with what scanners trip over, and white space where it may be.
fn record() -> impl Strategy<Value = String> {
    let text = r#"[a-z{}\[\],: é\u{0001}"\\/]{0,12}"#;
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<f32>().prop_map(Into::into),
        text.prop_map(Into::into)
    ];
    let value = leaf.prop_recursive(3, 12, 4, move |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..4).prop_map(Into::into),
            proptest::collection::vec((text, inner), 0..4)
                .prop_map(|members| members.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    });
    (value, any::<bool>()).prop_map(|(value, is_pretty)| {
        let record = serde_json::json!({ "eventVersion": "1.08", "value": value });
        let text = if is_pretty { serde_json::to_string_pretty(&record) } else { serde_json::to_string(&record) };
        text.expect("JSON")
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_mix_comes_back_byte_for_byte(
        records in proptest::collection::vec(record(), 0..6),
        (form, blank, step) in (0..4, "[ \t\r\n]{0,3}", 1..70_usize),
        is_packed in any::<bool>(),
    ) {
        let joined = |by: &str| records.join(&format!("{blank}{by}{blank}"));
        let text = match form {
            0 => format!("{blank}{{{blank}\"Records\"{blank}:{blank}[{blank}{}{blank}]{blank}}}{blank}", joined(",")),
            1 => format!("{blank}[{blank}{}{blank}]{blank}", joined(",")),
            2 => joined("\n"),
            _ => joined(""),
        };
        let bytes = if is_packed { gzip(text.as_bytes()) } else { text.into_bytes() };
        let found: Vec<Item> = LogFile::new(Slow { bytes: &bytes, step }).collect();
        let texts: Vec<String> = found.iter().map(|item| match item {
            Item::Record(found) => String::from_utf8_lossy(&found.text).into_owned(),
            Item::Rejected(rejection) => format!("{rejection:?}"),
        }).collect();
        prop_assert_eq!(texts, records);
    }

    #[test]
    fn any_bytes_end(bytes in proptest::collection::vec(prop_oneof![Just(b'{'), Just(b'}'), Just(b'['), Just(b']'), Just(b'"'), Just(b','), Just(b':'), Just(b'\n'), any::<u8>()], 0..300), step in 1..50_usize) {
        let whole = items(&bytes);
        let slow: Vec<Item> = LogFile::new(Slow { bytes: &bytes, step }).collect();
        prop_assert_eq!(whole, slow);
    }

    #[test]
    fn lines_survive_a_broken_one(before in 0..4_usize, after in 0..4_usize, cut in 1..A.len() - 1) {
        let text = format!("{}{}\n{}", format!("{A}\n").repeat(before), &A[..cut], format!("{A}\n").repeat(after));
        let (records, rejected) = read(text.as_bytes());
        prop_assert_eq!(records, vec![A; before + after]);
        prop_assert_eq!(rejected.len(), 1);
    }
}
