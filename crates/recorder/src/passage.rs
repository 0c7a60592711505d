//! From a call that passed, or was kept from passing, to its records.

use std::collections::BTreeSet;
use std::net::IpAddr;

use opentrail_model::{AccountId, EventCategory, Record, TlsDetails, UserIdentity};
use opentrail_services::{Call, CallError};
use opentrail_stdx::Timestamp;

use crate::caller::Caller;
use crate::endpoint::Endpoint;
use crate::session::federated_caller;

/// The code of what an endpoint's policy denies, and its one text (CloudTrail user guide, "network activity events").
const DENIED_CODE: &str = "VpceAccessDenied";
const DENIED_MESSAGE: &str = "The request was denied due to a VPC endpoint policy";

/// A call, with all that its records tell besides what the service says.
#[derive(Debug)]
pub struct Passage<'a> {
    /// Who called.
    pub caller: Caller,
    /// When the answer was over.
    pub at: Timestamp,
    /// Where the call came from.
    pub source: IpAddr,
    /// The caller's program.
    pub user_agent: Option<String>,
    /// How its connection was secured.
    pub tls: Option<TlsDetails>,
    /// The endpoint that it came through.
    pub endpoint: Option<&'a Endpoint>,
    /// Our own id of the request, for services that give none.
    pub request_id: String,
}

