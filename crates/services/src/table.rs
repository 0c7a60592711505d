//! The table of services: derived from botocore's models by `cargo xtask services`, unpacked one service at a time.
//!
//! `generated/services.bin` is the length of the index as it is pressed and plain (two little-endian `u32`), the index, and each
//! service's text, all pressed with zstd. A line of the index is a [`Head`] and where the service's text lies; the text is described
//! in [`model`]. What is unpacked stays for the life of the process, so that every name in it is `'static`.

pub(crate) mod model;

use std::collections::HashMap;
use std::sync::{LazyLock, OnceLock};

pub(crate) use model::{Kind, Member, Model, Operation, Place, Shape};

const PACKED: &[u8] = include_bytes!("generated/services.bin");

/// A service, as far as it is known without its operations.
pub(crate) struct Head {
    /// Botocore's name.
    pub(crate) name: &'static str,
    /// What its hosts begin with.
    pub(crate) endpoint: &'static str,
    /// Its name in credential scopes.
    pub(crate) signing: &'static str,
    /// `2006-03-01`.
    pub(crate) version: &'static str,
    pub(crate) protocols: Vec<Protocol>,
    /// What `X-Amz-Target` has before the operation.
    pub(crate) target: Option<&'static str>,
    frame: &'static [u8],
    plain_length: usize,
    model: OnceLock<Model>,
}

/// How a service is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Protocol {
    Query,
    Ec2,
    Json,
    RestJson,
    RestXml,
    Cbor,
}

impl Protocol {
    fn from_name(name: &str) -> Option<Self> {
        Some(match name {
            "query" => Self::Query,
            "ec2" => Self::Ec2,
            "json" => Self::Json,
            "rest-json" => Self::RestJson,
            "rest-xml" => Self::RestXml,
            "smithy-rpc-v2-cbor" => Self::Cbor,
            _ => return None,
        })
    }

    /// Is the operation found by method and path?
    pub(crate) fn is_rest(self) -> bool {
        matches!(self, Self::RestJson | Self::RestXml)
    }

    /// Is the operation named in a form?
    pub(crate) fn is_form(self) -> bool {
        matches!(self, Self::Query | Self::Ec2)
    }
}

impl std::fmt::Debug for Head {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Head").field(&self.name).finish()
    }
}

impl Head {
    /// The service's operations and shapes, unpacked when they are first asked for.
    pub(crate) fn model(&self) -> &Model {
        self.model.get_or_init(|| Model::parse(unpack(self.frame, self.plain_length)))
    }

    pub(crate) fn speaks(&self, wanted: impl Fn(Protocol) -> bool) -> Option<Protocol> {
        self.protocols.iter().copied().find(|protocol| wanted(*protocol))
    }
}

/// All services.
#[derive(Debug)]
pub(crate) struct Table {
    pub(crate) heads: Vec<Head>,
    by_signing: HashMap<&'static str, Vec<usize>>,
    by_target: HashMap<&'static str, Vec<usize>>,
}

impl Table {
    /// The table that is built in.
    pub(crate) fn embedded() -> &'static Self {
        static TABLE: LazyLock<Table> = LazyLock::new(|| Table::parse(PACKED));
        &TABLE
    }

    fn parse(packed: &'static [u8]) -> Self {
        let length = |at: usize| u32::from_le_bytes(packed[at..at + 4].try_into().expect("four bytes")) as usize;
        let (index, frames) = packed[8..].split_at(length(0));
        let heads: Vec<Head> = unpack(index, length(4)).lines().map(|line| head(line, frames)).collect();
        let (mut by_signing, mut by_target) = (HashMap::<_, Vec<_>>::new(), HashMap::<_, Vec<_>>::new());
        for (index, head) in heads.iter().enumerate() {
            by_signing.entry(head.signing).or_default().push(index);
            if let Some(target) = head.target {
                by_target.entry(target).or_default().push(index);
            }
        }
        Self { heads, by_signing, by_target }
    }

    /// The services that sign with `name`.
    pub(crate) fn signing(&self, name: &str) -> impl Iterator<Item = &Head> {
        self.by_signing.get(name).into_iter().flatten().map(|index| &self.heads[*index])
    }

    /// The services whose targets begin with `prefix`.
    pub(crate) fn target(&self, prefix: &str) -> impl Iterator<Item = &Head> {
        self.by_target.get(prefix).into_iter().flatten().map(|index| &self.heads[*index])
    }
}

fn head(line: &'static str, frames: &'static [u8]) -> Head {
    let fields: Vec<&str> = line.split(' ').collect();
    let [name, endpoint, signing, version, protocols, target, start, length, plain] = fields[..] else {
        panic!("a line of the index has nine fields: `{line}`");
    };
    let number = |text: &str| text.parse::<usize>().expect("a number in the index");
    Head {
        name,
        endpoint,
        signing,
        version,
        protocols: protocols.split(',').filter_map(Protocol::from_name).collect(),
        target: (target != "-").then_some(target),
        frame: &frames[number(start)..][..number(length)],
        plain_length: number(plain),
        model: OnceLock::new(),
    }
}

/// Unpacks a text of ours for good.
fn unpack(frame: &[u8], plain_length: usize) -> &'static str {
    let text = zstd::bulk::decompress(frame, plain_length).expect("the embedded table is whole");
    String::from_utf8(text).expect("the embedded table is text").leak()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_service_unpacks() {
        let table = Table::embedded();
        assert!(table.heads.len() > 400, "{}", table.heads.len());
        let mut operations = 0;
        for head in &table.heads {
            assert!(!head.protocols.is_empty(), "{}", head.name);
            operations += head.model().operations.len();
        }
        assert!(operations > 19_000, "{operations}");
    }

    #[test]
    fn services_are_found_by_their_names() {
        let table = Table::embedded();
        let names = |heads: &mut dyn Iterator<Item = &Head>| heads.map(|head| head.name).collect::<Vec<_>>();
        assert_eq!(names(&mut table.signing("s3")), ["s3", "s3control"]);
        assert_eq!(names(&mut table.target("DynamoDB_20120810")), ["dynamodb"]);
        assert!(names(&mut table.signing("nothing")).is_empty());
    }
}
