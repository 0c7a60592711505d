//! The thread that owns the log: it commits everything that waits with one sync.

use std::collections::VecDeque;
use std::io;
use std::mem;
use std::ops::Range;
use std::sync::Arc;
use std::time::{Duration, Instant};

use opentrail_stdx::{Clock, Timestamp};
use parking_lot::{Condvar, Mutex, MutexGuard};
use tokio::sync::{oneshot, watch};

use crate::log::unavailable;
use crate::payload::Payload;
use crate::reader::Reader;
use crate::{AppendError, Durable, Health, Log, Position, Stats, TrimError};

/// How often a failing disk is tried without an append.
const PROBE_INTERVAL: Duration = Duration::from_secs(1);

/// The share of a commit's time that is spent waiting for more to commit together.
const GATHER_SHARE: u32 = 8;

type Reply = oneshot::Sender<Result<Durable<Range<u64>>, AppendError>>;

/// An append that waits for the disk. Its sizes have been checked.
#[derive(Debug)]
pub(crate) struct Append {
    pub payload: Payload,
    pub since: Timestamp,
    pub reply: Reply,
}

impl Append {
    /// What it counts for in the queue.
    const fn bytes(&self) -> u64 {
        self.payload.raw_bytes as u64
    }
}

#[derive(Debug)]
struct Trim {
    before: Position,
    reply: oneshot::Sender<Result<(), TrimError>>,
}

/// What the handles and the thread share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub reader: Arc<Reader>,
    queue: Mutex<Queue>,
    /// Signals that `queue` has changed.
    wake: Condvar,
    report: Mutex<Report>,
    end: watch::Sender<Position>,
}

#[derive(Debug, Default)]
struct Queue {
    appends: VecDeque<Append>,
    trims: VecDeque<Trim>,
    /// The bytes of the appends that wait, those being committed included.
    bytes: u64,
    /// When the oldest append of the commit at hand arrived.
    committing_since: Option<Timestamp>,
    /// The committer waits until so many appends wait.
    wanted: usize,
    is_closed: bool,
}

#[derive(Debug)]
struct Report {
    health: Health,
    stats: Stats,
}

impl Shared {
    pub(crate) fn new(reader: Arc<Reader>, end: Position) -> Self {
        Self {
            reader,
            queue: Mutex::default(),
            wake: Condvar::new(),
            report: Mutex::new(Report { health: Health::Ok, stats: Stats::default() }),
            end: watch::Sender::new(end),
        }
    }

    /// Admits an append, or says why not.
    pub(crate) fn push(&self, append: Append, queue_bytes_max: u64) -> Result<(), AppendError> {
        let mut queue = self.queue.lock();
        if queue.is_closed {
            return Err(unavailable(io::Error::other("the journal is closed")));
        }
        // A single append always fits an empty queue.
        if queue.bytes > 0 && queue.bytes + append.bytes() > queue_bytes_max {
            return Err(AppendError::Busy { queued_bytes: queue.bytes });
        }
        queue.bytes += append.bytes();
        queue.appends.push_back(append);
        if queue.appends.len() >= queue.wanted {
            self.wake.notify_one();
        }
        Ok(())
    }

    pub(crate) fn push_trim(&self, before: Position, reply: oneshot::Sender<Result<(), TrimError>>) {
        let mut queue = self.queue.lock();
        if !queue.is_closed {
            queue.trims.push_back(Trim { before, reply });
            self.wake.notify_one();
        }
    }

    pub(crate) fn close(&self) {
        self.queue.lock().is_closed = true;
        self.wake.notify_one();
    }

    pub(crate) fn changed(&self) -> watch::Receiver<Position> {
        self.end.subscribe()
    }

    pub(crate) fn health(&self) -> Health {
        self.report.lock().health.clone()
    }

    pub(crate) fn stats(&self) -> Stats {
        let mut stats = self.report.lock().stats.clone();
        stats.segments = self.reader.look(<[_]>::len) as u64;
        let queue = self.queue.lock();
        stats.queued_bytes = queue.bytes;
        stats.oldest_waiting_since = queue.committing_since.or_else(|| Some(queue.appends.front()?.since));
        stats
    }
}

/// What there is to do next.
enum Work {
    Do { appends: VecDeque<Append>, trims: VecDeque<Trim> },
    Probe,
    Stop,
}

/// The thread's own state.
#[derive(Debug)]
pub(crate) struct Committer {
    log: Log,
    shared: Arc<Shared>,
    clock: Arc<dyn Clock>,
    is_failing: bool,
    /// How long the last commit took and how many appends it answered.
    commit_took: Duration,
    commit_appends: usize,
}

impl Committer {
    pub(crate) fn new(log: Log, shared: Arc<Shared>, clock: Arc<dyn Clock>) -> Self {
        Self { log, shared, clock, is_failing: false, commit_took: Duration::ZERO, commit_appends: 0 }
    }

    /// Works until the journal is closed and all that was accepted is answered.
    pub(crate) fn run(mut self) {
        loop {
            match self.wait() {
                Work::Do { appends, trims } => {
                    self.commit(appends);
                    trims.into_iter().for_each(|trim| drop(trim.reply.send(self.log.trim(trim.before))));
                }
                Work::Probe => {
                    let probed = self.log.recover_writing();
                    self.note(&probed.map(|()| Stats::default()));
                }
                Work::Stop => return,
            }
        }
    }

