//! What Event history answers about a record beside its own text: a user name, and the resources that it names.
//!
//! Both are CloudTrail's own derivations (CloudTrail API reference, "Event"; user guide, "Working with CloudTrail Event
//! history") and differ from the record's members: `Username` of a role's session is the session's name, and the
//! resources come from the parameters of the call, by service.

mod resources;
mod seek;
mod tables;

use std::borrow::Cow;

pub use self::resources::{LookupCall, LookupResource, RESOURCES_MAX, lookup_resources};
use self::seek::{Found, Want, seek};

/// The members of a `userIdentity` that a user name is made of.
#[derive(Debug, Clone, Copy, Default)]
pub struct LookupIdentity<'r> {
    /// `type`.
    pub kind: Option<&'r str>,
    /// `userName`.
    pub user_name: Option<&'r str>,
    /// `arn`.
    pub arn: Option<&'r str>,
    /// `principalId`.
    pub principal_id: Option<&'r str>,
}

/// The name under which Event history lists a caller: the session's for a role's session (seen), the user's for a user
/// (seen), `root` for a root user without an alias, and nothing for a service or another account.
pub fn lookup_username<'r>(identity: LookupIdentity<'r>) -> Option<Cow<'r, str>> {
    let given = identity.user_name.filter(|name| !name.is_empty());
    let name = match identity.kind {
        Some("AssumedRole") => session_name(identity).or(given),
        Some("FederatedUser") => given.or_else(|| identity.arn?.rsplit_once(":federated-user/").map(|(_, name)| name)),
        Some("Root") => given.or(Some("root")),
        _ => given,
    };
    name.filter(|name| !name.is_empty()).map(Cow::Borrowed)
}

/// `…:assumed-role/ROLE/SESSION`, or else `AROA…:SESSION`.
fn session_name(identity: LookupIdentity<'_>) -> Option<&str> {
    let by_arn = identity.arn.filter(|arn| arn.contains(":assumed-role/"));
    let by_arn = by_arn.and_then(|arn| arn.rsplit_once('/')).map(|(_, session)| session);
    by_arn.or_else(|| identity.principal_id?.split_once(':').map(|(_, session)| session))
}

/// What an Insights record is about, by which lookups find it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct InsightSubject<'a> {
    /// `insightDetails.eventSource`.
    pub event_source: Option<Cow<'a, str>>,
    /// `insightDetails.eventName`.
    pub event_name: Option<Cow<'a, str>>,
}

/// The subject that `insightDetails`, the JSON text, names.
pub fn insight_subject(insight_details: &str) -> InsightSubject<'_> {
    let mut subject = InsightSubject::default();
    let wants = [Want { rule: 0, path: "eventSource" }, Want { rule: 1, path: "eventName" }];
    for Found { rule, text } in seek(insight_details, &wants, 2) {
        *(if rule == 0 { &mut subject.event_source } else { &mut subject.event_name }) = Some(text);
    }
    subject
}

#[cfg(test)]
mod tests;
