//! The auditor: reads the bucket as a stranger would.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use flate2::bufread::GzDecoder;
use opentrail_seal::PublicKey;
use opentrail_seal::name::{ChainName, DigestName, LogFileName};
use opentrail_seal::verify::{
    Checked, DigestObject, Finding, Member, PublicKeys, Range, check_digest, check_log_file, link,
};
use opentrail_stdx::Timestamp;
use serde_json::value::RawValue;

use crate::world::World;

/// What is in the bucket.
pub(crate) struct Audit {
    /// Records by the prefix of their log file, each with the key of its file.
    pub(crate) records: Vec<(String, Vec<u8>, String)>,
    /// Digests of each chain, oldest first.
    pub(crate) chains: BTreeMap<ChainName, Vec<Checked>>,
    /// All that there is to tell of the chains.
    pub(crate) findings: Vec<Finding>,
    /// Log file keys, each with the digests that list it.
    pub(crate) log_files: BTreeMap<String, Vec<String>>,
}

#[derive(serde::Deserialize)]
struct LogJson {
    #[serde(rename = "Records")]
    records: Vec<Box<RawValue>>,
}

pub(crate) fn gunzip(body: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    let mut decoder = GzDecoder::new(body);
    decoder.read_to_end(&mut plain).unwrap();
    assert!(decoder.into_inner().is_empty(), "bytes after the gzip member");
    plain
}

pub(crate) fn records_of(body: &[u8]) -> Vec<Vec<u8>> {
    let json = gunzip(body);
    let log: LogJson = serde_json::from_slice(&json).unwrap();
    let bytes: usize = log.records.iter().map(|record| record.get().len() + 1).sum();
    assert_eq!(json.len(), bytes + r#"{"Records":[]}"#.len() - 1, "something stands between the records");
    log.records.iter().map(|record| record.get().as_bytes().to_vec()).collect()
}

impl Audit {
    pub(crate) async fn of(world: &World) -> Self {
        let regions = ["us-east-1", "eu-west-1", "ap-south-1"].map(str::to_owned);
        Self::of_regions(world, &regions.into()).await
    }

    pub(crate) async fn of_regions(world: &World, regions: &BTreeSet<String>) -> Self {
        let keys = public_keys(world, regions).await;
        let mut audit = Self { records: vec![], chains: BTreeMap::new(), findings: vec![], log_files: BTreeMap::new() };
        let mut members: BTreeMap<ChainName, Vec<Member>> = BTreeMap::new();
        for key in world.bucket.keys() {
            let object = world.bucket.object(&key).unwrap();
            assert_eq!(object.content_type.as_deref(), Some("application/json"));
            assert_eq!(object.content_encoding.as_deref(), Some("gzip"));
            if let Some(name) = LogFileName::parse(&key) {
                assert!(object.metadata.is_empty());
                let prefix = name.root.trim_end_matches("AWSLogs/").trim_end_matches('/').to_owned();
                audit.records.extend(records_of(&object.body).into_iter().map(|r| (prefix.clone(), r, key.clone())));
                audit.log_files.insert(key, vec![]);
            } else {
                let name = DigestName::parse(&key).unwrap_or_else(|| panic!("a strange key: {key}"));
                assert_eq!(object.metadata("signature-algorithm"), Some("SHA256withRSA"));
                let digest = DigestObject {
                    bucket: None,
                    key: &key,
                    body: &object.body,
                    signature: object.metadata("signature"),
                    backfilled_at: object.metadata("backfill-generation-timestamp"),
                };
                let result = check_digest(&digest, &keys);
                members.entry(name.chain.clone()).or_default().push(Member { key, name, result });
            }
        }
        for (chain, mut members) in members {
            audit.findings.extend(link(&mut members, None, Range::default(), &keys));
            members.reverse();
            let checked = members.into_iter().map(|member| member.result.unwrap()).collect();
            audit.chains.insert(chain, checked);
        }
        for checked in audit.chains.values().flatten() {
            for entry in &checked.digest.log_files {
                let object = world.bucket.object(&entry.s3_object).unwrap();
                check_log_file(entry, &object.body).unwrap();
                let listed = audit.log_files.get_mut(&entry.s3_object).unwrap();
                listed.push(checked.digest.digest_s3_object.clone());
            }
        }
        audit
    }

    /// Each wanted record is in exactly one log file, and nothing else is in any.
    pub(crate) fn assert_records(&self, world: &World) {
        let mut found: Vec<_> =
            self.records.iter().map(|(prefix, record, _)| (prefix.clone(), record.clone())).collect();
        let mut wanted: Vec<_> =
            world.wanted.iter().map(|(prefix, record)| (prefix.clone(), record.to_vec())).collect();
        found.sort();
        wanted.sort();
        assert_eq!(found.len(), wanted.len(), "records in the bucket and wanted");
        assert!(found == wanted, "other records than were wanted");
    }

    /// Each log file is listed by exactly one digest, and the chains are whole.
    pub(crate) fn assert_sealed(&self) {
        for (key, digests) in &self.log_files {
            assert_eq!(digests.len(), 1, "{key} is listed by {digests:?}");
        }
        let invalid: Vec<_> = self.findings.iter().filter(|finding| finding.is_invalid()).collect();
        assert!(invalid.is_empty(), "{invalid:?}");
    }

    pub(crate) fn chain(&self, trail: &str, region: &str, is_backfill: bool) -> &[Checked] {
        let of = |chain: &ChainName| chain.trail == trail && chain.region == region && chain.is_backfill == is_backfill;
        self.chains.iter().find(|(chain, _)| of(chain)).map_or(&[], |(_, digests)| digests)
    }
}

async fn public_keys(world: &World, regions: &BTreeSet<String>) -> PublicKeys {
    let mut keys = PublicKeys::new();
    for region in regions {
        let all = (Timestamp::from_ms(0), Timestamp::from_ms(i64::MAX));
        for key in world.catalog.signing_keys(region, all.0, all.1).await.unwrap() {
            assert_eq!(key.valid_to.since(key.valid_from).as_secs(), 2_592_000);
            keys.add(PublicKey::from_der(key.public_key));
        }
    }
    keys
}
