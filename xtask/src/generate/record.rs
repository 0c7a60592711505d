//! One record: an actor, an operation, and how it went, in the order of members that CloudTrail prints.

use super::actors::Actor;
use super::calendar;
use super::operations::{Call, Catalogue};
use super::random::Random;
use super::special::Special;
use super::template::{Scene, Template};

/// Where a record is delivered to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Family {
    /// Management and data events.
    Calls,
    /// Insight events.
    Insight,
    /// Network activity events.
    NetworkActivity,
}

/// Makes records.
#[derive(Debug)]
pub(super) struct Maker {
    catalogue: Catalogue,
    special: Special,
    denied: Denials,
}

/// How calls are refused for want of rights, by the habits of services.
#[derive(Debug)]
struct Denials {
    ec2: Template,
    s3: Template,
}

/// How a call went.
enum Outcome<'a> {
    Done,
    Failed(&'a str, &'a Template),
    Denied,
    Throttled,
}

impl Maker {
    pub(super) fn new() -> anyhow::Result<Self> {
        let denied = Denials {
            ec2: Template::parse(
                "You are not authorized to perform this operation. User is not authorized to perform it because no identity-based policy allows it. Encoded authorization failure message: <denial>",
            )?,
            s3: Template::parse("Access Denied")?,
        };
        Ok(Self { catalogue: Catalogue::new()?, special: Special::new()?, denied })
    }

    /// Appends one record and says where it belongs.
    pub(super) fn write(&self, scene: &Scene<'_>, actor: &Actor, random: &mut Random, out: &mut Vec<u8>) -> Family {
        match random.below(2_000) {
            0 => self.special.insight(scene, random, out),
            1..20 => self.special.network_activity(scene, actor, random, out),
            20..30 => self.special.service_event(scene, random, out),
            30..34 => self.special.sign_in(scene, actor, random, out),
            _ => {
                let call = &self.catalogue.calls[self.catalogue.frequency.pick(random)];
                self.call(call, scene, actor, random, out);
                Family::Calls
            }
        }
    }

