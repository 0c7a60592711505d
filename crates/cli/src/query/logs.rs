//! Log files, asked by the engine in this process.

use std::path::Path;
use std::sync::Arc;

use anyhow::Context as _;
use opentrail_blob::{Folder, S3};
use opentrail_query::{ErrorClass, Limits, LogCounts, LogFiles, LogTables, begin, prepare, qualify_logs};
use opentrail_seal::name::is_log_file;
use opentrail_stdx::{Clock, SystemClock, SystemDisk};

use super::QueryArgs;
use super::show::{Row, Show};
use crate::import::{Endpoint, certificates};
use crate::verify::Usage;

/// Memory of the sorts, joins and aggregations.
const MEMORY_BYTES: usize = 1 << 30;

/// Disk, in the folder of temporary files, for what doesn't fit into that.
const SPILL_BYTES: u64 = 64 << 30;

/// The greatest row of a result.
const ROW_BYTES_MAX: usize = 64 << 20;

/// The largest log file, as it is stored.
const FILE_BYTES_MAX: u64 = 256 << 20;

/// Asks and prints.
pub(super) async fn ask(args: &QueryArgs, place: &str, statement: &str) -> anyhow::Result<()> {
    let tables = LogTables::new(files(args, place)?);
    let counts = tables.counts();
    let prepared = match prepare(statement, &tables, SystemClock.now().as_ms()) {
        // What else there is to be named only the server knows.
        Err(error) if error.class == ErrorClass::TableNotFound && is_at_the_server(args, place) => {
            return at_the_server(args, place, statement).await;
        }
        prepared => prepared?,
    };
    let spilled = tempfile::tempdir().context("cannot make a folder for what doesn't fit into memory")?;
    let limits = Limits {
        memory_bytes: MEMORY_BYTES,
        spill_bytes: SPILL_BYTES,
        spill_dir: spilled.path().to_owned(),
        threads: std::thread::available_parallelism().map_or(1, usize::from),
        row_bytes_max: ROW_BYTES_MAX,
    };
    let mut run = begin(&prepared, &limits).await?;
    let titles: Vec<String> = prepared.columns().iter().map(|(title, _)| title.clone()).collect();
    let mut show = Show::titled(args.format(), titles.clone());
    // Titles are printed also when nothing was found.
    show.page(&[]).context("cannot print")?;
    while let Some(rows) = run.next().await? {
        let row = |cells: Vec<Option<String>>| -> Row {
            cells.into_iter().zip(&titles).map(|(cell, title)| cell.map(|text| (title.clone(), text))).collect()
        };
        let rows: Vec<Row> = rows.into_iter().map(row).collect();
        show.page(&rows).context("cannot print")?;
    }
    warn(&counts);
    Ok(())
}

fn is_at_the_server(args: &QueryArgs, place: &str) -> bool {
    place.starts_with("s3://") && args.endpoint_url.is_none()
}

/// Asks the server, for which the place is part of the table's name.
async fn at_the_server(args: &QueryArgs, place: &str, statement: &str) -> anyhow::Result<()> {
    if args.skip_damaged {
        let message = "--skip-damaged is for log files alone; leave it out where FROM names event data stores";
        return Err(Usage(message.to_owned()).into());
    }
    super::ask(args, &qualify_logs(statement, place)?).await
}

/// Tells of what was damaged.
fn warn(counts: &LogCounts) {
    if counts.damaged() > 0 {
        counts.damage().iter().for_each(|damage| eprintln!("{damage}"));
        eprintln!("warning: {} records or ends of files are damaged and not in the answer", counts.damaged());
    }
}

fn files(args: &QueryArgs, place: &str) -> anyhow::Result<LogFiles> {
    let files = |place, prefix: &str, name| LogFiles {
        place,
        prefix: prefix.to_owned(),
        name,
        is_log_file,
        skips_damage: args.skip_damaged,
        file_bytes_max: FILE_BYTES_MAX,
    };
    let Some(rest) = place.strip_prefix("s3://") else {
        if !Path::new(place).is_dir() {
            return Err(Usage(format!("`{place}` is no folder; --logs takes a folder or s3://bucket/prefix")).into());
        }
        let folder = Arc::new(Folder::new(Arc::new(SystemDisk), place));
        return Ok(files(folder, "", format!("{}/", place.trim_end_matches('/'))));
    };
    let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
    if bucket.is_empty() {
        return Err(Usage("`s3://` needs the name of a bucket behind it".to_owned()).into());
    }
    let endpoint = Endpoint { url: args.endpoint_url.as_deref(), region: args.region.as_deref() };
    let (target, ca_bundle) = endpoint.target(bucket, || args.connection.connect())?;
    let certificates = certificates(ca_bundle.as_deref())?.unwrap_or_default();
    Ok(files(Arc::new(S3::trusting(target, &certificates)?), prefix, format!("s3://{bucket}/")))
}
