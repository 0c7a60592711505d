//! `opentrail key`: access keys of accounts, users and role sessions.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use crate::connection::{Connection, ConnectionArgs};

/// What to do with access keys.
#[derive(Debug, Subcommand)]
pub enum KeyCommand {
    /// Makes an access key and prints it; the secret is shown this once
    #[command(
        after_help = "Examples:\n  opentrail key create --user alice\n  opentrail key create --role Admin --session alice\n  opentrail key create --account 210987654321"
    )]
    Create(CreateArgs),
    /// Lists access keys and whom they belong to
    List(ListArgs),
    /// Deletes an access key; calls signed with it are refused from then on
    Delete(DeleteArgs),
}

/// Whom the new key belongs to; with neither a user nor a role, the account's root user.
#[derive(Debug, Args)]
pub struct CreateArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Account of the principal [default: the server's]
    #[arg(long, value_name = "N")]
    account: Option<String>,
    /// IAM user that the key belongs to
    #[arg(long, value_name = "NAME", conflicts_with = "role")]
    user: Option<String>,
    /// Role whose session the key belongs to
    #[arg(long, value_name = "NAME", requires = "session")]
    role: Option<String>,
    /// Name of the role's session
    #[arg(long, value_name = "NAME", requires = "role")]
    session: Option<String>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// How to list.
#[derive(Debug, Args)]
pub struct ListArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

/// Which key to delete.
#[derive(Debug, Args)]
pub struct DeleteArgs {
    #[command(flatten)]
    connection: ConnectionArgs,
    /// The key's id, `AKIA…`
    #[arg(value_name = "KEY_ID")]
    id: String,
}

/// Runs one of the key commands.
pub async fn run(command: &KeyCommand) -> anyhow::Result<ExitCode> {
    match command {
        KeyCommand::Create(args) => create(args).await?,
        KeyCommand::List(args) => list(args).await?,
        KeyCommand::Delete(args) => {
            ask(&args.connection.connect()?, "DeleteKey", &json!({ "AccessKeyId": args.id })).await?;
            eprintln!("deleted {}", args.id);
        }
    }
    Ok(ExitCode::SUCCESS)
}

async fn create(args: &CreateArgs) -> anyhow::Result<()> {
    let request = json!({
        "Account": args.account, "UserName": args.user, "RoleName": args.role, "SessionName": args.session,
    });
    let key = ask(&args.connection.connect()?, "CreateKey", &request).await?;
    if args.json {
        println!("{key:#}");
        return Ok(());
    }
    eprintln!("access key of {}; the secret is not shown again", text(&key["Arn"]));
    for (name, member) in [
        ("AWS_ACCESS_KEY_ID", "AccessKeyId"),
        ("AWS_SECRET_ACCESS_KEY", "SecretAccessKey"),
        ("AWS_SESSION_TOKEN", "SessionToken"),
    ] {
        if let Some(value) = key[member].as_str() {
            println!("export {name}={value}");
        }
    }
    Ok(())
}

async fn list(args: &ListArgs) -> anyhow::Result<()> {
    let answer = ask(&args.connection.connect()?, "ListKeys", &json!({})).await?;
    if args.json {
        println!("{:#}", answer["Keys"]);
        return Ok(());
    }
    println!("{:<22} {:<20} PRINCIPAL", "KEY", "CREATED");
    for key in answer["Keys"].as_array().into_iter().flatten() {
        println!("{:<22} {:<20} {}", text(&key["AccessKeyId"]), text(&key["CreatedAt"]), text(&key["Arn"]));
    }
    Ok(())
}

async fn ask(connection: &Connection, operation: &str, request: &Value) -> anyhow::Result<Value> {
    let http = connection.http()?;
    connection.call(&http, "opentrail", &connection.region, &format!("OpenTrail.{operation}"), request).await
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("-")
}
