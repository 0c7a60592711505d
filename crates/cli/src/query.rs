//! `opentrail query`: SQL over event data stores, at the server; or over log files, here.
//!
//! At the server, which reads log files too where FROM names both: starts a query, waits for its end, and reads its result page by page; whoever interrupts leaves it to its
//! hour. Here: the same engine runs in this process, and asks nobody but the place of the files.

mod logs;
mod show;

use std::io::{self, Read as _};
use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Args;
use serde_json::{Value, json};

use crate::connection::{Connection, ConnectionArgs};
use crate::verify::Usage;
use show::{Row, Show};

const EXAMPLES: &str = "Examples:
  opentrail query \"SELECT eventName, count(*) AS n FROM $EDS GROUP BY 1 ORDER BY n DESC LIMIT 20\"
  opentrail query --csv \"SELECT eventTime, userIdentity.arn FROM $EDS WHERE errorCode = 'AccessDenied'\" > denied.csv
  opentrail query --json - < question.sql | jq -r .eventName

  opentrail query --logs ./AWSLogs \"SELECT eventname, count(*) FROM cloudtrail_logs WHERE date >= '2026/11/01' GROUP BY 1\"
  opentrail query --logs s3://my-logs/AWSLogs/ --endpoint-url https://s3.eu-west-1.amazonaws.com - < question.sql

FROM names event data stores by their ids; with --logs, it names cloudtrail_logs, whose columns are those that Athena's \
documentation gives it, and account, region, date, year, month, day: conditions on these leave files unread. Where it names \
event data stores too, the server reads the bucket, as it does wherever FROM names \"s3://bucket/prefix\". The dialect is Trino's; \
- reads the statement from standard input.

With --endpoint-url, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN and AWS_CA_BUNDLE speak of that endpoint.

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
    /// Ask log files instead of the server: a folder, or s3://bucket/prefix
    #[arg(long, visible_alias = "bucket", value_name = "PLACE", conflicts_with = "deliver_to")]
    logs: Option<String>,
    /// S3-compatible endpoint of the bucket of --logs [default: the server]
    #[arg(long, value_name = "URL", requires = "logs")]
    endpoint_url: Option<String>,
    /// The bucket's Region [default: AWS_REGION, or the server's]
    #[arg(long, value_name = "REGION", requires = "logs")]
    region: Option<String>,
    /// Count damaged log files, and read what can be read of them, instead of failing
    #[arg(long, requires = "logs")]
    skip_damaged: bool,
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

impl QueryArgs {
    fn format(&self) -> Format {
        match (self.json, self.csv) {
            (true, _) => Format::Json,
            (_, true) => Format::Csv,
            _ => Format::Table,
        }
    }
}

/// Asks and prints.
pub async fn run(args: QueryArgs) -> anyhow::Result<ExitCode> {
    let statement = statement(args.statement.clone())?;
    let asked = match &args.logs {
        Some(place) => logs::ask(&args, place, &statement).await,
        None => ask(&args, &statement).await,
    };
    match asked {
        Err(error) if is_closed(&error) => Ok(ExitCode::SUCCESS),
        Err(error) if error.is::<Usage>() => {
            eprintln!("error: {error}");
            Ok(ExitCode::from(2))
        }
        other => other.map(|()| ExitCode::SUCCESS),
    }
}

/// Asks the server.
async fn ask(args: &QueryArgs, statement: &str) -> anyhow::Result<()> {
    let connection = args.connection.connect()?;
    let api = Api { http: connection.http()?, connection };
    let mut start = json!({ "QueryStatement": statement });
    if let Some(uri) = &args.deliver_to {
        start["DeliveryS3Uri"] = uri.as_str().into();
    }
    let started = api.call("StartQuery", &start).await?;
    let id = started["QueryId"].as_str().context("the server answered no query id")?;
    wait(&api, id).await?;
    print(&api, id, &mut Show::new(args.format())).await
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
