//! `opentrail query`: SQL over event data stores.
//!
//! Starts a query, waits for its end, and reads its result page by page; whoever interrupts leaves it to its hour.

mod show;

use std::io::{self, Read as _};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Args;
use serde_json::{Value, json};

use crate::connection::{Connection, ConnectionArgs};
use show::{Row, Show};

const EXAMPLES: &str = "Examples:
  opentrail query \"SELECT eventName, count(*) AS n FROM $EDS GROUP BY 1 ORDER BY n DESC LIMIT 20\"
  opentrail query --csv \"SELECT eventTime, userIdentity.arn FROM $EDS WHERE errorCode = 'AccessDenied'\" > denied.csv
  opentrail query --json - < question.sql | jq -r .eventName

FROM names event data stores by their ids. The dialect is Trino's; - reads the statement from standard input.

Exit status: 0 done, also when nothing was found, 1 failed, 2 wrong usage.";

/// What to ask, and how to show it.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct QueryArgs {
    /// The statement, or - for standard input
    statement: String,
    /// Print each row as a JSON object, one a line; NULL is left out
    #[arg(long, conflicts_with = "csv")]
    json: bool,
    /// Print CSV with a line of titles; NULL is nothing, an empty text a pair of quotes
    #[arg(long)]
    csv: bool,
    /// Also deliver the result to a bucket: s3://bucket/prefix
    #[arg(long, value_name = "URI")]
    deliver_to: Option<String>,
    #[command(flatten)]
    connection: ConnectionArgs,
}

/// How rows are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    /// Aligned columns.
    Table,
    /// A JSON object a line.
    Json,
    /// RFC 4180.
    Csv,
}

/// How long the first wait for the end of a query is; each is half as long again, up to the last.
const WAIT: (Duration, Duration) = (Duration::from_millis(20), Duration::from_secs(1));

/// The API's name in the target header.
const TARGET: &str = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101";

/// Asks and prints.
pub async fn run(args: QueryArgs) -> anyhow::Result<ExitCode> {
    let connection = args.connection.connect()?;
    let api = Api { http: connection.http()?, connection };
    let format = match (args.json, args.csv) {
        (true, _) => Format::Json,
        (_, true) => Format::Csv,
        _ => Format::Table,
    };
    let mut start = json!({ "QueryStatement": statement(args.statement)? });
    if let Some(uri) = args.deliver_to {
        start["DeliveryS3Uri"] = uri.into();
    }
    let started = api.call("StartQuery", &start).await?;
    let id = started["QueryId"].as_str().context("the server answered no query id")?;
    wait(&api, id).await?;
    match print(&api, id, &mut Show::new(format)).await {
        Err(error) if is_closed(&error) => {}
        other => other?,
    }
    Ok(ExitCode::SUCCESS)
}

fn statement(given: String) -> anyhow::Result<String> {
    if given != "-" {
        return Ok(given);
    }
    let mut text = String::new();
    io::stdin().read_to_string(&mut text).context("cannot read the statement from standard input")?;
    Ok(text)
}

struct Api {
    connection: Connection,
    http: reqwest::Client,
}

impl Api {
    async fn call(&self, operation: &str, body: &Value) -> anyhow::Result<Value> {
        let target = format!("{TARGET}.{operation}");
        self.connection.call(&self.http, "cloudtrail", &self.connection.region, &target, body).await
    }
}

/// Waits until the query has ended well.
async fn wait(api: &Api, id: &str) -> anyhow::Result<()> {
    let (mut pause, longest) = WAIT;
    loop {
        let query = api.call("DescribeQuery", &json!({ "QueryId": id })).await?;
        match query["QueryStatus"].as_str().unwrap_or_default() {
            "QUEUED" | "RUNNING" => {}
            "FINISHED" => return Ok(()),
            "TIMED_OUT" => bail!("the query took longer than an hour; narrow it by eventTime"),
            "CANCELLED" => bail!("the query was cancelled"),
            _ => bail!("{}", query["ErrorMessage"].as_str().unwrap_or("the query failed")),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 3 / 2).min(longest);
    }
}

async fn print(api: &Api, id: &str, show: &mut Show) -> anyhow::Result<()> {
    let mut token: Option<String> = None;
    loop {
        let mut body = json!({ "QueryId": id });
        if let Some(token) = &token {
            body["NextToken"] = token.as_str().into();
        }
        let page = api.call("GetQueryResults", &body).await?;
        let rows: Vec<Row> = page["QueryResultRows"].as_array().into_iter().flatten().map(read).collect();
        show.page(&rows).context("cannot print")?;
        token = page["NextToken"].as_str().map(str::to_owned);
        if token.is_none() {
            return Ok(());
        }
    }
}

/// Cells with their titles; what is NULL has none.
fn read(row: &Value) -> Row {
    let cell = |column: &Value| {
        let (title, text) = column.as_object()?.iter().next()?;
        Some((title.clone(), text.as_str().unwrap_or_default().to_owned()))
    };
    row.as_array().into_iter().flatten().map(cell).collect()
}

/// Whether the one who reads our output has had enough, as `head` has.
fn is_closed(error: &anyhow::Error) -> bool {
    error.chain().filter_map(|cause| cause.downcast_ref::<io::Error>()).any(|it| it.kind() == io::ErrorKind::BrokenPipe)
}
