//! What the digests say of the log files, before they are brought in.

use std::collections::HashMap;
use std::path::Path;

use super::ImportArgs;
use super::find::Found;
use super::report::Report;
use crate::verify::{Altered, altered_in_bucket, altered_in_folder};

/// The log files that aren't what their digests say, by their names, which are unique.
pub(super) async fn altered(
    args: &ImportArgs,
    found: &Found,
    report: &mut Report,
) -> anyhow::Result<HashMap<String, String>> {
    let mut altered = HashMap::new();
    let keys = (args.public_keys.as_deref(), &args.connection);
    for place in args.places.iter().filter(|place| *place != "-") {
        let judged = match place.strip_prefix("s3://") {
            Some(place) => {
                let (name, prefix) = place.split_once('/').unwrap_or((place, ""));
                let Some(bucket) = found.buckets.iter().find(|bucket| bucket.name() == name) else { continue };
                altered_in_bucket(name, prefix, bucket.blob()?, keys).await?
            }
            None if Path::new(place).is_dir() => altered_in_folder(Path::new(place), keys).await?,
            // A file alone has no digests beside it.
            None => {
                report.warn(format!("`{place}` is a file alone: nothing proves it"));
                continue;
            }
        };
        for Altered { key, problem } in judged {
            match key {
                Some(key) => {
                    let name = key.rsplit('/').next().unwrap_or(&key).to_owned();
                    altered.insert(name, problem);
                }
                None => report.warn(problem),
            }
        }
    }
    Ok(altered)
}
