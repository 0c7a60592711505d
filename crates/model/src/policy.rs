//! Policies on resources, such as a bucket's: who may do what (IAM user guide, "IAM JSON policy reference").
//!
//! [`Policy::parse`] checks the document, [`Policy::check_bucket`] what S3 demands of it besides,
//! [`Policy::check_event_data_store`] and its kin what CloudTrail does, and [`Policy::decide`] answers whether it allows, denies, or says nothing about a call.

mod bucket;
mod condition;
mod glob;
mod lake;
mod parse;

use std::collections::BTreeMap;

use self::condition::Condition;
use self::glob::Glob;
use crate::principal::{Principal, PrincipalKind};

/// The longest document that is read: S3's limit.
pub const POLICY_BYTES_MAX: usize = 20 * 1024;

/// A policy document that is well formed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    statements: Vec<Statement>,
    /// Are `${…}` variables filled in? Only since version 2012-10-17.
    has_variables: bool,
}

/// The document is not a policy; the text is S3's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct MalformedPolicy(pub String);

/// What a policy says about a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// A statement allows it, and none denies it.
    Allow,
    /// A statement denies it.
    Deny,
    /// No statement speaks of it.
    Unspecified,
}

/// A call to be decided.
#[derive(Debug, Clone, Copy)]
pub struct PolicyRequest<'a> {
    /// Who calls.
    pub principal: &'a PolicyPrincipal,
    /// `s3:PutObject`.
    pub action: &'a str,
    /// `arn:aws:s3:::bucket/key`.
    pub resource: &'a str,
    /// Condition keys, such as `aws:SourceArn`, with their values. Names of keys compare without case.
    pub context: &'a BTreeMap<String, Vec<String>>,
}

/// Who calls, as policies see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PolicyPrincipal {
    /// Nobody signed.
    Anonymous,
    /// A principal of an account.
    Aws {
        /// The account.
        account: String,
        /// All ARNs that name the caller: its own, and for a session also its role's.
        arns: Vec<String>,
    },
    /// A service, such as `cloudtrail.amazonaws.com`.
    Service(String),
}

impl From<&Principal> for PolicyPrincipal {
    fn from(principal: &Principal) -> Self {
        match &principal.kind {
            PrincipalKind::Service { name } => Self::Service(name.clone()),
            _ => Self::Aws {
                account: principal.account.to_string(),
                arns: principal.arn().into_iter().chain(principal.role_arn()).collect(),
            },
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Statement {
    is_allow: bool,
    principals: Option<Listed<PrincipalPattern>>,
    actions: Listed<String>,
    resources: Option<Listed<String>>,
    conditions: Vec<Condition>,
}

/// A list of patterns, or all but what it names (`NotAction` and its kin).
#[derive(Debug, Clone, PartialEq, Eq)]
struct Listed<T> {
    is_negated: bool,
    patterns: Vec<T>,
}

impl<T> Listed<T> {
    fn holds(&self, matches: impl FnMut(&T) -> bool) -> bool {
        self.patterns.iter().any(matches) != self.is_negated
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum PrincipalPattern {
    Everyone,
    Account(String),
    Arn(String),
    Service(String),
    /// Kinds that no caller of ours can be: canonical users, federated identities, unique ids.
    Unknown(String),
}

impl Policy {
    /// Does this policy allow the call?
    pub fn decide(&self, request: &PolicyRequest<'_>) -> Decision {
        let mut decision = Decision::Unspecified;
        for statement in self.statements.iter().filter(|statement| statement.applies(request, self.has_variables)) {
            if !statement.is_allow {
                return Decision::Deny;
            }
            decision = Decision::Allow;
        }
        decision
    }
}

impl Statement {
    fn applies(&self, request: &PolicyRequest<'_>, has_variables: bool) -> bool {
        let context = has_variables.then_some(request.context);
        let is_action =
            |pattern: &String| Glob::plain(&pattern.to_ascii_lowercase()).matches(&request.action.to_ascii_lowercase());
        let is_resource =
            |pattern: &String| Glob::new(pattern, context).is_some_and(|glob| glob.matches(request.resource));
        self.actions.holds(is_action)
            && self.principals.as_ref().is_none_or(|listed| listed.holds(|pattern| pattern.names(request.principal)))
            && self.resources.as_ref().is_none_or(|listed| listed.holds(is_resource))
            && self.conditions.iter().all(|condition| condition.holds(request.context, has_variables))
    }
}

impl PrincipalPattern {
    fn names(&self, principal: &PolicyPrincipal) -> bool {
        match (self, principal) {
            (Self::Everyone, _) => true,
            (Self::Account(wanted), PolicyPrincipal::Aws { account, .. }) => wanted == account,
            (Self::Arn(wanted), PolicyPrincipal::Aws { arns, .. }) => arns.contains(wanted),
            (Self::Service(wanted), PolicyPrincipal::Service(name)) => wanted == name,
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests;
