//! What log records come from: worked out once for all records that share it.

use super::proto::{Resource, Scope};
use super::value::{members, text};
use crate::members::{Members, Omitted};
use crate::uid;

/// The most that each record tells of its resource and of its scope, in bytes.
const RESOURCE_MAX: usize = 4 << 10;
const SCOPE_MAX: usize = 1 << 10;

/// A resource.
pub(super) struct Source {
    service: Option<String>,
    shown: Members,
    digest: String,
}

/// A resource and a scope.
pub(super) struct Origin<'a> {
    source: &'a Source,
    library: &'a str,
    shown: Members,
    digest: String,
}

impl Source {
    pub(super) fn new(resource: Option<&Resource>) -> Self {
        let attributes = resource.map(|resource| resource.attributes.as_slice()).unwrap_or_default();
        let shown = members(attributes);
        let digest = digest(&shown);
        Self { service: text(attributes, "service.name"), shown: fitted(shown, "resource", RESOURCE_MAX), digest }
    }
}

impl<'a> Origin<'a> {
    pub(super) fn new(source: &'a Source, scope: Option<&'a Scope>) -> Self {
        let shown = scope.map(|scope| {
            let (name, version) = (Some(scope.name.as_str()), Some(scope.version.as_str()));
            Members::default()
                .text("name", name)
                .text("version", version)
                .object("attributes", members(&scope.attributes))
        });
        let shown = shown.unwrap_or_default();
        let digest = digest(&shown);
        let library = scope.map_or("", |scope| scope.name.as_str());
        Self { source, library, shown: fitted(shown, "scope", SCOPE_MAX), digest }
    }

    /// The service, else the library.
    pub(super) fn name(&self) -> &str {
        let library = Some(self.library).filter(|name| !name.is_empty());
        self.source.service.as_deref().or(library).unwrap_or("unknown_service")
    }

    pub(super) fn resource(&self) -> &Members {
        &self.source.shown
    }

    pub(super) fn scope(&self) -> &Members {
        &self.shown
    }

    /// A record has no id: it is what it says, and where it comes from.
    pub(super) fn uid(&self, item: &[u8]) -> String {
        uid::of_content(&[self.source.digest.as_bytes(), self.digest.as_bytes(), item].concat())
    }
}

fn digest(members: &Members) -> String {
    uid::of_content(&serde_json::to_vec(members).expect("members are JSON"))
}

fn fitted(mut members: Members, path: &str, bytes_max: usize) -> Members {
    let mut omitted = Omitted::default();
    members.fit(path, bytes_max, &mut omitted);
    if omitted.is_empty() { members } else { members.value("omitted", omitted) }
}
