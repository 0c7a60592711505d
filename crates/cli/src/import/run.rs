//! The way of a run: find, verify, and then group by group: ask, send, count.

use std::collections::HashMap;
use std::time::Duration;

use futures::StreamExt;
use opentrail_stdx::{Clock, SystemClock};

use super::ImportArgs;
use super::bucket::Bucket;
use super::content::Content;
use super::digests;
use super::find::{Found, LogFile, Source};
use super::report::Report;
use super::send::{Origin, Outcome, Server, Unreachable};
use super::watch::Watch;
use crate::connection::{Connection, ConnectionArgs};

/// Files that the server is asked about at once.
const GROUP_FILES: usize = 200;
/// Most bytes of a group that are held in memory while the server is asked.
const GROUP_BYTES: u64 = 256 << 20;

/// Brings in all that the arguments name.
pub(super) async fn import(args: &ImportArgs) -> anyhow::Result<Report> {
    let began = SystemClock.now();
    let connection = connection(args)?;
    let watch = Watch::on_terminal();
    let mut found = Found::default();
    for place in &args.places {
        found.add(place, |bucket| Bucket::open(args, &connection, bucket)).await?;
    }
    found.sort();
    let mut report = Report::new(found.files.len(), found.left_out);
    for (folder, problem) in std::mem::take(&mut found.unreadable) {
        watch.say(&format!("{folder}: {problem}"));
        report.failed(&folder, problem);
    }
    let altered = if args.verify_digests { digests::altered(args, &found, &mut report).await? } else { HashMap::new() };
    watch.begin(found.files.len(), found.files.iter().map(|file| file.bytes).sum());
    let work = Work { args, server: Server::new(connection)?, buckets: &found.buckets, altered, watch: &watch };
    let worked = work.all(&found.files, &mut report).await;
    watch.done();
    report.took(elapsed(began));
    if let Err(error) = worked {
        // What was done so far is told all the same.
        eprint!("{}", report.document(false)?);
        return Err(error);
    }
    Ok(report)
}

fn elapsed(began: opentrail_stdx::Timestamp) -> Duration {
    SystemClock.now().since(began)
}

/// The server. With an endpoint of its own for the buckets, the `AWS_…` variables aren't about the server.
fn connection(args: &ImportArgs) -> anyhow::Result<Connection> {
    if args.endpoint_url.is_none() || args.connection.data_dir.is_some() {
        return args.connection.connect();
    }
    ConnectionArgs { data_dir: Some("opentrail-data".into()) }.connect()
}

struct Work<'a> {
    args: &'a ImportArgs,
    server: Server,
    buckets: &'a [Bucket],
    /// What is wrong with files of these names.
    altered: HashMap<String, String>,
    watch: &'a Watch,
}

/// A file on its way: what is at hand of it, and how the server may know it.
struct Ready<'a> {
    file: &'a LogFile,
    content: Option<Content>,
    origin: Option<Origin>,
}

