//! May the caller do this? The owner's account may unless the bucket's policy denies it; others only if it allows it.

use std::collections::BTreeMap;

use opentrail_catalog::Bucket;
use opentrail_model::{Decision, Policy, PolicyPrincipal, PolicyRequest, Principal, PrincipalKind};
use opentrail_stdx::Timestamp;

use crate::Refusal;

/// The actions that the owner's root user can always take, so that nobody locks themselves out.
const ROOT_ALWAYS: [&str; 3] = ["s3:GetBucketPolicy", "s3:PutBucketPolicy", "s3:DeleteBucketPolicy"];

/// What conditions of a policy look at.
pub(crate) type Conditions = BTreeMap<String, Vec<String>>;

/// A caller before a bucket.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ask<'a> {
    /// Who; none is an anonymous caller.
    pub(crate) principal: Option<&'a Principal>,
    /// Before which bucket.
    pub(crate) bucket: &'a Bucket,
    /// In which circumstances.
    pub(crate) conditions: &'a Conditions,
}

impl Ask<'_> {
    /// Refuses unless the caller may take this action on this resource.
    pub(crate) fn check(&self, action: &str, resource: &str) -> Result<(), Refusal> {
        let decision = self.decide(action, resource)?;
        let owns = self.principal.is_some_and(|principal| {
            principal.account.as_str() == self.bucket.account
                && !matches!(principal.kind, PrincipalKind::Service { .. })
        });
        let is_root = self.principal.is_some_and(|principal| principal.kind == PrincipalKind::Root);
        match decision {
            Decision::Allow => Ok(()),
            _ if owns && is_root && ROOT_ALWAYS.contains(&action) => Ok(()),
            Decision::Deny => Err(self.denied(action, resource, "with an explicit deny in a resource-based policy")),
            Decision::Unspecified if owns => Ok(()),
            Decision::Unspecified => {
                let reason = format!("because no resource-based policy allows the {action} action");
                Err(self.denied(action, resource, &reason))
            }
        }
    }

    fn decide(&self, action: &str, resource: &str) -> Result<Decision, Refusal> {
        let Some(policy) = &self.bucket.policy else { return Ok(Decision::Unspecified) };
        let policy = Policy::parse(policy).map_err(|error| {
            tracing::error!(
                error = &error as &dyn std::error::Error,
                bucket = self.bucket.name,
                "a stored policy can't be read"
            );
            Refusal::internal()
        })?;
        let principal = self.principal.map_or(PolicyPrincipal::Anonymous, PolicyPrincipal::from);
        Ok(policy.decide(&PolicyRequest { principal: &principal, action, resource, context: self.conditions }))
    }

    fn denied(&self, action: &str, resource: &str, reason: &str) -> Refusal {
        let who = self.principal.and_then(Principal::arn);
        match who {
            Some(arn) => {
                let message =
                    format!("User: {arn} is not authorized to perform: {action} on resource: \"{resource}\" {reason}");
                Refusal::new("AccessDenied", message, 403)
            }
            None => Refusal::access_denied(),
        }
    }
}

/// The ARN of a bucket.
pub(crate) fn bucket_arn(bucket: &str) -> String {
    format!("arn:aws:s3:::{bucket}")
}

/// The ARN of an object.
pub(crate) fn object_arn(bucket: &str, key: &str) -> String {
    format!("arn:aws:s3:::{bucket}/{key}")
}

/// The conditions that a principal and the time bring with them.
pub(crate) fn conditions(principal: Option<&Principal>, now: Timestamp) -> Conditions {
    let mut conditions = Conditions::new();
    let mut set = |key: &str, value: String| {
        conditions.insert(key.to_owned(), vec![value]);
    };
    set("aws:CurrentTime", now.iso());
    set("aws:EpochTime", now.as_secs().to_string());
    let Some(principal) = principal else {
        set("aws:PrincipalType", "Anonymous".to_owned());
        return conditions;
    };
    let kind = match &principal.kind {
        PrincipalKind::Root => "Account",
        PrincipalKind::User { name, .. } => {
            set("aws:username", name.clone());
            "User"
        }
        PrincipalKind::Session { .. } | PrincipalKind::Service { .. } => "AssumedRole",
    };
    set("aws:PrincipalType", kind.to_owned());
    set("aws:PrincipalAccount", principal.account.to_string());
    set("aws:userid", principal.id());
    if let Some(arn) = principal.role_arn().or_else(|| principal.arn()) {
        set("aws:PrincipalArn", arn);
    }
    conditions
}
