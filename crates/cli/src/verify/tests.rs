//! Tampering of each kind, and what is said of it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use async_trait::async_trait;
use bytes::Bytes;
use expect_test::expect;
use opentrail_blob::{Blob, Folder, Memory, Object, PutOptions};
use opentrail_seal::digest::{
    BACKFILL_METADATA, Contents, HASH_ALGORITHM, LogFileEntry, Previous, SIGNATURE_METADATA, Sealed, seal,
};
use opentrail_seal::hash::sha256_hex;
use opentrail_seal::name::{ChainName, DigestName, Family, LogFileName, root_folder};
use opentrail_seal::verify::PublicKeys;
use opentrail_seal::{SigningKey, compress};
use opentrail_stdx::{SystemDisk, Timestamp};
use opentrail_verify::{Deliveries, Error, Place, RegionKeys, Report, Scope, TrailScope, Verdict, examine};
use proptest::prelude::*;

use super::show;

static EAST: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate().unwrap());
static WEST: LazyLock<SigningKey> = LazyLock::new(|| SigningKey::generate().unwrap());
const HOUR: Duration = Duration::from_secs(3600);
const BUCKET: &str = "trail-bucket";
const ACCOUNT: &str = "123456789012";

fn hour(hour: u32) -> Timestamp {
    Timestamp::parse_iso("2025-11-22T10:29:23Z").unwrap().plus(HOUR * hour)
}

fn public(key: &SigningKey) -> PublicKeys {
    let mut keys = PublicKeys::new();
    keys.add(key.public().clone());
    keys
}

fn both_keys() -> RegionKeys {
    RegionKeys::default().with("us-east-1", public(&EAST)).with("us-west-2", public(&WEST))
}

/// A bucket with what a trail delivered.
struct Bucket {
    blob: Arc<Memory>,
    prefix: Option<&'static str>,
}

impl Bucket {
    /// One chain of `hours` digests in us-east-1; each but the first lists two log files.
    fn of(hours: u32) -> Self {
        let bucket = Self { blob: Arc::new(Memory::new()), prefix: None };
        bucket.chain("us-east-1", &EAST, 0..hours);
        bucket
    }

    fn chain(&self, region: &str, key: &SigningKey, hours: std::ops::Range<u32>) {
        let mut previous = None;
        for number in hours.clone() {
            let logs = if number == hours.start { vec![] } else { vec![(number, 10), (number, 40)] };
            previous = Some(self.digest(&self.chain_name(region, false), key, number, &logs, previous));
        }
    }

    fn chain_name(&self, region: &str, is_backfill: bool) -> ChainName {
        ChainName {
            root: root_folder(self.prefix),
            account: ACCOUNT.into(),
            region: region.into(),
            trail: "t".into(),
            home_region: "us-east-1".into(),
            is_backfill,
        }
    }

    /// Delivers log files, then the digest of the hour that ends at `number`.
    fn digest(
        &self,
        chain: &ChainName,
        key: &SigningKey,
        number: u32,
        logs: &[(u32, u64)],
        previous: Option<(String, Sealed)>,
    ) -> (String, Sealed) {
        let object = DigestName { chain: chain.clone(), end: hour(number) }.to_string();
        let contents = Contents {
            account: ACCOUNT.into(),
            start: hour(number).minus(HOUR),
            end: hour(number),
            bucket: BUCKET.into(),
            key: object.clone(),
            previous: previous.map(|(key, sealed)| Previous {
                bucket: BUCKET.into(),
                key,
                sha256: sealed.sha256().into(),
                signature: sealed.signature().into(),
            }),
            log_files: logs.iter().map(|&(number, minute)| self.log(&chain.region, number, minute)).collect(),
        };
        let sealed = seal(contents, key).unwrap();
        let mut metadata = vec![
            (SIGNATURE_METADATA.to_owned(), sealed.signature().to_owned()),
            ("signature-algorithm".to_owned(), "SHA256withRSA".to_owned()),
        ];
        if chain.is_backfill {
            metadata.push((BACKFILL_METADATA.to_owned(), hour(number).iso_ms()));
        }
        self.put(&object, &sealed.compressed(), metadata);
        (object, sealed)
    }

