//! Which requests go to which upstream.

use std::sync::Arc;

use http::request::Parts;
use opentrail_services::Recognition;
use opentrail_sigv4::{Claim, Family};

use super::Recording;
use super::door::{Door, Target};

/// Services that we serve ourselves.
const OURS: [&str; 5] = ["cloudtrail", "cloudtrail-data", "opentrail", "s3", "sts"];

/// Where a request goes.
#[derive(Debug)]
pub(crate) struct Route {
    pub(crate) target: Arc<Target>,
    /// The key and scope that it claims to be signed with.
    pub(crate) claim: Option<Claim>,
    /// The service as its scope, or the form of the request, names it.
    pub(crate) service: String,
    /// What its head tells of the operation.
    pub(crate) recognition: Recognition,
}

/// The upstream of a request; `None` when it is for us.
pub(crate) fn route(recording: &Recording, door: &Door, parts: &Parts) -> Option<Route> {
    if door.upstreams.is_empty() {
        return None;
    }
    let claim = Claim::of(parts);
    let signed_for = claim.as_ref().and_then(|claim| claim.scope.as_ref()).map(|scope| scope.service.clone());
    let recognition = recording.services.recognise(parts, signed_for.as_deref());
    let service = signed_for.unwrap_or_else(|| unsigned_service(&recognition, parts));
    let target = door.target(&service)?;
    Some(Route { target, claim, service, recognition })
}

impl Door {
    fn target(&self, service: &str) -> Option<Arc<Target>> {
        let for_star = || self.upstreams.get("*").filter(|_| self.star_is_all || !OURS.contains(&service));
        self.upstreams.get(service).or_else(for_star).cloned()
    }
}

/// Which service a request without a scope is for. Forms that nobody signed are STS's, whose callers come to get their keys.
fn unsigned_service(recognition: &Recognition, parts: &Parts) -> String {
    let service = match recognition {
        Recognition::Operation(operation) => Some(operation.service()),
        Recognition::NeedsBody(pending) if pending.is_upload() => Some("s3"),
        Recognition::NeedsBody(_) => Some("sts"),
        Recognition::Unknown(unknown) => unknown.service(),
    };
    let by_form = || if Family::of_request(parts) == Family::S3 { "s3" } else { "*" };
    service.unwrap_or_else(by_form).to_owned()
}
