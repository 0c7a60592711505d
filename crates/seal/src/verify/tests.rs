use std::sync::LazyLock;
use std::time::Duration;

use opentrail_stdx::Timestamp;
use proptest::prelude::*;

use super::*;
use crate::SigningKey;
use crate::digest::{Contents, HASH_ALGORITHM, LogFileEntry, Previous, Sealed, seal};
use crate::hash::sha256_hex;
use crate::name::{ChainName, DigestName, root_folder};

static KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate().unwrap());
static OTHER_KEY: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate().unwrap());
const HOUR: Duration = Duration::from_secs(3600);

fn keys() -> PublicKeys {
    let mut keys = PublicKeys::new();
    keys.add(KEY.public().clone());
    keys
}

fn start() -> Timestamp {
    Timestamp::parse_iso("2026-11-22T10:29:23Z").unwrap()
}

fn name(end: Timestamp) -> DigestName {
    let chain = ChainName {
        root: root_folder(None),
        account: "123456789012".into(),
        region: "us-east-1".into(),
        trail: "t".into(),
        home_region: "us-east-1".into(),
        is_backfill: false,
    };
    DigestName { chain, end }
}

fn entry(key: &str, json: &[u8]) -> LogFileEntry {
    LogFileEntry {
        s3_bucket: "b".into(),
        s3_object: key.into(),
        hash_value: sha256_hex(json),
        hash_algorithm: HASH_ALGORITHM.into(),
        newest_event_time: "2026-11-22T10:30:00Z".into(),
        oldest_event_time: "2026-11-22T10:30:00Z".into(),
    }
}

fn sealed(hour: u32, previous: Option<&(String, Sealed)>, key: &SigningKey) -> (String, Sealed) {
    let end = start().plus(HOUR * hour);
    let object = name(end).to_string();
    let previous = previous.map(|(key, sealed)| Previous {
        bucket: "b".into(),
        key: key.clone(),
        sha256: sealed.sha256().into(),
        signature: sealed.signature().into(),
    });
    let contents = Contents {
        account: "123456789012".into(),
        start: end.minus(HOUR),
        end,
        bucket: "b".into(),
        key: object.clone(),
        previous,
        log_files: vec![entry("log", b"{}")],
    };
    (object, seal(contents, key).unwrap())
}

fn chain(count: u32) -> Vec<(String, Sealed)> {
    let mut chain: Vec<(String, Sealed)> = Vec::new();
    for hour in 0..count {
        let next = sealed(hour, chain.last(), &KEY);
        chain.push(next);
    }
    chain
}

fn member(key: &str, body: &[u8], signature: Option<&str>) -> Member {
    let object = DigestObject { bucket: Some("b"), key, body, signature, backfilled_at: None };
    let name = DigestName::parse(key).unwrap();
    Member { key: key.into(), name, result: check_digest(&object, &keys()) }
}

fn members(chain: &[(String, Sealed)]) -> Vec<Member> {
    chain.iter().map(|(key, sealed)| member(key, &sealed.compressed(), Some(sealed.signature()))).collect()
}

fn findings(members: &mut [Member], range: Range) -> Vec<Finding> {
    let mut findings = link(members, Some("b"), range, &keys());
    findings.retain(|finding| !matches!(finding, Finding::Valid { .. }));
    findings
}

fn hour(hour: u32) -> Timestamp {
    start().plus(HOUR * hour)
}

#[test]
fn a_whole_chain_is_valid() {
    let mut all = members(&chain(4));
    assert_eq!(findings(&mut all, Range::default()), []);
    assert_eq!(findings(&mut all, Range { start: Some(hour(0)), end: Some(hour(3)) }), []);
}

#[test]
fn a_removed_digest_is_named_by_the_next() {
    let chain = chain(4);
    let mut all = members(&chain);
    all.remove(2);
    let missing = Finding::Invalid { key: chain[2].0.clone(), problem: Problem::NotFound };
    assert_eq!(findings(&mut all, Range::default()), [missing]);
}

#[test]
fn two_digests_removed_in_a_row_are_both_noticed() {
    let chain = chain(5);
    let mut all = members(&chain);
    all.drain(2..4);
    assert_eq!(
        findings(&mut all, Range::default()),
        [
            Finding::Invalid { key: chain[3].0.clone(), problem: Problem::NotFound },
            Finding::Missing { from: Some(hour(1)), to: hour(2) },
        ]
    );
}

#[test]
fn a_cut_tail_shows_when_the_end_is_known() {
    let mut all = members(&chain(5)[..3]);
    assert_eq!(findings(&mut all, Range::default()), []);
    let range = Range { start: None, end: Some(hour(4)) };
    assert_eq!(findings(&mut all, range), [Finding::Missing { from: Some(hour(2)), to: hour(4) }]);
}

#[test]
fn a_cut_head_shows_unless_it_lies_before_the_range() {
    let chain = chain(4);
    let mut all = members(&chain[2..]);
    assert_eq!(
        findings(&mut all, Range::default()),
        [Finding::Invalid { key: chain[1].0.clone(), problem: Problem::NotFound }]
    );
    let mut all = members(&chain[2..]);
    assert_eq!(findings(&mut all, Range { start: Some(hour(2)), end: None }), []);
}

#[test]
fn digests_that_were_swapped_have_been_moved() {
    let chain = chain(2);
    let (one, two) = (&chain[0], &chain[1]);
    let swapped = member(&one.0, &two.1.compressed(), Some(two.1.signature()));
    assert_eq!(swapped.result.unwrap_err(), Problem::Moved);
}

