//! What is asked: flags and an expression, as the request that the server understands.

use clap::Args;
use opentrail_model::filter::{Attribute, Filter};
use opentrail_stdx::Timestamp;
use serde_json::{Value, json};

use crate::time::parse_when;

/// Which events.
#[derive(Debug, Default, Args)]
pub(super) struct QuestionArgs {
    /// The event's id
    #[arg(long, value_name = "ID")]
    event_id: Vec<String>,
    /// The operation, such as DeleteBucket
    #[arg(long, value_name = "NAME")]
    event_name: Vec<String>,
    /// The user, the session of a role, or `root`
    #[arg(long, value_name = "NAME")]
    user: Vec<String>,
    /// The name, id or ARN of a resource
    #[arg(long, value_name = "NAME")]
    resource_name: Vec<String>,
    /// The type of a resource, such as AWS::S3::Bucket
    #[arg(long, value_name = "TYPE")]
    resource_type: Vec<String>,
    /// The service, such as s3.amazonaws.com
    #[arg(long, value_name = "SERVICE", value_parser = parse_source)]
    source: Vec<String>,
    /// The access key that signed
    #[arg(long, value_name = "KEY_ID")]
    access_key: Vec<String>,
    /// Only reads, or only what isn't
    #[arg(long, value_name = "BOOL")]
    read_only: Vec<bool>,
    /// The caller's address
    #[arg(long, value_name = "IP")]
    source_ip: Vec<String>,
    /// The error that the call was answered with
    #[arg(long, value_name = "CODE")]
    error_code: Vec<String>,
    /// The caller's ARN
    #[arg(long, value_name = "ARN")]
    arn: Vec<String>,
    /// The Region [default: all]
    #[arg(long, value_name = "REGION")]
    region: Vec<String>,
    /// The account that the event belongs to; imported events may belong to others than yours [default: all]
    #[arg(long, value_name = "N")]
    account: Vec<String>,
    /// management, data, network, insight, aggregated, activity or all; of recorded events, management and Insights
    /// events are kept [default: management]
    #[arg(long, value_name = "CATEGORY")]
    category: Vec<String>,
    /// An expression that must hold beside the flags
    #[arg(long = "where", value_name = "EXPR", value_parser = parse_where)]
    expression: Vec<Filter>,
    /// From this time on: 2026-11-22T10:00:00Z, 2026-11-22, 2h, `7d ago`, yesterday
    #[arg(long, value_name = "TIME", value_parser = parse_when)]
    pub(super) since: Option<Timestamp>,
    /// Up to this time, which belongs to it
    #[arg(long, value_name = "TIME", value_parser = parse_when)]
    until: Option<Timestamp>,
}

impl QuestionArgs {
    /// The request for the events that are there, newest first.
    pub(super) fn search(&self, limit: Option<u64>) -> Value {
        let mut request = self.request();
        request["EndTime"] = json!(self.until.map(Timestamp::iso_ms));
        request["Limit"] = json!(limit);
        request
    }

    /// The request for events that arrive, from a position on.
    pub(super) fn follow(&self, position: u64) -> Value {
        let mut request = self.request();
        request["Follow"] = json!(true);
        request["Position"] = json!(position);
        request
    }

    fn request(&self) -> Value {
        let given = |values: &[String]| (!values.is_empty()).then(|| values.to_vec());
        json!({
            "Filter": self.filter(),
            "StartTime": self.since.map(Timestamp::iso_ms),
            "Categories": given(&self.category),
            "Regions": given(&self.region),
        })
    }

    fn filter(&self) -> Filter {
        let read_only: Vec<String> = self.read_only.iter().map(ToString::to_string).collect();
        let flags = [
            (Attribute::EventId, &self.event_id),
            (Attribute::EventName, &self.event_name),
            (Attribute::Username, &self.user),
            (Attribute::ResourceName, &self.resource_name),
            (Attribute::ResourceType, &self.resource_type),
            (Attribute::EventSource, &self.source),
            (Attribute::AccessKeyId, &self.access_key),
            (Attribute::ReadOnly, &read_only),
            (Attribute::SourceIp, &self.source_ip),
            (Attribute::ErrorCode, &self.error_code),
            (Attribute::UserArn, &self.arn),
            (Attribute::Account, &self.account),
        ];
        let given = flags.into_iter().filter(|(_, values)| !values.is_empty());
        let any = |(attribute, values): (Attribute, &Vec<String>)| {
            let mut each: Vec<Filter> =
                values.iter().map(|value| Filter::Is { attribute, value: value.clone() }).collect();
            if each.len() == 1 { each.swap_remove(0) } else { Filter::Or(each) }
        };
        Filter::And(given.map(any).chain(self.expression.iter().cloned()).collect())
    }
}

/// `s3` means `s3.amazonaws.com`.
fn parse_source(text: &str) -> Result<String, std::convert::Infallible> {
    Ok(if text.contains('.') { text.to_owned() } else { format!("{text}.amazonaws.com") })
}

/// Reads an expression; what is wrong is shown below it.
fn parse_where(text: &str) -> Result<Filter, String> {
    text.parse::<Filter>().map_err(|error| {
        let shown = text.replace(|c: char| c.is_control(), " ");
        format!("{}\n\n  {shown}\n  {}^", error.problem, " ".repeat(error.characters))
    })
}
