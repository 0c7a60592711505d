//! The resources that a record is listed under.

use std::borrow::Cow;

use super::seek::{Found, Want, seek};
use super::tables::{From, Rule, service};

/// At most so many resources of one record are listed; calls that name more have been seen to name machines by the
/// hundred, never more.
pub const RESOURCES_MAX: usize = 1_000;

/// A resource that a record is listed under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookupResource<'a> {
    /// `AWS::IAM::User`; absent when the record names a resource without its type.
    pub kind: Option<Cow<'a, str>>,
    /// A name, an id or an ARN, as the call has it.
    pub name: Cow<'a, str>,
}

/// What the resources of a call are found by.
#[derive(Debug, Clone, Copy, Default)]
pub struct LookupCall<'a, 'r> {
    /// `eventSource`.
    pub event_source: &'r str,
    /// `eventName`.
    pub event_name: &'r str,
    /// Whether the call only read.
    pub is_read_only: bool,
    /// `requestParameters`, the JSON text.
    pub request: Option<&'a str>,
    /// `responseElements`, the JSON text.
    pub response: Option<&'a str>,
}

/// The resources of a call: those that its parameters and its answer name, by the rules of its service, then `own`, the
/// types and ARNs of the record's `resources`; each once. Odd shapes name nothing and are no error.
pub fn lookup_resources<'a, I>(call: LookupCall<'a, '_>, own: I) -> Vec<LookupResource<'a>>
where
    I: IntoIterator<Item = (Option<Cow<'a, str>>, Cow<'a, str>)>,
{
    let mut listed = named(call);
    for (kind, name) in own {
        list(&mut listed, LookupResource { kind, name });
    }
    listed
}

fn named<'a>(call: LookupCall<'a, '_>) -> Vec<LookupResource<'a>> {
    let mut listed = Vec::new();
    let Some(service) = service(call.event_source).filter(|service| !(call.is_read_only && service.skips_reads)) else {
        return listed;
    };
    let mut found = find(service.rules, From::Request, call.event_name, call.request);
    found.extend(find(service.rules, From::Response, call.event_name, call.response));
    // In the order of the rules, whatever the order of the members.
    found.sort_by_key(|found| found.rule);
    for Found { rule, text } in found {
        list(&mut listed, LookupResource { kind: Some(Cow::Borrowed(service.rules[rule].kind)), name: text });
    }
    listed
}

fn find<'a>(rules: &'static [Rule], from: From, event_name: &str, json: Option<&'a str>) -> Vec<Found<'a>> {
    let Some(json) = json.filter(|json| json.starts_with('{')) else { return Vec::new() };
    let applies = |rule: &Rule| rule.from == from && event_name.contains(rule.calls);
    let wants: Vec<Want> = rules
        .iter()
        .enumerate()
        .filter(|(_, rule)| applies(rule))
        .map(|(place, rule)| Want { rule: place, path: rule.path })
        .collect();
    seek(json, &wants, RESOURCES_MAX)
}

fn list<'a>(listed: &mut Vec<LookupResource<'a>>, resource: LookupResource<'a>) {
    if listed.len() < RESOURCES_MAX && !resource.name.is_empty() && !listed.contains(&resource) {
        listed.push(resource);
    }
}
