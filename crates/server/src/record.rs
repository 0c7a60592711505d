//! From the facts of a call to its record.

use http::HeaderMap;
use http::header::{HOST, USER_AGENT};
use opentrail_model::{ChannelArn, EventCategory, Record, Region, Resource, TlsDetails, UserIdentity};
use opentrail_stdx::Timestamp;
use serde_json::Value;

use crate::listener::Peer;

/// The mark that the web console puts on its calls.
const CONSOLE: &str = "x-opentrail-console";

/// What a service tells about a call that it answered.
#[derive(Debug, Clone)]
pub(crate) struct CallFacts {
    /// `cloudtrail.amazonaws.com`.
    pub(crate) event_source: String,
    /// The operation.
    pub(crate) event_name: String,
    /// Did it only read?
    pub(crate) is_read_only: bool,
    /// Is it a data event, and not a management event?
    pub(crate) is_data_event: bool,
    /// `requestParameters`.
    pub(crate) request_parameters: Option<Value>,
    /// `responseElements`.
    pub(crate) response_elements: Option<Value>,
    /// `errorCode` and `errorMessage`.
    pub(crate) error: Option<(String, String)>,
}

/// What every record of a request shares.
#[derive(Debug)]
pub(crate) struct Origin<'a> {
    /// The connection.
    pub(crate) peer: &'a Peer,
    /// The request's headers.
    pub(crate) headers: &'a HeaderMap,
    /// When the call was answered.
    pub(crate) at: Timestamp,
}

impl Origin<'_> {
    /// A record with everything that doesn't depend on the service.
    pub(crate) fn record(&self, identity: UserIdentity, region: &str, request_id: &str) -> Record {
        Record {
            user_identity: identity,
            event_time: self.at,
            aws_region: region.to_owned(),
            source_ip_address: self.peer.address.ip().to_canonical().to_string(),
            user_agent: header(self.headers, &USER_AGENT),
            request_id: Some(request_id.to_owned()),
            tls_details: self.tls_details(),
            session_credential_from_console: self.is_from_console().then(|| "true".to_owned()),
            ..Record::default()
        }
    }

    /// The address of the server, as the client sees it.
    pub(crate) fn address(&self) -> Option<String> {
        let scheme = if self.peer.tls.is_some() { "https" } else { "http" };
        Some(format!("{scheme}://{}", header(self.headers, &HOST)?))
    }

    /// Whether the web console made the call, by its own account.
    fn is_from_console(&self) -> bool {
        self.headers.get(CONSOLE).is_some_and(|value| value == "1")
    }

    /// The record of a call on a service of ours other than S3.
    pub(crate) fn call(
        &self,
        facts: CallFacts,
        identity: UserIdentity,
        scope: (&str, &Region),
        request_id: &str,
    ) -> Record {
        let (account, region) = scope;
        let resources = channel(&facts).into_iter().collect();
        let (error_code, error_message) = facts.error.unzip();
        Record {
            event_source: facts.event_source,
            event_name: facts.event_name,
            error_code,
            error_message,
            request_parameters: facts.request_parameters,
            response_elements: facts.response_elements,
            read_only: Some(facts.is_read_only),
            management_event: Some(!facts.is_data_event),
            resources,
            event_category: if facts.is_data_event { EventCategory::Data } else { EventCategory::Management },
            recipient_account_id: Some(account.to_owned()),
            ..self.record(identity, region.as_str(), request_id)
        }
    }

    fn tls_details(&self) -> Option<TlsDetails> {
        let tls = self.peer.tls.as_ref()?;
        Some(TlsDetails {
            tls_version: Some(tls.version.to_owned()),
            cipher_suite: Some(tls.cipher_suite.clone()),
            client_provided_host_header: header(self.headers, &HOST),
            key_exchange: tls.key_exchange.clone(),
        })
    }
}

/// The channel of a PutAuditEvents, which is a data event of it.
fn channel(facts: &CallFacts) -> Option<Resource> {
    let arn = facts.request_parameters.as_ref()?.get("channelArn")?.as_str().filter(|_| facts.is_data_event)?;
    let account = arn.parse::<ChannelArn>().ok().map(|arn| arn.account.to_string());
    Some(Resource {
        account_id: account,
        kind: Some("AWS::CloudTrail::Channel".to_owned()),
        arn: Some(arn.to_owned()),
        ..Resource::default()
    })
}

fn header(headers: &HeaderMap, name: &http::HeaderName) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
}
