//! A crash may leave any prefix of the write-ahead log, with any damage in its tail. Whatever is left, the catalog must
//! open to exactly the state after some transaction, never to a mix, and to the last one when nothing is missing.

use std::path::Path;

use opentrail_catalog::{Catalog, Options, StoredTrail, TrailRevision};
use opentrail_model::{AccountId, Region, Selectors, Trail, TrailArn};
use opentrail_stdx::{Entropy, SeededEntropy, Timestamp};

const WAL_HEADER_BYTES: usize = 32;
const FRAME_HEADER_BYTES: usize = 24;

/// Everything that the script writes.
type State = (Vec<StoredTrail>, Vec<TrailRevision>, Vec<Region>);

fn account() -> AccountId {
    "123456789012".parse().expect("valid")
}

fn trail(name: &str) -> Trail {
    let arn = TrailArn::new("us-east-1".parse().expect("valid"), account(), name.parse().expect("valid"));
    Trail {
        arn,
        bucket: "logs".to_owned(),
        prefix: None,
        sns_topic: None,
        include_global_service_events: true,
        is_multi_region: false,
        log_file_validation: false,
        cloudwatch_logs: None,
        kms_key_id: None,
        is_organization: false,
        recursive_logging: true,
        selectors: Selectors::default(),
        has_custom_event_selectors: false,
        insight_selectors: Vec::new(),
        aggregations: Vec::new(),
        tags: Vec::new(),
        is_logging: false,
        started_at: None,
        stopped_at: None,
        chain_started_at: None,
        created_at: Timestamp::EPOCH,
    }
}

async fn open(path: &Path) -> Catalog {
    Catalog::open(path, Options::default()).await.expect("opens")
}

async fn state(catalog: &Catalog) -> State {
    let trails = catalog.trails().await.expect("reads");
    let revisions = catalog.trail_revisions().await.expect("reads");
    (trails, revisions, catalog.regions_seen(&account()).await.expect("reads"))
}

/// One transaction of several statements, chosen by the seed.
async fn step(catalog: &Catalog, number: u64, entropy: &dyn Entropy) {
    let mut transaction = catalog.begin().await.expect("begins");
    let region: Region = format!("region-{number}").parse().expect("valid");
    transaction.note_region(&account(), &region, Timestamp::from_secs(1)).await.expect("notes");
    let trails = transaction.trails_of_account(&account()).await.expect("reads");
    match trails.get(usize::try_from(entropy.below(6)).expect("small")) {
        Some(old) if entropy.below(4) == 0 => {
            transaction.delete_trail(old.id, number).await.expect("deletes");
        }
        Some(old) => {
            let mut changed = old.clone();
            changed.trail.is_logging = !old.trail.is_logging;
            // Now and then larger than a page, so that a transaction is many frames.
            changed.trail.prefix = Some("p".repeat(usize::try_from(entropy.below(9000)).expect("small")));
            transaction.update_trail(&changed, number).await.expect("updates");
        }
        None => {
            transaction.insert_trail(&trail(&format!("trail-{number}")), number).await.expect("inserts");
        }
    }
    if entropy.below(5) == 0 {
        transaction.forget_revisions(number / 2).await.expect("forgets");
    }
    transaction.commit().await.expect("commits");
}

/// The catalog's files after the script, and the state after each transaction (the first one is empty).
async fn scripted(seed: u64) -> (Vec<u8>, Vec<u8>, Vec<State>) {
    let entropy: &dyn Entropy = &SeededEntropy::new(seed);
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("catalog.db");
    let catalog = open(&path).await;
    let mut states = vec![state(&catalog).await];
    for number in 1..=30 {
        step(&catalog, number, entropy).await;
        states.push(state(&catalog).await);
    }
    // Copied while open, as a crash would find them: closing would move the log into the database.
    let database = std::fs::read(&path).expect("reads");
    let log = std::fs::read(dir.path().join("catalog.db-wal")).expect("reads");
    (database, log, states)
}

/// The index of the state that the catalog opens to.
async fn recovered(database: &[u8], log: &[u8], states: &[State], what: &str) -> usize {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("catalog.db");
    std::fs::write(&path, database).expect("writes");
    std::fs::write(dir.path().join("catalog.db-wal"), log).expect("writes");
    let catalog = open(&path).await;
    let found = state(&catalog).await;
    let index = states.iter().position(|state| *state == found);
    let index = index.unwrap_or_else(|| panic!("{what}: a state that no transaction made: {found:#?}"));
    // It is a whole catalog: the next transaction works.
    step(&catalog, 1000, &SeededEntropy::new(0)).await;
    catalog.close().await;
    index
}

fn page_bytes(log: &[u8]) -> usize {
    let field = log[8..12].try_into().expect("four bytes");
    usize::try_from(u32::from_be_bytes(field)).expect("fits")
}

#[tokio::test]
async fn a_log_cut_at_any_frame_opens_to_a_prefix() {
    let (database, log, states) = scripted(1).await;
    let frame = FRAME_HEADER_BYTES + page_bytes(&log);
    assert_eq!((log.len() - WAL_HEADER_BYTES) % frame, 0, "the log is made of whole frames");
    let mut last = 0;
    for end in (WAL_HEADER_BYTES..=log.len()).step_by(frame) {
        let index = recovered(&database, &log[..end], &states, &format!("cut at {end}")).await;
        assert!(index >= last, "cut at {end}: state {index} after {last}");
        last = index;
    }
    assert_eq!(last, states.len() - 1, "with nothing missing, every commit is there");
}

#[tokio::test]
async fn a_log_cut_inside_a_frame_opens_as_if_the_frame_were_missing() {
    let (database, log, states) = scripted(2).await;
    let frame = FRAME_HEADER_BYTES + page_bytes(&log);
    let entropy: &dyn Entropy = &SeededEntropy::new(2);
    for _ in 0..20 {
        let end = usize::try_from(entropy.below(u64::try_from(log.len()).expect("fits"))).expect("fits");
        let whole = end.saturating_sub(WAL_HEADER_BYTES) / frame * frame + WAL_HEADER_BYTES;
        let index = recovered(&database, &log[..end], &states, &format!("cut at {end}")).await;
        let expected = recovered(&database, &log[..whole.min(end)], &states, &format!("cut at {whole}")).await;
        assert_eq!(index, expected, "cut at {end}");
    }
}

#[tokio::test]
async fn flipped_bytes_in_the_log_end_it_there() {
    let (database, log, states) = scripted(3).await;
    let frame = FRAME_HEADER_BYTES + page_bytes(&log);
    let entropy: &dyn Entropy = &SeededEntropy::new(3);
    for _ in 0..30 {
        let at = usize::try_from(entropy.below(u64::try_from(log.len()).expect("fits"))).expect("fits");
        let mut damaged = log.clone();
        damaged[at] ^= 1 << entropy.below(8);
        let index = recovered(&database, &damaged, &states, &format!("flipped at {at}")).await;
        if at >= WAL_HEADER_BYTES {
            let before = (at - WAL_HEADER_BYTES) / frame * frame + WAL_HEADER_BYTES;
            let expected = recovered(&database, &log[..before], &states, &format!("cut at {before}")).await;
            assert_eq!(index, expected, "flipped at {at}");
        }
    }
}