    /// Delivers a log file in the hour that ends at `number`.
    fn log(&self, region: &str, number: u32, minute: u64) -> LogFileEntry {
        let key = self.log_key(region, number, minute);
        let json = format!(r#"{{"Records":[{{"eventID":"{region} {number} {minute}"}}]}}"#);
        self.put(&key, &compress(json.as_bytes()), vec![]);
        LogFileEntry {
            s3_bucket: BUCKET.into(),
            s3_object: key,
            hash_value: sha256_hex(json.as_bytes()),
            hash_algorithm: HASH_ALGORITHM.into(),
            newest_event_time: hour(number).iso(),
            oldest_event_time: hour(number).iso(),
        }
    }

    fn log_key(&self, region: &str, number: u32, minute: u64) -> String {
        let stamp = hour(number).minus(HOUR).plus(Duration::from_secs(60 * minute));
        LogFileName {
            root: root_folder(self.prefix),
            account: ACCOUNT.into(),
            family: Family::CloudTrail,
            region: region.into(),
            stamp: Timestamp::from_secs(stamp.as_secs() / 60 * 60),
            suffix: format!("{number:08}{minute:08}"),
        }
        .to_string()
    }

    fn digest_key(&self, region: &str, number: u32) -> String {
        DigestName { chain: self.chain_name(region, false), end: hour(number) }.to_string()
    }

    fn put(&self, key: &str, body: &[u8], metadata: Vec<(String, String)>) {
        let object = Object {
            body: Bytes::copy_from_slice(body),
            content_type: Some("application/json".into()),
            content_encoding: Some("gzip".into()),
            metadata,
        };
        self.blob.insert(key, object);
    }

    fn change(&self, key: &str, change: impl FnOnce(&mut Object)) {
        let mut object = self.blob.object(key).unwrap();
        change(&mut object);
        self.blob.insert(key, object);
    }

    fn east_log(&self, number: u32, minute: u64) -> String {
        self.log_key("us-east-1", number, minute)
    }

    fn east_digest(&self, number: u32) -> String {
        self.digest_key("us-east-1", number)
    }

    fn place(&self) -> Place {
        Place::bucket(BUCKET, self.prefix.unwrap_or_default(), Arc::new(Arc::clone(&self.blob)))
    }

    async fn said(&self) -> Vec<String> {
        said(&self.report(&Scope::default()).await)
    }

    async fn report(&self, scope: &Scope) -> Report {
        examine(&self.place(), &both_keys(), scope, &()).await.unwrap()
    }

    /// Copies the bucket to a folder, as OpenTrail's own local folders are.
    async fn copy_to(&self, dir: &std::path::Path, without: &str) {
        let folder = Folder::new(Arc::new(SystemDisk), dir);
        for key in self.blob.keys() {
            let object = self.blob.object(&key).unwrap();
            let options = PutOptions { metadata: object.metadata.clone(), ..PutOptions::gzipped_json() };
            folder.put(key.strip_prefix(without).unwrap(), object.body, &options).await.unwrap();
        }
    }
}

fn changed(object: &mut Object, json: &[u8]) {
    object.body = compress(json).into();
}

fn appended(object: &mut Object, bytes: &[u8]) {
    object.body = [&object.body[..], bytes].concat().into();
}

/// The exit status, and each line that isn't about something valid, short.
fn said(report: &Report) -> Vec<String> {
    let mut lines = vec![format!("exit {}", u8::from(!report.is_good(false)))];
    for finding in report.findings.iter().filter(|finding| finding.verdict != Verdict::Valid) {
        let line = show::line(finding, false);
        let line = line.replace(&format!("s3://{BUCKET}/AWSLogs/{ACCOUNT}/"), "");
        lines.push(line.replace(&format!("/2025/11/22/{ACCOUNT}_"), " … ").replace('\t', " "));
    }
    lines
}

/// When each Region's newest digest was delivered.
#[derive(Debug)]
struct Told(BTreeMap<String, Timestamp>);

#[async_trait]
impl Deliveries for Told {
    async fn delivered_by(&self, _regions: BTreeSet<String>) -> Result<BTreeMap<String, Timestamp>, Error> {
        Ok(self.0.clone())
    }
}

fn told(ends: &[(&str, u32)]) -> Scope {
    let told: BTreeMap<_, _> = ends.iter().map(|(region, number)| ((*region).to_owned(), hour(*number))).collect();
    let trail = TrailScope {
        arn: format!("arn:aws:cloudtrail:us-east-1:{ACCOUNT}:trail/t"),
        name: "t".into(),
        home_region: "us-east-1".into(),
        account: Some(ACCOUNT.into()),
        deliveries: Arc::new(Told(told)),
    };
    Scope { trail: Some(trail), ..Scope::default() }
}

#[tokio::test]
async fn a_whole_chain_is_valid() {
    let bucket = Bucket::of(4);
    bucket.chain("us-west-2", &WEST, 0..4);
    let report = bucket.report(&Scope::default()).await;
    expect![[r"
        Validating log files of s3://trail-bucket/

        Results found for 2025-11-22T09:29:23Z to 2025-11-22T13:29:23Z:

        8/8 digest files valid
        12/12 log files valid
    "]]
    .assert_eq(&show::text(&report, false, false));
    assert_eq!(said(&report), ["exit 0"]);
    assert_eq!(said(&bucket.report(&told(&[("us-east-1", 3), ("us-west-2", 3)])).await), ["exit 0"]);
}

#[tokio::test]
async fn valid_objects_are_told_when_asked_for() {
    let report = Bucket::of(2).report(&Scope { is_verbose: true, ..Scope::default() }).await;
    expect![[r"
        Validating log files of s3://trail-bucket/

        Digest file	s3://trail-bucket/AWSLogs/123456789012/CloudTrail-Digest/us-east-1/2025/11/22/123456789012_CloudTrail-Digest_us-east-1_t_us-east-1_20251122T112923Z.json.gz	valid
        Digest file	s3://trail-bucket/AWSLogs/123456789012/CloudTrail-Digest/us-east-1/2025/11/22/123456789012_CloudTrail-Digest_us-east-1_t_us-east-1_20251122T102923Z.json.gz	valid
        Log file	s3://trail-bucket/AWSLogs/123456789012/CloudTrail/us-east-1/2025/11/22/123456789012_CloudTrail_us-east-1_20251122T1039Z_0000000100000010.json.gz	valid
        Log file	s3://trail-bucket/AWSLogs/123456789012/CloudTrail/us-east-1/2025/11/22/123456789012_CloudTrail_us-east-1_20251122T1109Z_0000000100000040.json.gz	valid

        Results found for 2025-11-22T09:29:23Z to 2025-11-22T11:29:23Z:

        2/2 digest files valid
        2/2 log files valid
    "]]
    .assert_eq(&show::text(&report, true, false));
    assert!(show::text(&report, true, true).contains("\t\u{1b}[32mvalid\u{1b}[0m\n"));
}

#[tokio::test]
async fn a_changed_log_file() {
    let bucket = Bucket::of(4);
    bucket.change(&bucket.east_log(2, 10), |object| changed(object, b"{\"Records\":[]}"));
    assert_eq!(
        bucket.said().await,
        [
            "exit 1",
            "Log file CloudTrail/us-east-1 … CloudTrail_us-east-1_20251122T1139Z_0000000200000010.json.gz INVALID: hash value doesn't match"
        ]
    );
    bucket.change(&bucket.east_log(2, 10), |object| object.body = Bytes::from_static(b"no gzip"));
    assert_eq!(
        bucket.said().await,
        [
            "exit 1",
            "Log file CloudTrail/us-east-1 … CloudTrail_us-east-1_20251122T1139Z_0000000200000010.json.gz INVALID: invalid format"
        ]
    );
}

#[tokio::test]
async fn a_removed_log_file() {
    let bucket = Bucket::of(4);
    bucket.blob.remove(&bucket.east_log(3, 40));
    assert_eq!(
        bucket.said().await,
        [
            "exit 1",
            "Log file CloudTrail/us-east-1 … CloudTrail_us-east-1_20251122T1309Z_0000000300000040.json.gz INVALID: not found"
        ]
    );
}

#[tokio::test]
async fn an_added_log_file() {
    let bucket = Bucket::of(4);
    bucket.log("us-east-1", 2, 20);
    assert_eq!(
        bucket.said().await,
        [
            "exit 1",
            "Log file CloudTrail/us-east-1 … CloudTrail_us-east-1_20251122T1149Z_0000000200000020.json.gz INVALID: no digest lists it"
        ]
    );
}

#[tokio::test]
async fn a_log_file_copied_to_another_day() {
    let bucket = Bucket::of(4);
    let key = bucket.east_log(2, 10);
    let copy = key.replacen("/22/", "/23/", 1);
    bucket.blob.insert(copy, bucket.blob.object(&key).unwrap());
    let said = bucket.said().await;
    assert_eq!(said.len(), 2);
    assert!(said[1].contains("/2025/11/23/") && said[1].ends_with("INVALID: no digest lists it"), "{said:?}");
}

#[tokio::test]
async fn swapped_log_files() {
    let bucket = Bucket::of(4);
    let (one, two) = (bucket.east_log(1, 10), bucket.east_log(2, 10));
    let (first, second) = (bucket.blob.object(&one).unwrap(), bucket.blob.object(&two).unwrap());
    bucket.blob.insert(one, second);
    bucket.blob.insert(two, first);
    assert_eq!(
        bucket.said().await,
        [
            "exit 1",
            "Log file CloudTrail/us-east-1 … CloudTrail_us-east-1_20251122T1139Z_0000000200000010.json.gz INVALID: hash value doesn't match",
            "Log file CloudTrail/us-east-1 … CloudTrail_us-east-1_20251122T1039Z_0000000100000010.json.gz INVALID: hash value doesn't match",
        ]
    );
}

#[tokio::test]
async fn swapped_digests() {
    let bucket = Bucket::of(4);
    let (one, two) = (bucket.east_digest(1), bucket.east_digest(2));
    let (first, second) = (bucket.blob.object(&one).unwrap(), bucket.blob.object(&two).unwrap());
    bucket.blob.insert(one, second);
    bucket.blob.insert(two, first);
    assert_eq!(
        bucket.said().await,
        [
            "exit 1",
            "Digest file CloudTrail-Digest/us-east-1 … CloudTrail-Digest_us-east-1_t_us-east-1_20251122T122923Z.json.gz INVALID: has been moved from its original location",
            "Digest file CloudTrail-Digest/us-east-1 … CloudTrail-Digest_us-east-1_t_us-east-1_20251122T112923Z.json.gz INVALID: has been moved from its original location",
        ]
    );
}

#[tokio::test]
async fn a_digest_copied_to_another_day() {
    let bucket = Bucket::of(3);
    let key = bucket.east_digest(1);
    bucket.blob.insert(key.replacen("/22/", "/23/", 1), bucket.blob.object(&key).unwrap());
    let said = bucket.said().await;
    assert_eq!(said.len(), 2);
    assert!(
        said[1].contains("/2025/11/23/") && said[1].ends_with("INVALID: has been moved from its original location")
    );
}

#[tokio::test]
async fn appended_bytes() {
    let bucket = Bucket::of(3);
    bucket.change(&bucket.east_log(1, 10), |object| appended(object, &compress(b"{}")));
    bucket.change(&bucket.east_digest(0), |object| appended(object, b"\0"));
    assert_eq!(
        bucket.said().await,
        [
            "exit 1",
            "Digest file CloudTrail-Digest/us-east-1 … CloudTrail-Digest_us-east-1_t_us-east-1_20251122T102923Z.json.gz INVALID: unexpected data after end of compressed stream",
            "Log file CloudTrail/us-east-1 … CloudTrail_us-east-1_20251122T1039Z_0000000100000010.json.gz INVALID: unexpected data after end of compressed stream",
        ]
    );
}

#[tokio::test]
async fn a_changed_digest() {
    let bucket = Bucket::of(4);
    let mut json = String::new();
    let body = bucket.blob.object(&bucket.east_digest(2)).unwrap().body;
    flate2::read::GzDecoder::new(&body[..]).read_to_string(&mut json).unwrap();
    let other = json.replacen("0000000200000010", "0000000200000011", 1);
    bucket.change(&bucket.east_digest(2), |object| changed(object, other.as_bytes()));
    let report = bucket.report(&Scope::default()).await;
    assert_eq!(
        said(&report),
        [
            "exit 1",
            "Digest file CloudTrail-Digest/us-east-1 … CloudTrail-Digest_us-east-1_t_us-east-1_20251122T122923Z.json.gz INVALID: signature verification failed"
        ]
    );
    assert_eq!(report.uncovered, 2, "nobody vouches for its log files any more");
}

#[tokio::test]
async fn a_digest_without_signature_is_proven_by_the_next_but_one_with_a_wrong_one_is_not() {
    let bucket = Bucket::of(4);
    bucket.change(&bucket.east_digest(2), |object| object.metadata.clear());
    assert_eq!(bucket.said().await, ["exit 0"]);
    bucket.change(&bucket.east_digest(2), |object| object.metadata = vec![(SIGNATURE_METADATA.into(), "00".into())]);
    assert_eq!(
        bucket.said().await,
        [
            "exit 1",
            "Digest file CloudTrail-Digest/us-east-1 … CloudTrail-Digest_us-east-1_t_us-east-1_20251122T122923Z.json.gz INVALID: signature verification failed"
        ]
    );
}

#[tokio::test]
async fn two_digests_removed_in_a_row() {
    let bucket = Bucket::of(6);
    bucket.blob.remove(&bucket.east_digest(2));
    bucket.blob.remove(&bucket.east_digest(3));
    let report = bucket.report(&Scope::default()).await;
    assert_eq!(
        said(&report),
        [
            "exit 1",
            "Digest file CloudTrail-Digest/us-east-1 … CloudTrail-Digest_us-east-1_t_us-east-1_20251122T132923Z.json.gz INVALID: not found",
            "Digest files of trail t in us-east-1 between 2025-11-22T11:29:23Z and 2025-11-22T12:29:23Z INVALID: not found",
        ]
    );
    assert_eq!((report.missing_digests, report.uncovered), (1, 4));
}

const TAIL: &str =
    "Digest files of trail t in us-east-1 between 2025-11-22T12:29:23Z and 2025-11-22T15:29:23Z INVALID: not found";

fn without_tail() -> Bucket {
    let bucket = Bucket::of(6);
    for number in 3..6 {
        bucket.blob.remove(&bucket.east_digest(number));
        bucket.blob.remove(&bucket.east_log(number, 10));
        bucket.blob.remove(&bucket.east_log(number, 40));
    }
    bucket
}

#[tokio::test]
async fn a_cut_tail_shows_when_the_user_tells_the_end() {
    let bucket = without_tail();
    assert_eq!(bucket.said().await, ["exit 0"], "nobody can know");
    let report = bucket.report(&Scope { end: Some(hour(5)), ..Scope::default() }).await;
    assert_eq!(said(&report), ["exit 1", TAIL]);
}

#[tokio::test]
async fn a_cut_tail_shows_when_the_server_tells_of_a_later_digest() {
    let bucket = without_tail();
    assert_eq!(said(&bucket.report(&told(&[("us-east-1", 5)])).await), ["exit 1", TAIL]);
    assert_eq!(said(&bucket.report(&told(&[("us-east-1", 2)])).await), ["exit 0"]);
}

#[tokio::test]
async fn a_cut_tail_shows_by_log_files_that_no_digest_covers() {
    let bucket = without_tail();
    bucket.log("us-east-1", 5, 40);
    let report = bucket.report(&Scope::default()).await;
    assert_eq!(
        said(&report),
        [
            "exit 1",
            "Digest files of trail t in us-east-1 between 2025-11-22T12:29:23Z and 2025-11-22T14:04:00Z INVALID: not found"
        ]
    );
    assert_eq!(report.uncovered, 1);
    let text = show::text(&report, false, false);
    assert!(text.ends_with("1 log file not covered by any digest yet\n"), "{text}");
}

#[tokio::test]
async fn a_log_file_may_wait_for_its_digest() {
    let bucket = Bucket::of(4);
    bucket.log("us-east-1", 4, 30);
    let report = bucket.report(&Scope { is_verbose: true, ..Scope::default() }).await;
    assert_eq!(
        said(&report),
        [
            "exit 0",
            "Log file CloudTrail/us-east-1 … CloudTrail_us-east-1_20251122T1359Z_0000000400000030.json.gz not covered by any digest yet"
        ]
    );
}

#[tokio::test]
async fn a_cut_tail_shows_by_the_same_trails_chains_in_other_regions() {
    let bucket = without_tail();
    bucket.chain("us-west-2", &WEST, 0..6);
    assert_eq!(
        bucket.said().await,
        [
            "exit 1",
            "Digest files of trail t in us-east-1 between 2025-11-22T12:29:23Z and 2025-11-22T14:29:23Z INVALID: not found"
        ]
    );
}

#[tokio::test]
async fn a_region_without_any_digest_shows_when_the_server_tells_of_one() {
    let bucket = Bucket::of(4);
    let report = bucket.report(&told(&[("us-east-1", 3), ("us-west-2", 3)])).await;
    assert_eq!(
        said(&report),
        ["exit 1", "Digest files of trail t in us-west-2 up to 2025-11-22T13:29:23Z INVALID: not found"]
    );
}

#[tokio::test]
async fn a_key_of_another_region_is_not_believed() {
    let bucket = Bucket::of(1);
    bucket.chain("us-west-2", &EAST, 0..1);
    let fingerprint = EAST.public().fingerprint();
    assert_eq!(
        bucket.said().await,
        [
            "exit 1".to_owned(),
            format!(
                "Digest file CloudTrail-Digest/us-west-2 … CloudTrail-Digest_us-west-2_t_us-east-1_20251122T102923Z.json.gz INVALID: public key not found in region us-west-2 for fingerprint {fingerprint}"
            ),
        ]
    );
}

#[tokio::test]
async fn an_unknown_key_is_not_believed() {
    let bucket = Bucket::of(2);
    let keys = RegionKeys::everywhere(public(&WEST));
    let report = examine(&bucket.place(), &keys, &Scope::default(), &()).await.unwrap();
    assert_eq!((report.digests.valid, report.digests.invalid, report.log_files.total()), (0, 2, 0));
    assert!(said(&report)[1].contains("INVALID: public key not found in region us-east-1 for fingerprint "));
    assert!(
        show::text(&report, false, false)
            .contains("No valid digests found\n\n0/2 digest files valid, 2/2 digest files INVALID\n")
    );
}

#[tokio::test]
async fn backfill_digests_have_a_chain_of_their_own() {
    let bucket = Bucket::of(4);
    let chain = bucket.chain_name("us-east-1", true);
    let first = bucket.digest(&chain, &EAST, 1, &[(1, 20)], None);
    let first_key = first.0.clone();
    let (second_key, _) = bucket.digest(&chain, &EAST, 3, &[(3, 20)], Some(first));
    let report = bucket.report(&Scope::default()).await;
    assert_eq!(said(&report), ["exit 0"]);
    assert_eq!((report.backfill_digests.valid, report.log_files.valid), (2, 8));

    let undated = |object: &mut Object| object.metadata.retain(|(name, _)| name != BACKFILL_METADATA);
    bucket.change(&second_key, undated);
    bucket.blob.remove(&first_key);
    assert_eq!(
        bucket.said().await,
        [
            "exit 1",
            "(backfill) Digest file CloudTrail-Digest/us-east-1 … CloudTrail-Digest_us-east-1_t_us-east-1_20251122T132923Z_backfill.json.gz INVALID: invalid format",
            "Log file CloudTrail/us-east-1 … CloudTrail_us-east-1_20251122T1049Z_0000000100000020.json.gz INVALID: no digest lists it",
            "Log file CloudTrail/us-east-1 … CloudTrail_us-east-1_20251122T1249Z_0000000300000020.json.gz INVALID: no digest lists it",
        ]
    );
}

#[tokio::test]
async fn a_chain_that_began_anew_is_told_and_no_fault() {
    let bucket = Bucket::of(2);
    bucket.chain("us-east-1", &EAST, 5..7);
    assert_eq!(
        bucket.said().await,
        [
            "exit 0",
            "No log files were delivered by trail t in us-east-1 between 2025-11-22T11:29:23Z and 2025-11-22T14:29:23Z"
        ]
    );
}

#[tokio::test]
async fn only_the_time_and_the_regions_asked_for_are_looked_at() {
    let bucket = Bucket::of(6);
    bucket.chain("us-west-2", &WEST, 0..6);
    bucket.blob.remove(&bucket.east_log(1, 10));
    bucket.blob.remove(&bucket.digest_key("us-west-2", 3));
    let late = Scope { start: Some(hour(3)), regions: vec!["us-east-1".into()], ..Scope::default() };
    let report = bucket.report(&late).await;
    assert_eq!(said(&report), ["exit 0"]);
    assert_eq!((report.digests.valid, report.log_files.valid), (3, 6));
    let early = Scope { end: Some(hour(1)), ..Scope::default() };
    let report = bucket.report(&early).await;
    assert_eq!(said(&report).len(), 2);
    assert_eq!((report.digests.valid, report.log_files.invalid), (4, 1));
    assert_eq!(said(&bucket.report(&Scope::default()).await).len(), 3);
}

#[tokio::test]
async fn nothing_found_is_not_good() {
    let bucket = Bucket { blob: Arc::new(Memory::new()), prefix: None };
    let report = bucket.report(&Scope::default()).await;
    assert_eq!(said(&report), ["exit 1"]);
    assert_eq!(
        show::text(&report, false, false),
        "Validating log files of s3://trail-bucket/\n\nNo digests found\nIf the trail delivers under a prefix, name it: s3://BUCKET/PREFIX\n"
    );
}

#[tokio::test]
async fn a_folder_with_metadata_beside_is_proven_to_its_end() {
    let dir = tempfile::tempdir().unwrap();
    Bucket::of(4).copy_to(dir.path(), "").await;
    let place = Place::folder(dir.path()).await.unwrap();
    let report = examine(&place, &both_keys(), &Scope::default(), &()).await.unwrap();
    assert_eq!(said(&report), ["exit 0"]);
    assert_eq!((report.digests.valid, report.log_files.valid), (4, 6));
}

#[tokio::test]
async fn a_plain_copy_is_proven_up_to_the_newest_digest() {
    let dir = tempfile::tempdir().unwrap();
    let bucket = Bucket { blob: Arc::new(Memory::new()), prefix: Some("a/b") };
    bucket.chain("us-east-1", &EAST, 0..4);
    for key in bucket.blob.keys() {
        bucket.change(&key, |object| object.metadata.clear());
    }
    // What `aws s3 sync s3://trail-bucket/a/b copy` leaves: neither the prefix nor the metadata.
    bucket.copy_to(dir.path(), "a/b/").await;
    for inside in ["", "AWSLogs", "AWSLogs/123456789012"] {
        let place = Place::folder(&dir.path().join(inside)).await.unwrap();
        let report = examine(&place, &both_keys(), &Scope::default(), &()).await.unwrap();
        assert_eq!(
            said(&report),
            [
                "exit 1",
                "Digest file s3://trail-bucket/a/b/AWSLogs/123456789012/CloudTrail-Digest/us-east-1 … CloudTrail-Digest_us-east-1_t_us-east-1_20251122T132923Z.json.gz UNPROVEN: signature not available"
            ]
        );
        assert!(report.is_good(true), "when that is allowed");
        assert_eq!(
            (report.digests.valid, report.digests.unproven, report.log_files.valid, report.uncovered),
            (3, 1, 4, 2)
        );
        assert!(show::text(&report, false, false).contains("--allow-unsigned-tail"));
    }
}

#[tokio::test]
async fn json_tells_all_that_the_text_tells() {
    let bucket = Bucket::of(3);
    bucket.blob.remove(&bucket.east_log(1, 10));
    let report = bucket.report(&Scope::default()).await;
    expect![[r#"
        {
          "place": "s3://trail-bucket/",
          "trail": null,
          "start": null,
          "end": null,
          "valid": false,
          "proven_from": "2025-11-22T09:29:23Z",
          "proven_to": "2025-11-22T12:29:23Z",
          "summary": {
            "digests": {
              "valid": 3,
              "invalid": 0
            },
            "backfill_digests": {
              "valid": 0,
              "invalid": 0
            },
            "log_files": {
              "valid": 3,
              "invalid": 1
            },
            "missing_digests": 0,
            "uncovered_log_files": 0
          },
          "findings": [
            {
              "kind": "log_file",
              "verdict": "invalid",
              "problem": "not_found",
              "message": "not found",
              "bucket": "trail-bucket",
              "key": "AWSLogs/123456789012/CloudTrail/us-east-1/2025/11/22/123456789012_CloudTrail_us-east-1_20251122T1039Z_0000000100000010.json.gz",
              "account": "123456789012",
              "region": "us-east-1",
              "trail": "t"
            }
          ]
        }"#]]
    .assert_eq(&format!("{:#}", show::as_value(&report)));
}

fn plain(body: &[u8]) -> Option<(Vec<u8>, usize)> {
    let mut decoder = flate2::bufread::GzDecoder::new(body);
    let mut plain = Vec::new();
    decoder.read_to_end(&mut plain).ok()?;
    Some((plain, decoder.into_inner().len()))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    /// Bytes of a gzip header, such as its time, and the bits that fill its last byte are no part of what is sealed.
    #[test]
    fn any_byte_flipped_in_any_object_is_noticed_unless_its_contents_stay_the_same(
        which in any::<prop::sample::Index>(), at in any::<prop::sample::Index>(), flip in 1u8..,
    ) {
        static WHOLE: LazyLock<Bucket> = LazyLock::new(|| Bucket::of(3));
        let bucket = Bucket { blob: Arc::new(Memory::new()), prefix: None };
        let keys = WHOLE.blob.keys();
        for key in &keys {
            bucket.blob.insert(key.clone(), WHOLE.blob.object(key).unwrap());
        }
        let key = which.get(&keys);
        bucket.change(key, |object| {
            let mut body = object.body.to_vec();
            let at = at.index(body.len());
            body[at] ^= flip;
            object.body = body.into();
        });
        let (was, is) = (WHOLE.blob.object(key).unwrap().body, bucket.blob.object(key).unwrap().body);
        let is_same = plain(&was) == plain(&is);
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let report = runtime.block_on(bucket.report(&Scope::default()));
        prop_assert_eq!(report.is_good(false), is_same, "{:?}", said(&report));
    }
}
