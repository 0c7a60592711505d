//! The auditor reads the buckets as a stranger would, and holds them against what must be there.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;

use flate2::bufread::GzDecoder;
use opentrail_blob::Object;
use opentrail_seal::PublicKey;
use opentrail_seal::name::{ChainName, DigestName, LogFileName};
use opentrail_seal::verify::{DigestObject, Member, PublicKeys, Range, check_digest, check_log_file, link};
use opentrail_stdx::Timestamp;
use serde_json::value::RawValue;

use crate::driver::Life;
use crate::records::REGIONS;

/// What was found to be right.
#[derive(Debug, Default, Clone, Copy)]
pub struct Audited {
    pub records: usize,
    pub log_files: usize,
    pub digests: usize,
    pub backfills: usize,
    pub chains: usize,
    /// Records found in Event history.
    pub history: usize,
    /// Records found in event data stores.
    pub stored: usize,
}

#[derive(serde::Deserialize)]
struct LogJson {
    #[serde(rename = "Records")]
    records: Vec<Box<RawValue>>,
}

/// A record in some trail: the trail's name and the record's own bytes.
type Copy = (String, Vec<u8>);

/// Bucket and key.
type Place = (String, String);

/// What must become of a copy.
struct Expected {
    bucket: String,
    account: &'static str,
    region: &'static str,
    is_sealed: bool,
}

/// Checks all of it, or says what is wrong.
pub async fn audit(life: &Life) -> Result<Audited, String> {
    let owed = life.world.catalog.owed().await.expect("no fault is left");
    if owed.undelivered > 0 || owed.undelivered_digests > 0 {
        return Err(format!("something stays owed: {owed:?}"));
    }
    let objects = life.world.objects();
    let found = read_log_files(&objects)?;
    let expected = expected(life);
    let is_sealed = hold_against(&found, &expected)?;
    let (listed, mut audited) = read_digests(life, &objects).await?;
    for (place, must) in &is_sealed {
        match (must, listed.get(place).map_or(0, Vec::len)) {
            (true, 1) | (false, 0) => {}
            _ => return Err(format!("{place:?} must be sealed: {must}, is listed by {:?}", listed.get(place))),
        }
    }
    if let Some((place, digests)) = listed.iter().find(|(_, digests)| digests.len() > 1) {
        return Err(format!("{place:?} is listed by {digests:?}"));
    }
    audited.records = expected.values().map(Vec::len).sum();
    audited.log_files = is_sealed.len();
    Ok(audited)
}

/// What must be in the log files.
fn expected(life: &Life) -> BTreeMap<Copy, Vec<Expected>> {
    let mut expected: BTreeMap<Copy, Vec<Expected>> = BTreeMap::new();
    for (&position, record) in life.kept.iter().filter(|(_, record)| !record.is_imported) {
        for name in life.trails.names() {
            for fate in life.trails.fates(name, position, record) {
                let (account, region) = (record.account, record.region);
                let it = Expected { bucket: fate.bucket, account, region, is_sealed: fate.is_sealed };
                expected.entry((name.to_owned(), record.bytes.to_vec())).or_default().push(it);
            }
        }
    }
    expected
}

/// All records in all log files, with the places of the files they are in.
fn read_log_files(objects: &BTreeMap<Place, Object>) -> Result<BTreeMap<Copy, Vec<Place>>, String> {
    let mut found: BTreeMap<Copy, Vec<Place>> = BTreeMap::new();
    for (place, object) in objects {
        let Some(name) = LogFileName::parse(&place.1) else { continue };
        let mut json = Vec::new();
        let mut gzip = GzDecoder::new(&object.body[..]);
        gzip.read_to_end(&mut json).map_err(|error| format!("{place:?}: {error}"))?;
        if !gzip.into_inner().is_empty() {
            return Err(format!("{place:?}: bytes after the gzip member"));
        }
        let log: LogJson = serde_json::from_slice(&json).map_err(|error| format!("{place:?}: {error}"))?;
        if log.records.is_empty() {
            return Err(format!("{place:?} holds no record"));
        }
        let trail = name.root.split('/').next().unwrap_or_default().to_owned();
        for record in log.records {
            found.entry((trail.clone(), record.get().as_bytes().to_vec())).or_default().push(place.clone());
        }
    }
    Ok(found)
}

