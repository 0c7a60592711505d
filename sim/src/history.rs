//! The auditor asks Event history, and holds the answers against what the journal has kept.

use opentrail_lake::{Lake, Lookup};
use opentrail_model::{AccountId, Filter};
use opentrail_stdx::Timestamp;

use crate::driver::Life;
use crate::records::ACCOUNTS;

/// Checks that each record that Event history is for is found exactly once, in its account, byte for byte and in order,
/// and nothing else, and what event data stores hold; answers how many records are in either.
pub async fn audit_history(life: &mut Life) -> Result<(usize, usize), String> {
    life.world.start().map_err(|error| error.to_string())?;
    // A process that has just begun has to say the same.
    if let Some(process) = &mut life.world.process {
        process.lake = None;
    }
    let engine = life.world.lake().await.map_err(|error| error.to_string())?;
    engine.drain().await.map_err(|error| format!("the lake can't be drained: {error}"))?;
    let lake = engine.lake();
    let mut count = 0;
    for account in ACCOUNTS {
        let found = found(&lake, account)?;
        let mut expected: Vec<_> =
            life.kept.iter().filter(|(_, it)| it.account == account && it.is_for_history()).collect();
        expected.sort_by_key(|(position, record)| std::cmp::Reverse((time_of(&record.bytes), **position)));
        if let Some((found, (position, record))) = found
            .iter()
            .zip(&expected)
            .find(|(found, (position, record))| found.1 != record.bytes || found.0 != **position)
        {
            let text = String::from_utf8_lossy(&record.bytes);
            return Err(format!("history of {account}: position {} where {position} must be: {text}", found.0));
        }
        if found.len() != expected.len() {
            return Err(format!("history of {account} has {} records, must have {}", found.len(), expected.len()));
        }
        count += found.len();
    }
    Ok((count, life.stores.audit(life, &lake)?))
}

/// All records of an account, newest first, with their positions.
fn found(lake: &Lake, account: &str) -> Result<Vec<(u64, Vec<u8>)>, String> {
    let account: AccountId = account.parse().expect("valid");
    let mut lookup = Lookup { filter: Filter::All, from: None, to: None, after: None, limit: 50 };
    let mut found = Vec::new();
    loop {
        let page = lake.lookup(&account, &lookup).map_err(|error| error.to_string())?;
        found.extend(page.events.into_iter().map(|found| (found.place.position, found.record.to_vec())));
        match page.next {
            Some(next) => lookup.after = Some(next),
            None => return Ok(found),
        }
    }
}

fn time_of(record: &[u8]) -> Option<Timestamp> {
    opentrail_model::View::parse(record).ok()?.instant()
}