    fn wait(&self) -> Work {
        let mut queue = self.shared.queue.lock();
        loop {
            if !queue.appends.is_empty() || !queue.trims.is_empty() {
                self.gather(&mut queue);
                queue.committing_since = queue.appends.front().map(|append| append.since);
                return Work::Do { appends: mem::take(&mut queue.appends), trims: mem::take(&mut queue.trims) };
            }
            if queue.is_closed {
                return Work::Stop;
            }
            if !self.is_failing {
                self.shared.wake.wait(&mut queue);
            } else if self.shared.wake.wait_for(&mut queue, PROBE_INTERVAL).timed_out() {
                return Work::Probe;
            }
        }
    }

    /// Waits a little for those who were just answered to come back. Without it, those who come back first would be
    /// committed alone, and the others would fall into two groups for ever.
    fn gather(&self, queue: &mut MutexGuard<'_, Queue>) {
        let patience = self.commit_took / GATHER_SHARE;
        if patience.is_zero() || !queue.trims.is_empty() {
            return;
        }
        queue.wanted = self.commit_appends;
        if queue.appends.len() < queue.wanted && !queue.is_closed {
            self.shared.wake.wait_for(queue, patience);
        }
        queue.wanted = 0;
    }

    #[allow(clippy::disallowed_methods, reason = "measures the disk; nothing that is stored depends on it")]
    fn commit(&mut self, appends: VecDeque<Append>) {
        if appends.is_empty() {
            return;
        }
        let bytes = appends.iter().map(Append::bytes).sum();
        let (payloads, replies): (Vec<_>, Vec<_>) = appends.into_iter().map(|it| (it.payload, it.reply)).unzip();
        let counts: Vec<_> = payloads.iter().map(|payload| u64::from(payload.count)).collect();
        let start = Instant::now();
        let committed = self.log.commit(&payloads);
        (self.commit_took, self.commit_appends) = (start.elapsed(), replies.len());
        // The room is free and the followers know before anybody is answered, so that an answer implies both.
        self.release(bytes);
        let records = counts.iter().sum();
        let stats = |stored_bytes| Stats { records, bytes, stored_bytes, commits: 1, ..Stats::default() };
        self.note(&committed.as_ref().map(|it| stats(it.stored_bytes)));
        self.shared.end.send_replace(self.log.end());
        answer(replies, &counts, committed.map(|it| it.base));
    }

    fn release(&self, bytes: u64) {
        let mut queue = self.shared.queue.lock();
        queue.bytes -= bytes;
        queue.committing_since = None;
    }

    /// Keeps health and counts, and logs when health changes.
    fn note<E: std::fmt::Display>(&mut self, outcome: &Result<Stats, E>) {
        let mut report = self.shared.report.lock();
        match outcome {
            Ok(more) => {
                let stats = &mut report.stats;
                stats.records += more.records;
                stats.bytes += more.bytes;
                stats.stored_bytes += more.stored_bytes;
                stats.commits += more.commits;
                report.health = Health::Ok;
                if mem::take(&mut self.is_failing) {
                    tracing::info!("the journal writes again");
                }
            }
            Err(error) => {
                report.stats.failures += 1;
                let message = error.to_string();
                let since = match report.health {
                    Health::Failing { since, .. } => since,
                    Health::Ok => self.clock.now(),
                };
                report.health = Health::Failing { since, message };
                if !mem::replace(&mut self.is_failing, true) {
                    tracing::error!(%error, "the journal can't write; it tries again each second");
                }
            }
        }
    }
}

impl Drop for Committer {
    /// However the thread ends, nobody is left waiting: dropped replies are answers.
    fn drop(&mut self) {
        let mut queue = self.shared.queue.lock();
        queue.is_closed = true;
        queue.appends.clear();
        queue.trims.clear();
    }
}

fn answer(replies: Vec<Reply>, counts: &[u64], committed: io::Result<u64>) {
    let mut next = committed.map_err(unavailable);
    for (reply, count) in replies.into_iter().zip(counts) {
        let answer = match &mut next {
            Ok(next) => {
                let base = *next;
                *next += count;
                Ok(Durable::new(base..*next))
            }
            Err(error) => Err(error.clone()),
        };
        // Whoever has gone away needs no answer.
        let _ = reply.send(answer);
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use opentrail_stdx::{ManualClock, SimDisk};

    use super::*;
    use crate::{Category, Entry, Envelope, Options};

    fn append(bytes: usize) -> Append {
        let envelope = Envelope {
            account: String::new(),
            region: String::new(),
            category: Category::Data,
            origin: crate::Origin::Call,
            arrived_at: Timestamp::EPOCH,
        };
        let entry = Entry { envelope, record: vec![0; bytes - crate::payload::ENTRY_HEADER_BYTES].into() };
        Append { payload: Payload::encode(&[entry]), since: Timestamp::from_ms(7), reply: oneshot::channel().0 }
    }

    #[test]
    fn the_queue_is_bounded_in_bytes_and_tells_its_age() {
        let clock = Arc::new(ManualClock::default());
        let log = Log::open(Arc::new(SimDisk::new(1)), PathBuf::from("/j"), Options::default(), clock);
        let shared = Shared::new(log.expect("healthy").reader(), Position(0));
        shared.push(append(600), 500).expect("a single append always fits an empty queue");
        assert!(matches!(shared.push(append(100), 500), Err(AppendError::Busy { queued_bytes: 600 })));
        shared.push(append(100), 700).expect("fits");
        let stats = shared.stats();
        assert_eq!((stats.queued_bytes, stats.oldest_waiting_since), (700, Some(Timestamp::from_ms(7))));
        shared.close();
        assert!(matches!(shared.push(append(20), 1000), Err(AppendError::Unavailable { .. })));
    }
}
