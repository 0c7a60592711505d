//! A listener that stands for a VPC endpoint.

use std::collections::BTreeMap;
use std::net::IpAddr;

use opentrail_model::{AccountId, Decision, Policy, PolicyRequest, Resource};
use opentrail_services::Operation;
use opentrail_stdx::Timestamp;

use crate::action::action;
use crate::caller::Caller;

/// A VPC endpoint.
#[derive(Debug, Clone)]
pub struct Endpoint {
    /// `vpce-…`.
    pub id: String,
    /// Who owns it, and gets the network activity events.
    pub account: AccountId,
    /// What may pass; without one, all may.
    pub policy: Option<Policy>,
}

/// What a policy is asked about.
#[derive(Debug, Clone, Copy)]
pub struct Judged<'a> {
    /// The operation.
    pub operation: &'a Operation,
    /// Who calls.
    pub caller: &'a Caller,
    /// What it is about, as far as the request tells.
    pub resources: &'a [Resource],
    /// The Region that is addressed.
    pub region: &'a str,
    /// Where the call comes from.
    pub source: IpAddr,
    /// Whether the connection is encrypted.
    pub is_encrypted: bool,
    /// When it came.
    pub at: Timestamp,
}

impl Endpoint {
    /// May the call pass? Denied is what a statement denies, and what none allows.
    pub fn allows(&self, call: &Judged<'_>) -> bool {
        let Some(policy) = &self.policy else { return true };
        let context = self.context(call);
        let action = action(call.operation);
        let principal = call.caller.principal();
        let decide = |resource: &str| {
            policy.decide(&PolicyRequest { principal: &principal, action: &action, resource, context: &context })
        };
        decide(resource(call, &action)) == Decision::Allow
    }

    fn context(&self, call: &Judged<'_>) -> BTreeMap<String, Vec<String>> {
        let identity = &call.caller.identity;
        let mut context = BTreeMap::new();
        let mut set = |key: &str, value: Option<String>| {
            if let Some(value) = value {
                context.insert(key.to_owned(), vec![value]);
            }
        };
        set("aws:SourceVpce", Some(self.id.clone()));
        set("aws:VpcSourceIp", Some(call.source.to_string()));
        set("aws:SecureTransport", Some(call.is_encrypted.to_string()));
        set("aws:RequestedRegion", Some(call.region.to_owned()));
        set("aws:CurrentTime", Some(call.at.iso()));
        set("aws:EpochTime", Some((call.at.as_ms() / 1000).to_string()));
        set("aws:PrincipalAccount", call.caller.is_known.then(|| call.caller.account.to_string()));
        let issuer = identity.session_context.as_ref().and_then(|context| context.session_issuer.as_ref());
        set("aws:PrincipalArn", issuer.map(|issuer| issuer.arn.clone()).or_else(|| identity.arn.clone()));
        set("aws:userid", identity.principal_id.clone());
        set("aws:username", identity.user_name.clone());
        context
    }
}

/// The ARN that the action is about: an object's for actions on objects, a bucket's for others, which is the shorter one.
fn resource<'a>(call: &Judged<'a>, action: &str) -> &'a str {
    let arns =
        || call.resources.iter().filter_map(|resource| resource.arn.as_deref().or(resource.arn_prefix.as_deref()));
    let is_of_bucket = action.starts_with("s3:") && (action.contains("Bucket") || action.ends_with("Configuration"));
    let chosen = if is_of_bucket { arns().min_by_key(|arn| arn.len()) } else { arns().max_by_key(|arn| arn.len()) };
    chosen.unwrap_or("*")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mapping::Mapping;
    use crate::session::Sessions;

    fn endpoint(policy: &str) -> Endpoint {
        Endpoint {
            id: "vpce-1".to_owned(),
            account: "123456789012".parse().expect("valid"),
            policy: Some(Policy::parse(policy).expect("valid")),
        }
    }

    fn resource(arn: &str) -> Resource {
        Resource { arn: Some(arn.to_owned()), ..Resource::default() }
    }

    fn operation(service: &str, target: &str) -> Operation {
        let request = http::Request::post("/").header("x-amz-target", target).body(()).expect("valid");
        let services = opentrail_services::Services::embedded();
        match services.recognise(&request.into_parts().0, Some(service)) {
            opentrail_services::Recognition::Operation(operation) => operation,
            other => panic!("{other:?}"),
        }
    }

    fn allows(endpoint: &Endpoint, operation: &Operation, resources: &[Resource]) -> bool {
        let account: AccountId = "123456789012".parse().expect("valid");
        let (mapping, sessions) = (Mapping::default(), Sessions::default());
        let caller = Caller::of_key("AKIA", &account, &mapping, &sessions, Timestamp::EPOCH);
        endpoint.allows(&Judged {
            operation,
            caller: &caller,
            resources,
            region: "eu-west-1",
            source: "10.0.0.9".parse().expect("valid"),
            is_encrypted: false,
            at: Timestamp::EPOCH,
        })
    }

    #[test]
    fn what_no_statement_allows_is_denied() {
        let get = operation("dynamodb", "DynamoDB_20120810.GetItem");
        let put = operation("dynamodb", "DynamoDB_20120810.PutItem");
        let table = [resource("arn:aws:dynamodb:eu-west-1:123456789012:table/t")];
        let reads = endpoint(
            r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"dynamodb:Get*","Resource":"arn:aws:dynamodb:*:*:table/t"}]}"#,
        );
        assert!(allows(&reads, &get, &table));
        assert!(!allows(&reads, &put, &table));
        assert!(!allows(&reads, &get, &[resource("arn:aws:dynamodb:eu-west-1:123456789012:table/u")]));
    }

    #[test]
    fn conditions_see_the_endpoint_and_the_caller() {
        let get = operation("dynamodb", "DynamoDB_20120810.GetItem");
        for (key, value, expected) in [
            ("aws:SourceVpce", "vpce-1", true),
            ("aws:SourceVpce", "vpce-2", false),
            ("aws:VpcSourceIp", "10.0.0.9", true),
            ("aws:RequestedRegion", "eu-west-1", true),
            ("aws:userid", "AKIA", true),
        ] {
            let policy = endpoint(&format!(
                r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*","Condition":{{"StringEquals":{{"{key}":"{value}"}}}}}}]}}"#,
            ));
            assert_eq!(allows(&policy, &get, &[]), expected, "{key} {value}");
        }
    }

    #[test]
    fn without_a_policy_all_passes() {
        let open = Endpoint {
            policy: None,
            ..endpoint(
                r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Principal":"*","Action":"*","Resource":"*"}]}"#,
            )
        };
        assert!(allows(&open, &operation("dynamodb", "DynamoDB_20120810.GetItem"), &[]));
    }
}