    fn outcome<'a>(&self, call: &'a Call, actor: &Actor, random: &mut Random) -> Outcome<'a> {
        match random.below(1_000) {
            0..70 if !call.errors.is_empty() => {
                let (code, message) = random.pick(&call.errors);
                Outcome::Failed(code, message)
            }
            970..990 if !actor.is_service => Outcome::Denied,
            990..1_000 => Outcome::Throttled,
            _ => Outcome::Done,
        }
    }

    fn call(&self, call: &Call, scene: &Scene<'_>, actor: &Actor, random: &mut Random, out: &mut Vec<u8>) {
        let outcome = self.outcome(call, actor, random);
        let is_done = matches!(outcome, Outcome::Done);
        put(out, &[br#"{"eventVersion":""#, call.event_version.as_bytes(), br#"","userIdentity":"#, &actor.identity]);
        out.extend_from_slice(br#","eventTime":""#);
        calendar::instant(scene.time, out);
        put(
            out,
            &[
                br#"","eventSource":""#,
                call.service.as_bytes(),
                br#".amazonaws.com","eventName":""#,
                call.name.as_bytes(),
            ],
        );
        put(out, &[br#"","awsRegion":""#, scene.region.as_bytes(), br#"","sourceIPAddress":""#, &actor.address]);
        let (open, close): (&[u8], &[u8]) = if call.service == "s3" { (b"[", b"]") } else { (b"", b"") };
        put(out, &[br#"","userAgent":""#, open, actor.agent.as_bytes(), close, b"\""]);
        self.error(&outcome, call, scene, actor, random, out);
        let is_blind = matches!(outcome, Outcome::Denied) && call.service == "kms";
        member(b"requestParameters", if is_blind { None } else { Some(&call.request) }, scene, random, out);
        member(b"responseElements", is_done.then_some(&call.response), scene, random, out);
        if !call.additional.is_empty() {
            member(b"additionalEventData", Some(&call.additional), scene, random, out);
        }
        out.extend_from_slice(br#","requestID":""#);
        random.uuid(out);
        out.extend_from_slice(br#"","eventID":""#);
        random.uuid(out);
        put(out, &[br#"","readOnly":"#, boolean(call.is_read_only)]);
        if !call.resources.is_empty() {
            member(b"resources", Some(&call.resources), scene, random, out);
        }
        out.extend_from_slice(br#","eventType":"AwsApiCall""#);
        if !call.api_version.is_empty() {
            put(out, &[br#","apiVersion":""#, call.api_version.as_bytes(), b"\""]);
        }
        put(
            out,
            &[
                br#","managementEvent":"#,
                boolean(!call.is_data),
                br#","recipientAccountId":""#,
                scene.account_id.as_bytes(),
            ],
        );
        let category: &[u8] = if call.is_data { b"Data" } else { b"Management" };
        put(out, &[br#"","eventCategory":""#, category, b"\""]);
        transport(call, scene, actor, random, out);
        out.push(b'}');
    }

    fn error(
        &self,
        outcome: &Outcome<'_>,
        call: &Call,
        scene: &Scene<'_>,
        actor: &Actor,
        random: &mut Random,
        out: &mut Vec<u8>,
    ) {
        let mut error = |code: &str, message: &Template| {
            put(out, &[br#","errorCode":""#, code.as_bytes(), br#"","errorMessage":""#]);
            message.fill(scene, random, out);
            out.push(b'"');
        };
        match outcome {
            Outcome::Done => {}
            Outcome::Failed(code, message) => error(code, message),
            Outcome::Denied if call.service == "ec2" => error("Client.UnauthorizedOperation", &self.denied.ec2),
            Outcome::Denied if call.service == "s3" => error("AccessDenied", &self.denied.s3),
            Outcome::Denied => {
                let code: &[u8] =
                    if matches!(call.service, "iam" | "sts") { b"AccessDenied" } else { b"AccessDeniedException" };
                put(out, &[br#","errorCode":""#, code, br#"","errorMessage":"User: "#, &actor.arn]);
                put(out, &[b" is not authorized to perform: ", call.service.as_bytes(), b":", call.name.as_bytes()]);
                out.extend_from_slice(br#" because no identity-based policy allows the action""#);
            }
            Outcome::Throttled if call.service == "ec2" => {
                put(out, &[br#","errorCode":"Client.RequestLimitExceeded","errorMessage":"Request limit exceeded.""#])
            }
            Outcome::Throttled => put(out, &[br#","errorCode":"ThrottlingException","errorMessage":"Rate exceeded""#]),
        }
    }
}

/// `tlsDetails`, or what stands in its place.
fn transport(call: &Call, scene: &Scene<'_>, actor: &Actor, random: &mut Random, out: &mut Vec<u8>) {
    if actor.is_console {
        out.extend_from_slice(br#","sessionCredentialFromConsole":"true""#);
    } else if !actor.is_service {
        let (version, suite): (&[u8], &[u8]) = match random.below(10) {
            0..2 => (b"TLSv1.2", b"ECDHE-RSA-AES128-GCM-SHA256"),
            _ => (b"TLSv1.3", b"TLS_AES_128_GCM_SHA256"),
        };
        put(out, &[br#","tlsDetails":{"tlsVersion":""#, version, br#"","cipherSuite":""#, suite]);
        put(out, &[br#"","clientProvidedHostHeader":""#, call.service.as_bytes(), b".", scene.region.as_bytes()]);
        out.extend_from_slice(br#".amazonaws.com"}"#);
    }
}

/// Appends a member whose value is a template; without one, or with an empty one, null.
fn member(name: &[u8], value: Option<&Template>, scene: &Scene<'_>, random: &mut Random, out: &mut Vec<u8>) {
    put(out, &[b",\"", name, b"\":"]);
    match value {
        Some(value) if !value.is_empty() => value.fill(scene, random, out),
        _ => out.extend_from_slice(b"null"),
    }
}

pub(super) fn boolean(value: bool) -> &'static [u8] {
    if value { b"true" } else { b"false" }
}

/// Appends pieces.
pub(super) fn put(out: &mut Vec<u8>, pieces: &[&[u8]]) {
    for piece in pieces {
        out.extend_from_slice(piece);
    }
}