#[test]
fn another_key_is_not_believed() {
    let (key, foreign) = sealed(0, None, &OTHER_KEY);
    let member = member(&key, &foreign.compressed(), Some(foreign.signature()));
    assert!(matches!(member.result, Err(Problem::UnknownKey { .. })));
}

#[test]
fn appended_bytes_are_noticed() {
    let (key, digest) = sealed(0, None, &KEY);
    let body = [digest.compressed(), vec![0]].concat();
    assert_eq!(member(&key, &body, Some(digest.signature())).result.unwrap_err(), Problem::TrailingData);
    let log = [crate::compress(b"{}"), crate::compress(b"{}")].concat();
    assert_eq!(check_log_file(&entry("log", b"{}"), &log), Err(Problem::TrailingData));
}

#[test]
fn the_next_digest_vouches_for_one_that_lost_its_metadata() {
    let chain = chain(3);
    let mut all = members(&chain);
    all[1] = member(&chain[1].0, &chain[1].1.compressed(), None);
    assert_eq!(findings(&mut all, Range::default()), []);
}

#[test]
fn in_a_copy_without_metadata_only_the_newest_stays_unproven() {
    let chain = chain(3);
    let mut all: Vec<Member> = chain.iter().map(|(key, sealed)| member(key, &sealed.compressed(), None)).collect();
    let newest = Finding::Invalid { key: chain[2].0.clone(), problem: Problem::Unsigned };
    assert_eq!(findings(&mut all, Range::default()), [newest]);
    assert_eq!(all[0].result.as_ref().unwrap_err(), &Problem::Unsigned);
    assert!(all[1].result.is_ok() && all[2].result.is_ok());
}

#[test]
fn a_chain_that_began_anew_leaves_a_gap_and_no_fault() {
    let mut all = members(&chain(2));
    let anew = sealed(9, None, &KEY);
    all.push(member(&anew.0, &anew.1.compressed(), Some(anew.1.signature())));
    assert_eq!(findings(&mut all, Range::default()), [Finding::Gap { from: hour(1), to: hour(8) }]);
}

#[test]
fn log_files_must_be_listed_where_the_whole_time_is_proven() {
    let all = members(&chain(4));
    let coverage = Coverage::of(all.iter().map(|member| member.result.as_ref().unwrap()));
    assert_eq!(coverage.end(), Some(hour(3)));
    let minutes = |minutes: u64| start().plus(Duration::from_secs(60 * minutes));
    assert!(!coverage.must_list(minutes(4)), "may have arrived before the chain began");
    assert!(coverage.must_list(minutes(6)));
    assert!(coverage.must_list(minutes(165)));
    assert!(!coverage.must_list(minutes(166)), "may be delivered after the newest digest");
}

#[test]
fn public_keys_are_read_from_an_answer() {
    let json = format!(
        r#"{{"PublicKeyList":[{{"Value":"{}","ValidityStartTime":1.0,"ValidityEndTime":"x","Fingerprint":"lie"}}]}}"#,
        KEY.public().to_base64()
    );
    let mut read = PublicKeys::new();
    read.add_json(json.as_bytes()).unwrap();
    assert!(read.get(&KEY.public().fingerprint()).is_some());
    assert!(read.get("lie").is_none());
    assert!(read.add_json(b"{}").is_err());
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn any_byte_changed_in_a_log_file_is_noticed(json in proptest::collection::vec(any::<u8>(), 1..400), at in any::<prop::sample::Index>(), flip in 1u8..) {
        let entry = entry("log", &json);
        let mut changed = json.clone();
        changed[at.index(json.len())] ^= flip;
        prop_assert_eq!(check_log_file(&entry, &crate::compress(&json)), Ok(()));
        prop_assert_eq!(check_log_file(&entry, &crate::compress(&changed)), Err(Problem::Hash));
    }

    #[test]
    fn any_byte_changed_in_a_digest_is_noticed(at in any::<prop::sample::Index>(), flip in 1u8..) {
        let (key, digest) = sealed(0, None, &KEY);
        let mut json = digest.json().to_vec();
        let at = at.index(json.len());
        json[at] ^= flip;
        prop_assert!(member(&key, &crate::compress(&json), Some(digest.signature())).result.is_err());
    }

    #[test]
    fn any_byte_changed_in_a_compressed_digest_changes_nothing_or_is_noticed(at in any::<prop::sample::Index>(), flip in 1u8..) {
        let (key, digest) = sealed(0, None, &KEY);
        let mut body = digest.compressed();
        let at = at.index(body.len());
        body[at] ^= flip;
        // Some bits are no part of what is sealed: bytes 4 to 9 of the header (time, flags, system), the padding at the end
        // of the compressed bits.
        let found = member(&key, &body, Some(digest.signature())).result;
        let plain = crate::gzip::decompress(&body, digest.json().len());
        prop_assert!(found.is_err() || plain.is_ok_and(|plain| plain == digest.json()), "byte {}", at);
    }

    #[test]
    fn any_digit_changed_in_a_signature_is_noticed(at in 0usize..512, digit in 0u8..16) {
        let (key, digest) = sealed(0, None, &KEY);
        let mut signature: Vec<char> = digest.signature().chars().collect();
        let digit = char::from_digit(u32::from(digit), 16).unwrap();
        prop_assume!(signature[at] != digit);
        signature[at] = digit;
        let signature: String = signature.into_iter().collect();
        prop_assert_eq!(member(&key, &digest.compressed(), Some(&signature)).result.unwrap_err(), Problem::Signature);
    }

    #[test]
    fn strange_bytes_never_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
        let (key, _) = sealed(0, None, &KEY);
        prop_assert!(member(&key, &body, None).result.is_err());
        prop_assert!(member(&key, &crate::compress(&body), Some("00")).result.is_err());
    }
}
