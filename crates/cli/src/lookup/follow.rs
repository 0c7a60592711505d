//! Events as they arrive.

use std::time::Duration;

use super::answer::{Answer, Event, Line};
use super::question::QuestionArgs;
use super::show::Show;
use crate::connection::{Connection, ServiceError};

/// Shows the newest events, those that happened first, first; then what arrives, until somebody interrupts.
pub(super) async fn follow(
    connection: &Connection,
    http: &reqwest::Client,
    question: &QuestionArgs,
    limit: Option<u64>,
    show: &mut Show,
) -> anyhow::Result<()> {
    let mut position = begin(connection, http, question, limit, show).await?;
    let mut failures = 0;
    loop {
        let before = position;
        match go_on(connection, http, question, &mut position, show).await {
            Ok(()) => failures = 0,
            Err(error) if super::is_closed(&error) || error.is::<ServiceError>() => return Err(error),
            Err(error) if position == before && failures == RETRIES_MAX => return Err(error),
            Err(error) => {
                if position > before {
                    failures = 0;
                }
                failures += 1;
                eprintln!("{error:#}; trying again");
                tokio::time::sleep(PAUSE * failures).await;
            }
        }
    }
}

/// So often in a row the server may be away, for restarts.
const RETRIES_MAX: u32 = 10;

/// How long it is given, longer each time.
const PAUSE: Duration = Duration::from_millis(500);

/// Shows what is there; answers where following begins.
async fn begin(
    connection: &Connection,
    http: &reqwest::Client,
    question: &QuestionArgs,
    limit: Option<u64>,
    show: &mut Show,
) -> anyhow::Result<u64> {
    let mut answer = Answer::open(connection, http, &question.search(limit)).await?;
    let mut events: Vec<Event> = Vec::new();
    let mut end = None;
    while let Some(line) = answer.next().await? {
        match line {
            Line::Event(event) => events.push(event),
            Line::Pause => {}
            Line::End(position) => end = Some(position),
        }
    }
    for event in events.iter().rev() {
        show.event(event)?;
    }
    show.flush()?;
    end.ok_or_else(|| anyhow::anyhow!("the answer broke off"))
}

/// Shows what arrives from a position on, and moves it, until the server ends the answer.
async fn go_on(
    connection: &Connection,
    http: &reqwest::Client,
    question: &QuestionArgs,
    position: &mut u64,
    show: &mut Show,
) -> anyhow::Result<()> {
    let mut answer = Answer::open(connection, http, &question.follow(*position)).await?;
    while let Some(line) = answer.next().await? {
        match line {
            Line::Event(event) => {
                show.event(&event)?;
                *position = event.position + 1;
            }
            Line::Pause => show.flush()?,
            Line::End(end) => {
                *position = end;
                return Ok(());
            }
        }
    }
    anyhow::bail!("the server ended the answer")
}
