//! The lines of an answer, page by page.

use std::time::Duration;

use bytes::Bytes;
use opentrail_api::History;
use opentrail_journal::Position;
use opentrail_lake::{Error, Found, Lookup, Place};
use opentrail_model::AccountId;
use serde::Serialize;
use tokio::sync::watch;

use super::request::Search;
use crate::app::App;
use crate::history::LakeHistory;

/// Events of a page. The lake bounds its bytes.
const PAGE: usize = 500;

/// A follower hears from us at least so often, so that either side notices when the other is gone.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// A follower waits so long for more to arrive after it was answered, instead of being woken for each event.
const PACE: Duration = Duration::from_millis(100);

/// A follower is told to begin anew after so long; then its key is checked and the call recorded again.
const FOLLOW_TIME_MAX: Duration = Duration::from_secs(60 * 60);

/// A part of an answer.
#[derive(Debug)]
pub(super) enum Sent {
    /// Lines, and more will come.
    More(Bytes),
    /// The last lines.
    Last(Bytes),
}

/// A search on its way.
#[derive(Debug)]
pub(super) struct Searcher {
    history: LakeHistory,
    account: AccountId,
    search: Search,
    consumed: watch::Receiver<Position>,
    stopping: watch::Receiver<bool>,
    /// The first position that the answer doesn't know. It moves with a follower only.
    end: u64,
    /// The last event that was looked at by place.
    after: Option<Place>,
    sent: u64,
    ends_at: tokio::time::Instant,
    /// Nothing has been answered yet.
    is_new: bool,
}

impl Searcher {
    pub(super) fn new(app: &App, account: AccountId, search: Search) -> Self {
        let consumed = app.history.0.consumed();
        let now = consumed.borrow().0;
        Self {
            history: app.history.clone(),
            account,
            end: search.position.filter(|_| search.is_follow).unwrap_or(now),
            after: search.after,
            search,
            consumed,
            stopping: app.stopping.subscribe(),
            sent: 0,
            ends_at: tokio::time::Instant::now() + FOLLOW_TIME_MAX,
            is_new: true,
        }
    }

    /// The next lines; those of a follower may take a while.
    pub(super) async fn next(&mut self) -> Result<Sent, Error> {
        if self.search.is_follow { self.follow().await } else { self.page().await }
    }

    async fn page(&mut self) -> Result<Sent, Error> {
        let left = self.search.limit.map_or(u64::MAX, |limit| limit.saturating_sub(self.sent));
        let limit = usize::try_from(left).unwrap_or(usize::MAX).min(PAGE);
        if limit == 0 {
            return Ok(Sent::Last(self.ending(Lines::default(), None)));
        }
        let (filter, from, to) = (self.search.filter.clone(), self.search.from, self.search.to);
        let lookup = Lookup { filter, from, to, after: self.after, limit };
        let page = self.history.lookup(&self.account, lookup).await?;
        self.after = page.next;
        // What arrived since the search began is not in its answer, so that following from its end repeats nothing.
        let end = self.end;
        let lines = self.lines(page.events.into_iter().filter(|found| found.place.position < end));
        let is_last = page.next.is_none() || self.search.limit.is_some_and(|limit| self.sent >= limit);
        let next_token = page.next.filter(|_| is_last).map(|place| self.search.binding.token(place));
        Ok(if is_last { Sent::Last(self.ending(lines, next_token)) } else { Sent::More(lines.into()) })
    }

    async fn follow(&mut self) -> Result<Sent, Error> {
        if std::mem::take(&mut self.is_new) {
            // The head of the answer goes out at once, before anything has arrived.
            return Ok(Sent::More(Bytes::from_static(b"\n")));
        }
        let beat = tokio::time::Instant::now() + HEARTBEAT;
        loop {
            let consumed = self.consumed.borrow_and_update().0;
            if consumed > self.end {
                let lines = self.arrivals(consumed).await?;
                if !lines.is_empty() {
                    tokio::time::sleep(PACE).await;
                    return Ok(Sent::More(lines.into()));
                }
                continue;
            }
            if *self.stopping.borrow() || tokio::time::Instant::now() >= self.ends_at {
                return Ok(Sent::Last(self.ending(Lines::default(), None)));
            }
            tokio::select! {
                _ = self.consumed.changed() => {}
                _ = self.stopping.changed() => {}
                () = tokio::time::sleep_until(beat.min(self.ends_at)) => return Ok(Sent::More(Bytes::from_static(b"\n"))),
            }
        }
    }

    /// A page of what arrived before `consumed`.
    async fn arrivals(&mut self, consumed: u64) -> Result<Lines, Error> {
        let after = self.end.checked_sub(1);
        let found = self.history.arrivals(&self.account, after, &self.search.filter, PAGE).await?;
        // An empty page means that there is nothing up to where the lake was when it was asked.
        self.end = found.last().map_or(consumed, |last| last.place.position + 1);
        let (from, to) = (self.search.from, self.search.to);
        let in_range = |found: &Found| {
            from.is_none_or(|from| found.place.time >= from) && to.is_none_or(|to| found.place.time <= to)
        };
        Ok(self.lines(found.into_iter().filter(in_range)))
    }

    fn lines(&mut self, events: impl Iterator<Item = Found>) -> Lines {
        let mut lines = Lines::default();
        for found in events {
            self.sent += 1;
            let time = found.place.time.iso_ms();
            let event = String::from_utf8_lossy(&found.record);
            lines.add(&Line::Event { time, position: found.place.position, event: &event });
        }
        lines
    }

    fn ending(&self, mut lines: Lines, next_token: Option<String>) -> Bytes {
        lines.add(&Line::End { end: End { events: self.sent, position: self.end, next_token } });
        lines.into()
    }
}

/// The last line of an answer that could not go on.
pub(super) fn failure() -> Bytes {
    let mut lines = Lines::default();
    let message = "event history cannot be read now; try again later";
    lines.add(&Line::Error { error: Failure { code: "ServiceUnavailable", message } });
    lines.into()
}

/// A line of an answer.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Line<'a> {
    #[serde(rename_all = "PascalCase")]
    Event {
        /// The event's time.
        time: String,
        /// Where it is in the journal.
        position: u64,
        /// The record's own text.
        event: &'a str,
    },
    #[serde(rename_all = "PascalCase")]
    End { end: End },
    #[serde(rename_all = "PascalCase")]
    Error { error: Failure },
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct End {
    /// How many events were sent.
    events: u64,
    /// Where following goes on.
    position: u64,
    /// Leads to the events after the last one, when the limit kept them back.
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Failure {
    code: &'static str,
    message: &'static str,
}

/// Lines that wait to be sent.
#[derive(Debug, Default)]
struct Lines(Vec<u8>);

impl Lines {
    fn add(&mut self, line: &Line<'_>) {
        serde_json::to_writer(&mut self.0, line).expect("numbers and text can be printed");
        self.0.push(b'\n');
    }

    fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl From<Lines> for Bytes {
    fn from(lines: Lines) -> Self {
        lines.0.into()
    }
}
