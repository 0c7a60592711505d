//! The lines of an answer, as they come.

use std::time::Duration;

use anyhow::{Context, bail};
use bytes::{Buf, BytesMut};
use serde::Deserialize;
use serde_json::Value;

use crate::connection::{Connection, ServiceError};

/// The longest line that is read; records have at most 16 MiB, and their text grows where it is quoted.
const LINE_BYTES_MAX: usize = 128 << 20;

/// When nothing comes for so long, what is at hand is shown.
const PATIENCE: Duration = Duration::from_millis(50);

/// Something that the server said.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Line {
    /// An event.
    Event(Event),
    /// Nothing is at hand now; the next line may take a while.
    Pause,
    /// The answer is complete; following goes on from this position.
    End(u64),
}

/// An event that was found.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Event {
    /// Its time, as text.
    pub(super) time: String,
    /// Where it is in the journal.
    pub(super) position: u64,
    /// Its record's own text.
    pub(super) record: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Written {
    time: Option<String>,
    position: Option<u64>,
    event: Option<String>,
    end: Option<End>,
    error: Option<Failure>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct End {
    position: u64,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Failure {
    code: String,
    message: String,
}

/// An answer that is being read.
#[derive(Debug)]
pub(super) struct Answer {
    response: reqwest::Response,
    waiting: BytesMut,
    /// That nothing is at hand was told already.
    is_paused: bool,
}

impl Answer {
    /// Asks, and waits until the answer begins.
    pub(super) async fn open(connection: &Connection, http: &reqwest::Client, request: &Value) -> anyhow::Result<Self> {
        let response =
            connection.open(http, "opentrail", &connection.region, "OpenTrail.SearchEvents", request).await?;
        Ok(Self { response, waiting: BytesMut::new(), is_paused: false })
    }

    /// The next line; nothing when the answer is cut off.
    pub(super) async fn next(&mut self) -> anyhow::Result<Option<Line>> {
        loop {
            if let Some(end) = self.waiting.iter().position(|byte| *byte == b'\n') {
                let line = self.waiting.split_to(end);
                self.waiting.advance(1);
                if line.is_empty() {
                    continue;
                }
                return read(&line).map(Some);
            }
            if self.waiting.len() > LINE_BYTES_MAX {
                bail!("the server sent a line that doesn't end; is it an OpenTrail of another version?");
            }
            let patience = if self.is_paused { Duration::MAX } else { PATIENCE };
            let Ok(chunk) = tokio::time::timeout(patience, self.response.chunk()).await else {
                self.is_paused = true;
                return Ok(Some(Line::Pause));
            };
            match chunk.context("the answer broke off")? {
                Some(chunk) => self.waiting.extend_from_slice(&chunk),
                None => return Ok(None),
            }
            self.is_paused = false;
        }
    }
}

fn read(line: &[u8]) -> anyhow::Result<Line> {
    let written: Written =
        serde_json::from_slice(line).context("the server's answer is not as expected; is it an OpenTrail?")?;
    match written {
        Written { error: Some(Failure { code, message }), .. } => Err(ServiceError { code, message }.into()),
        Written { end: Some(End { position }), .. } => Ok(Line::End(position)),
        Written { time: Some(time), position: Some(position), event: Some(record), .. } => {
            Ok(Line::Event(Event { time, position, record }))
        }
        _ => bail!("the server's answer is not as expected; is it an OpenTrail of another version?"),
    }
}
