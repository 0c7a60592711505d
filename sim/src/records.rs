//! Records to append: of a few kinds, no two alike, with odd bytes that must come out as they went in.

use bytes::Bytes;
use opentrail_journal::Category;
use opentrail_stdx::{Entropy, Timestamp};

pub const ACCOUNTS: [&str; 3] = ["111111111111", "222222222222", "333333333333"];
pub const REGIONS: [&str; 3] = ["us-east-1", "eu-west-1", "ap-south-1"];

/// What the auditor must know of a record.
#[derive(Debug, Clone)]
pub struct Record {
    pub serial: u64,
    pub account: &'static str,
    pub region: &'static str,
    pub kind: Kind,
    pub is_read: bool,
    /// It goes to Event history, and to no trail.
    pub is_imported: bool,
    pub bytes: Bytes,
}

/// Kinds of records, as selectors tell them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Management,
    /// An object of a bucket with this name.
    Data(&'static str),
    /// From outside AWS: no trail takes it.
    Outside,
}

impl Record {
    pub fn make(
        serial: u64,
        account: &'static str,
        region: &'static str,
        now: Timestamp,
        random: &dyn Entropy,
    ) -> Self {
        let kind = match random.below(20) {
            0..11 => Kind::Management,
            11..15 => Kind::Data("alpha"),
            15..19 => Kind::Data("beta"),
            _ => Kind::Outside,
        };
        let is_read = random.below(2) == 0;
        let is_imported = random.below(10) == 0;
        // What is imported is old.
        let days = if is_imported { u32::try_from(random.below(4)).unwrap_or(0) } else { 0 };
        let now = now.minus(std::time::Duration::from_secs(24 * 60 * 60) * days);
        let filler = "f".repeat(match random.below(30) {
            0 => 6000,
            n => usize::try_from(n).unwrap_or(0) * 20,
        });
        let at = now.iso();
        let (source, category, resources) = match kind {
            Kind::Management => ("ec2.amazonaws.com", "Management", String::new()),
            Kind::Data(bucket) => (
                "s3.amazonaws.com",
                "Data",
                format!(
                    r#""resources":[{{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::{bucket}/k{serial}"}},{{"accountId":"{account}","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::{bucket}"}}],"#
                ),
            ),
            Kind::Outside => ("example.com", "ActivityAuditLog", String::new()),
        };
        // Odd spaces, a number that floats and an escape: nothing may tidy them.
        let text = format!(
            r#"{{"eventVersion":"1.11", "eventTime":"{at}","eventSource":"{source}","eventName":"Do","awsRegion":"{region}",{resources}"requestParameters":{{"n":1.0,"e":"\u00e9\/", "f":"{filler}"  }},"eventID":"{serial:036}","readOnly":{is_read},"managementEvent":{},"eventCategory":"{category}","recipientAccountId":"{account}"}}"#,
            kind == Kind::Management,
        );
        Self { serial, account, region, kind, is_read, is_imported, bytes: text.into() }
    }

    /// Whether Event history has it.
    pub fn is_for_history(&self) -> bool {
        self.is_imported || self.kind == Kind::Management
    }

    pub fn category(&self) -> Category {
        match self.kind {
            Kind::Management => Category::Management,
            Kind::Data(_) => Category::Data,
            Kind::Outside => Category::ActivityAuditLog,
        }
    }
}
