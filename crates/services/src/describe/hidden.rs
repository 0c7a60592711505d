//! What records don't show.

use crate::table::{Kind, Member};

/// What stands in a record in place of a secret.
pub(super) const REASONS: &str = "HIDDEN_DUE_TO_SECURITY_REASONS";

/// How a member is told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Showing {
    Plain,
    Left,
    /// By this in its place.
    Masked(&'static str),
}

use Showing::{Left, Masked, Plain};

/// Members that records hide or show otherwise than the models say: service, member (of any structure), how.
const MEMBERS: [(&str, &str, Showing); 34] = [
    ("appsync", "id", Masked("***")),
    ("athena", "CodeBlock", Masked("HIDDEN_FOR_SECURITY_REASONS")),
    ("athena", "ContentMD5", Masked("HIDDEN_FOR_SECURITY_REASONS")),
    ("athena", "Payload", Masked("HIDDEN_FOR_SECURITY_REASONS")),
    ("athena", "QueryString", Masked("***OMITTED***")),
    ("backup", "Metadata", Plain),
    ("cognito-identity", "SecretKey", Left),
    ("dynamodb", "ExpressionAttributeValues", Left),
    ("ec2", "KeyMaterial", Masked("<sensitiveDataRemoved>")),
    ("ec2", "UserData", Masked("<sensitiveDataRemoved>")),
    ("iam", "NewPassword", Left),
    ("iam", "OldPassword", Left),
    ("iam", "Password", Left),
    ("iam", "PrivateKey", Left),
    ("iam", "SecretAccessKey", Left),
    ("kms", "Plaintext", Left),
    ("lambda", "Variables", Left),
    ("mq", "Password", Masked("***")),
    ("rds-data", "database", Masked("**********")),
    ("rds-data", "parameters", Masked("**********")),
    ("rds-data", "schema", Masked("**********")),
    ("rds-data", "sql", Masked("**********")),
    ("secretsmanager", "SecretString", Left),
    ("sns", "Message", Masked(REASONS)),
    ("sns", "MessageAttributes", Masked(REASONS)),
    ("sns", "Subject", Masked(REASONS)),
    ("sqs", "Body", Masked(REASONS)),
    ("sqs", "MessageAttributes", Masked(REASONS)),
    ("sqs", "MessageBody", Masked(REASONS)),
    ("ssm", "Parameters", Masked(REASONS)),
    ("ssm", "TokenValue", Masked("Value hidden due to security reasons.")),
    ("sts", "SAMLAssertion", Left),
    ("sts", "SecretAccessKey", Left),
    ("sts", "WebIdentityToken", Left),
];

/// A text whose name ends so is a secret, whatever the model says.
const SECRET_ENDINGS: [&str; 7] =
    ["AccessToken", "AuthToken", "Password", "PrivateKey", "SecretAccessKey", "SecretKey", "SecretString"];

/// How is a member of a service told of?
pub(super) fn showing(service: &str, member: &Member) -> Showing {
    let known = MEMBERS.iter().find(|(of, name, _)| *of == service && *name == member.name);
    let ends = |ending: &&str| {
        let at = member.name.len().checked_sub(ending.len());
        at.and_then(|at| member.name.get(at..)).is_some_and(|end| end.eq_ignore_ascii_case(ending))
    };
    match known {
        Some((_, _, showing)) => *showing,
        None if member.is_sensitive || is_text(member) && SECRET_ENDINGS.iter().any(ends) => Masked(REASONS),
        None => Plain,
    }
}

fn is_text(member: &Member) -> bool {
    member.kind == Kind::String
}