/// Each wanted record in exactly one log file of the right bucket, account and Region, and nothing else in any;
/// answers which log files must be sealed.
fn hold_against(
    found: &BTreeMap<Copy, Vec<Place>>,
    expected: &BTreeMap<Copy, Vec<Expected>>,
) -> Result<BTreeMap<Place, bool>, String> {
    let text = |(trail, record): &Copy| format!("{trail}: {}", String::from_utf8_lossy(record));
    let mut is_sealed = BTreeMap::new();
    for (copy, all) in expected {
        let places = found.get(copy).map_or(&[][..], Vec::as_slice);
        if places.len() != all.len() {
            return Err(format!("wanted {} times, delivered in {places:?}: {}", all.len(), text(copy)));
        }
        if places.iter().collect::<BTreeSet<_>>().len() < places.len() {
            return Err(format!("twice in one of {places:?}: {}", text(copy)));
        }
        for (index, place) in places.iter().enumerate() {
            let name = LogFileName::parse(&place.1).expect("it was parsed before");
            let fits =
                |it: &&Expected| (&*place.0, &*name.account, &*name.region) == (&*it.bucket, it.account, it.region);
            let Some(it) = all.iter().cycle().skip(index).take(all.len()).find(fits) else {
                return Err(format!("delivered in {place:?}, belongs elsewhere: {}", text(copy)));
            };
            // Where two trails of one name take a record, either may be the one without validation.
            if all.len() > 1 {
                continue;
            }
            if is_sealed.insert(place.clone(), it.is_sealed).is_some_and(|before| before != it.is_sealed) {
                return Err(format!("{place:?} mixes records with and without validation"));
            }
        }
    }
    match found.keys().find(|copy| !expected.contains_key(*copy)) {
        Some(copy) => Err(format!("delivered though not wanted, in {:?}: {}", found[copy], text(copy))),
        None => Ok(is_sealed),
    }
}

/// Verifies all digests with public keys only; answers which log files they list.
async fn read_digests(
    life: &Life,
    objects: &BTreeMap<Place, Object>,
) -> Result<(BTreeMap<Place, Vec<String>>, Audited), String> {
    let keys = public_keys(life).await;
    let mut audited = Audited::default();
    let mut chains: BTreeMap<ChainName, Vec<Member>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for ((bucket, key), object) in objects {
        if LogFileName::parse(key).is_some() {
            continue;
        }
        let name = DigestName::parse(key).ok_or_else(|| format!("a strange key: {key}"))?;
        if !seen.insert(key) {
            return Err(format!("{key} is in two buckets"));
        }
        let digest = DigestObject {
            bucket: Some(bucket),
            key,
            body: &object.body,
            signature: object.metadata("signature"),
            backfilled_at: object.metadata("backfill-generation-timestamp"),
        };
        let result = check_digest(&digest, &keys);
        audited.digests += 1;
        audited.backfills += usize::from(name.chain.is_backfill);
        chains.entry(name.chain.clone()).or_default().push(Member { key: key.clone(), name, result });
    }
    let mut listed: BTreeMap<Place, Vec<String>> = BTreeMap::new();
    for (chain, mut members) in chains {
        audited.chains += 1;
        let findings = link(&mut members, None, Range::default(), &keys);
        if let Some(finding) = findings.iter().find(|finding| finding.is_invalid()) {
            return Err(format!("{chain:?}: {finding:?}"));
        }
        for member in members {
            let checked = member.result.map_err(|problem| format!("{}: {problem:?}", member.key))?;
            for entry in &checked.digest.log_files {
                let place = (entry.s3_bucket.clone(), entry.s3_object.clone());
                let object = objects.get(&place);
                let object = object.ok_or_else(|| format!("{} lists {place:?}, which isn't there", member.key))?;
                check_log_file(entry, &object.body).map_err(|problem| format!("{place:?}: {problem:?}"))?;
                let name = LogFileName::parse(&place.1).ok_or_else(|| format!("{place:?} is listed"))?;
                if (&name.account, &name.region) != (&chain.account, &chain.region) {
                    return Err(format!("{} lists {place:?} of another scope", member.key));
                }
                listed.entry(place).or_default().push(member.key.clone());
            }
        }
    }
    Ok((listed, audited))
}

async fn public_keys(life: &Life) -> PublicKeys {
    let mut keys = PublicKeys::new();
    for region in REGIONS {
        let all = (Timestamp::from_ms(0), Timestamp::from_ms(i64::MAX));
        for key in life.world.catalog.signing_keys(region, all.0, all.1).await.expect("no fault is left") {
            keys.add(PublicKey::from_der(key.public_key));
        }
    }
    keys
}