impl Passage<'_> {
    /// The records of a call that the upstream was asked: the caller's, one for each other account whose resources it is
    /// about, and the endpoint owner's; then those of the calls that it was made of. `new_id` makes ids for records that
    /// belong together.
    pub fn records(mut self, mut call: Call, new_id: impl Fn() -> String) -> Vec<Record> {
        if let Some(identity) = federated_caller(&call).filter(|_| self.caller.identity.access_key_id.is_none()) {
            self.caller.identity = identity;
            // Who has no account calls in that of the role.
            let role = call.resources.first().and_then(|role| role.account_id.as_deref()?.parse().ok());
            self.caller.account = role.unwrap_or(self.caller.account);
        }
        let followers = std::mem::take(&mut call.followers);
        let shared_id = new_id();
        let network =
            self.endpoint.map(|endpoint| self.network_record(endpoint, &call, call.error.as_ref(), &shared_id));
        let mut records = self.copies(call, shared_id);
        records.extend(network);
        records.extend(followers.into_iter().flat_map(|call| self.copies(call, new_id())));
        records
    }

    /// The record of a call that the endpoint's policy kept from the upstream.
    pub fn denied(&self, endpoint: &Endpoint, call: &Call, shared_id: &str) -> Record {
        let error = CallError { code: DENIED_CODE.to_owned(), message: Some(DENIED_MESSAGE.to_owned()) };
        self.network_record(endpoint, call, Some(&error), shared_id)
    }

    /// One record for each account that has a part in the call.
    fn copies(&self, call: Call, shared_id: String) -> Vec<Record> {
        let accounts = self.accounts(&call);
        let shared_id = Some(shared_id).filter(|_| accounts.len() > 1 || self.endpoint.is_some());
        let base = Record { shared_event_id: shared_id, ..self.record(call) };
        let copy = |account: AccountId| Record {
            user_identity: self.caller.identity_for(&account),
            recipient_account_id: Some(account.to_string()),
            ..base.clone()
        };
        accounts.into_iter().map(copy).collect()
    }

    /// The caller's account first.
    fn accounts(&self, call: &Call) -> Vec<AccountId> {
        let told = call.resources.iter().filter_map(|resource| resource.account_id.as_deref()?.parse().ok());
        let others: BTreeSet<AccountId> = told.filter(|account| *account != self.caller.account).collect();
        std::iter::once(self.caller.account.clone()).chain(others).collect()
    }

    fn record(&self, call: Call) -> Record {
        let (error_code, error_message) = call.error.map(|error| (error.code, error.message)).unzip();
        let service = self.caller.identity.invoked_by.clone();
        let is_data_event = call.category == EventCategory::Data;
        let user_agent = self.user_agent.as_ref().map(|agent| match call.event_source.as_str() {
            // S3 alone prints it in brackets.
            "s3.amazonaws.com" => format!("[{agent}]"),
            _ => agent.clone(),
        });
        Record {
            event_time: self.at,
            event_source: call.event_source,
            event_name: call.event_name,
            aws_region: call.aws_region,
            source_ip_address: service.clone().unwrap_or_else(|| self.source.to_string()),
            // Calls of services carry no connection of the caller's.
            tls_details: self.tls.clone().filter(|_| service.is_none()),
            user_agent: service.or(user_agent),
            error_code,
            error_message: error_message.flatten(),
            request_parameters: call.request_parameters,
            response_elements: call.response_elements,
            additional_event_data: call.additional_event_data,
            request_id: Some(call.request_id.unwrap_or_else(|| self.request_id.clone())),
            read_only: Some(call.read_only),
            resources: call.resources,
            api_version: call.api_version,
            management_event: Some(!is_data_event),
            vpc_endpoint_id: self.endpoint.map(|endpoint| endpoint.id.clone()),
            vpc_endpoint_account_id: self.endpoint.map(|endpoint| endpoint.account.to_string()),
            event_category: call.category,
            ..Record::default()
        }
    }

    /// What the owner of the endpoint gets: who called what through it, and how it went, but nothing of what was said.
    fn network_record(&self, endpoint: &Endpoint, call: &Call, error: Option<&CallError>, shared_id: &str) -> Record {
        let identity = match self.caller.identity_for(&endpoint.account) {
            UserIdentity { kind: None, .. } => UserIdentity::anonymous(),
            identity => identity,
        };
        Record {
            event_type: "AwsVpceEvent".to_owned(),
            user_identity: identity,
            event_time: self.at,
            event_source: call.event_source.clone(),
            event_name: call.event_name.clone(),
            aws_region: call.aws_region.clone(),
            source_ip_address: self.source.to_string(),
            error_code: error.map(|error| error.code.clone()),
            error_message: error.and_then(|error| error.message.clone()),
            request_id: Some(call.request_id.clone().unwrap_or_else(|| self.request_id.clone())),
            management_event: None,
            recipient_account_id: Some(endpoint.account.to_string()),
            shared_event_id: Some(shared_id.to_owned()),
            vpc_endpoint_id: Some(endpoint.id.clone()),
            vpc_endpoint_account_id: Some(endpoint.account.to_string()),
            event_category: EventCategory::NetworkActivity,
            ..Record::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use opentrail_model::Resource;

    use super::*;
    use crate::mapping::Mapping;
    use crate::session::Sessions;

    const OWN: &str = "123456789012";
    const OTHER: &str = "210987654321";

    fn account(digits: &str) -> AccountId {
        digits.parse().expect("valid")
    }

    fn call(resource_account: &str) -> Call {
        Call {
            event_source: "s3.amazonaws.com".to_owned(),
            event_name: "PutObject".to_owned(),
            aws_region: "us-east-1".to_owned(),
            api_version: None,
            category: EventCategory::Data,
            read_only: false,
            request_parameters: Some(serde_json::json!({ "bucketName": "b" })),
            response_elements: None,
            error: None,
            resources: vec![Resource { account_id: Some(resource_account.to_owned()), ..Resource::default() }],
            request_id: None,
            additional_event_data: None,
            followers: Vec::new(),
        }
    }

    fn id() -> String {
        "shared".to_owned()
    }

    fn passage(endpoint: Option<&Endpoint>) -> Passage<'_> {
        let text = "[[principal]]\naccess_key = \"AKIA\"\nuser = \"alice\"\nid = \"AIDAALICE\"";
        let mapping = Mapping::parse(text, Timestamp::EPOCH).expect("valid");
        Passage {
            caller: Caller::of_key("AKIA", &account(OWN), &mapping, &Sessions::default(), Timestamp::EPOCH),
            at: Timestamp::EPOCH,
            source: "192.0.2.1".parse().expect("valid"),
            user_agent: Some("aws-cli".to_owned()),
            tls: None,
            endpoint,
            request_id: "ours".to_owned(),
        }
    }

    fn endpoint(owner: &str) -> Endpoint {
        Endpoint { id: "vpce-1".to_owned(), account: account(owner), policy: None }
    }

    #[test]
    fn a_call_in_ones_own_account_has_one_record() {
        let records = passage(None).records(call(OWN), id);
        let [record] = &records[..] else { panic!("{records:?}") };
        assert_eq!((record.management_event, record.shared_event_id.as_deref()), (Some(false), None));
        assert_eq!(record.user_agent.as_deref(), Some("[aws-cli]"), "S3 prints brackets");
        assert_eq!(record.request_id.as_deref(), Some("ours"));
    }

    #[test]
    fn the_owner_of_what_is_used_gets_a_copy_that_tells_less() {
        let records = passage(None).records(call(OTHER), id);
        let recipients: Vec<_> = records.iter().filter_map(|record| record.recipient_account_id.as_deref()).collect();
        assert_eq!(recipients, [OWN, OTHER]);
        assert!(records.iter().all(|record| record.shared_event_id.as_deref() == Some("shared")));
        assert_eq!(records[0].user_identity.user_name.as_deref(), Some("alice"));
        assert_eq!(records[1].user_identity, UserIdentity::other_account("AIDAALICE", OWN));
    }

    #[test]
    fn a_federation_call_is_recorded_in_the_roles_account() {
        let answer = serde_json::json!({ "subject": "ann", "nameQualifier": "idp" });
        let call = Call {
            event_source: "sts.amazonaws.com".to_owned(),
            event_name: "AssumeRoleWithSAML".to_owned(),
            response_elements: Some(answer),
            ..call(OTHER)
        };
        let passage = Passage { caller: Caller::anonymous(&account(OWN)), ..passage(None) };
        let records = passage.records(call, id);
        let [record] = &records[..] else { panic!("{records:?}") };
        assert_eq!(record.recipient_account_id.as_deref(), Some(OTHER));
        assert_eq!(record.user_identity.kind.as_deref(), Some("SAMLUser"));
        assert_eq!(record.user_identity.principal_id.as_deref(), Some("idp:ann"));
    }

    #[test]
    fn calls_that_a_call_was_made_of_are_told_after_it() {
        let part = Call { event_name: "DeleteObject".to_owned(), ..call(OWN) };
        let whole = Call { event_name: "DeleteObjects".to_owned(), followers: vec![part.clone(), part], ..call(OWN) };
        let endpoint = endpoint(OWN);
        let records = passage(Some(&endpoint)).records(whole, id);
        let names: Vec<_> = records.iter().map(|record| (record.event_name.as_str(), record.event_category)).collect();
        let data = ("DeleteObject", EventCategory::Data);
        let network = ("DeleteObjects", EventCategory::NetworkActivity);
        assert_eq!(names, [("DeleteObjects", EventCategory::Data), network, data, data]);
    }

    #[test]
    fn the_owner_of_an_endpoint_gets_a_record_of_its_own() {
        let endpoint = endpoint(OTHER);
        let records = passage(Some(&endpoint)).records(call(OWN), id);
        let [data, network] = &records[..] else { panic!("{records:?}") };
        assert_eq!(data.vpc_endpoint_id.as_deref(), Some("vpce-1"));
        assert_eq!(network.event_category, EventCategory::NetworkActivity);
        assert_eq!(network.recipient_account_id.as_deref(), Some(OTHER));
        assert_eq!((&network.request_parameters, network.management_event, network.read_only), (&None, None, None));
        assert_eq!(network.user_identity, UserIdentity::other_account("AIDAALICE", OWN));
        assert_eq!(network.shared_event_id, data.shared_event_id);
    }

    #[test]
    fn what_the_policy_denies_is_told_in_cloudtrails_words() {
        let endpoint = endpoint(OWN);
        let record = passage(Some(&endpoint)).denied(&endpoint, &call(OWN), "shared");
        assert_eq!(record.error_code.as_deref(), Some("VpceAccessDenied"));
        assert_eq!(record.error_message.as_deref(), Some("The request was denied due to a VPC endpoint policy"));
        assert_eq!(record.user_identity.user_name.as_deref(), Some("alice"), "its own account may know who");
    }
}