impl Work<'_> {
    async fn all(&self, files: &[LogFile], report: &mut Report) -> anyhow::Result<()> {
        let mut rest = files;
        while !rest.is_empty() {
            let (group, others) = rest.split_at(group_of(rest));
            self.group(group, report).await?;
            rest = others;
        }
        Ok(())
    }

    async fn group(&self, files: &[LogFile], report: &mut Report) -> anyhow::Result<()> {
        let mut ready = Vec::with_capacity(files.len());
        let mut preparing = futures::stream::iter(files.iter().map(|file| self.prepare(file))).buffered(self.jobs());
        while let Some((file, prepared)) = preparing.next().await {
            match prepared {
                Ok(prepared) => ready.push(prepared),
                Err(Kept::Failed(problem)) => self.failed(file, problem, report),
                Err(Kept::Refused(problem)) => {
                    self.watch.say(&format!("{}: refused: {problem}", file.name));
                    self.watch.done_with(file.bytes, 0);
                    report.refused(&file.name, problem);
                }
            }
        }
        let known = self.known(&ready).await?;
        let mut unknown = Vec::new();
        for (ready, known) in ready.into_iter().zip(known) {
            match known {
                Some(outcome) => {
                    self.watch.done_with(ready.file.bytes, outcome.records);
                    report.known();
                }
                None => unknown.push(ready),
            }
        }
        let mut sending =
            futures::stream::iter(unknown.into_iter().map(|ready| self.send(ready))).buffer_unordered(self.jobs());
        while let Some((file, sent)) = sending.next().await {
            match sent {
                Ok((bytes, outcome)) => {
                    self.watch.done_with(file.bytes, outcome.records);
                    report.sent(&file.name, bytes, outcome);
                }
                Err(error) if error.is::<Unreachable>() => return Err(error),
                Err(error) => self.failed(file, format!("{error:#}"), report),
            }
        }
        Ok(())
    }

    fn jobs(&self) -> usize {
        usize::from(self.args.jobs)
    }

    fn failed(&self, file: &LogFile, problem: String, report: &mut Report) {
        self.watch.say(&format!("{}: {problem}", file.name));
        self.watch.done_with(file.bytes, 0);
        report.failed(&file.name, problem);
    }

    /// Reads and hashes what is on this machine; what is in a bucket may be known by its tag.
    async fn prepare<'f>(&self, file: &'f LogFile) -> (&'f LogFile, Result<Ready<'f>, Kept>) {
        let name = file.name.rsplit('/').next().unwrap_or(&file.name);
        if let Some(problem) = self.altered.get(name) {
            return (file, Err(Kept::Refused(problem.clone())));
        }
        let (content, origin) = match &file.source {
            Source::File(path) => (Some(Content::of_file(path).await), None),
            Source::Stdin => (Some(Content::of_stdin().await), None),
            Source::Object { bucket, key, etag } => {
                let address = self.buckets[*bucket].address(key);
                (None, etag.clone().map(|etag| Origin { address, etag, bytes: file.bytes }))
            }
        };
        let content = content.transpose().map_err(|error| Kept::Failed(error.to_string()));
        (file, content.map(|content| Ready { file, content, origin }))
    }

    async fn known(&self, ready: &[Ready<'_>]) -> anyhow::Result<Vec<Option<Outcome>>> {
        if self.args.again || ready.is_empty() {
            return Ok(vec![None; ready.len()]);
        }
        let ask = |ready: &Ready<'_>| match (&ready.content, &ready.origin) {
            (Some(content), _) => Some(Ok(content.sha256.clone())),
            (None, origin) => origin.clone().map(Err),
        };
        let asked: Vec<Option<_>> = ready.iter().map(ask).collect();
        let is_asked: Vec<bool> = asked.iter().map(Option::is_some).collect();
        let mut answers = self.server.known(asked.into_iter().flatten().collect()).await?.into_iter();
        Ok(is_asked.into_iter().map(|is_asked| if is_asked { answers.next().flatten() } else { None }).collect())
    }

    async fn send<'f>(&self, ready: Ready<'f>) -> (&'f LogFile, anyhow::Result<(u64, Outcome)>) {
        let Ready { file, content, origin } = ready;
        (file, self.send_content(file, content, origin.as_ref()).await)
    }

    async fn send_content(
        &self,
        file: &LogFile,
        content: Option<Content>,
        origin: Option<&Origin>,
    ) -> anyhow::Result<(u64, Outcome)> {
        let content = match (content, &file.source) {
            (Some(content), _) => content,
            (None, Source::Object { bucket, key, .. }) => {
                Content::of_stream(self.buckets[*bucket].get(key).await?).await?
            }
            (None, _) => unreachable!("what is on this machine was read before"),
        };
        let outcome = self.server.send(&file.name, &content, origin, self.args.again).await?;
        Ok((content.bytes, outcome))
    }
}

/// Why a file is not sent.
enum Kept {
    /// It can't be read.
    Failed(String),
    /// It isn't what its digest says.
    Refused(String),
}

/// How many files make the next group: at least one.
fn group_of(files: &[LogFile]) -> usize {
    let mut bytes = 0;
    let fits = |file: &&LogFile| {
        bytes += file.bytes;
        bytes <= GROUP_BYTES
    };
    files.iter().take(GROUP_FILES).take_while(fits).count().max(1)
}
