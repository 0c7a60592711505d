//! From one digest to the one before.

use std::collections::HashMap;
use std::time::Duration;

use opentrail_stdx::Timestamp;

use super::{Checked, Problem, PublicKeys};
use crate::name::{ChainName, DigestName};

/// A digest that was found, and what [`check_digest`](super::check_digest) said.
#[derive(Debug, Clone)]
pub struct Member {
    /// Its key.
    pub key: String,
    /// What its key says.
    pub name: DigestName,
    /// What it says itself.
    pub result: Result<Checked, Problem>,
}

/// The time to look at.
#[derive(Debug, Clone, Copy, Default)]
pub struct Range {
    /// Digests are wanted back to here; none means as far as the chain goes.
    pub start: Option<Timestamp>,
    /// Digests are known to exist for all windows that ended by here.
    pub end: Option<Timestamp>,
}

/// Something to tell of a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Finding {
    /// The digest is valid.
    Valid {
        /// Its key.
        key: String,
    },
    /// The digest is not valid, or a digest that a valid one names is not there ([`Problem::NotFound`]).
    Invalid {
        /// Its key.
        key: String,
        /// Why.
        problem: Problem,
    },
    /// Digests of this time must have existed and aren't there: more than the one that the next digest names.
    Missing {
        /// After this instant…
        from: Option<Timestamp>,
        /// …up to this one.
        to: Timestamp,
    },
    /// A chain began anew: the trail didn't deliver in between.
    Gap {
        /// After this instant…
        from: Timestamp,
        /// …up to this one.
        to: Timestamp,
    },
}

impl Finding {
    /// Whether it tells of tampering or damage.
    pub fn is_invalid(&self) -> bool {
        matches!(self, Self::Invalid { .. } | Self::Missing { .. })
    }
}

/// Follows a chain from its newest digest on. The members are all of one chain name; `bucket` is where they were read
/// from, if buckets have names there. Afterwards the result of each member is final.
pub fn link(members: &mut [Member], bucket: Option<&str>, range: Range, keys: &PublicKeys) -> Vec<Finding> {
    members.sort_by(|a, b| (b.name.end, &b.key).cmp(&(a.name.end, &a.key)));
    let mut walk = Walk { window: usual_window(members), bucket, range, findings: Vec::new() };
    walk.tail(members.first());
    let index: HashMap<String, usize> = members.iter().enumerate().map(|(i, member)| (member.key.clone(), i)).collect();
    let mut quoted: HashMap<usize, Quote> = HashMap::new();
    for i in 0..members.len() {
        if let Some(quote) = quoted.remove(&i) {
            quote.settle(&mut members[i], keys);
        }
        let is_unsigned = matches!(&members[i].result, Ok(checked) if checked.signature.is_none());
        walk.report(&members[i], is_unsigned);
        // A digest that nobody vouches for still carries the signature of the one before, which proves itself.
        let older = members.get(i + 1);
        if let Some((key, quote)) = walk.step(&members[i], older, &index)
            && let Some(&previous) = index.get(&key)
        {
            quoted.insert(previous, quote);
        }
        if is_unsigned {
            members[i].result = Err(Problem::Unsigned);
        }
    }
    walk.findings
}

/// What a digest says of the one before.
struct Quote {
    sha256: Option<String>,
    signature: Option<String>,
}

impl Quote {
    /// Holds a digest against what the next one says of it.
    fn settle(self, member: &mut Member, keys: &PublicKeys) {
        let Ok(checked) = &mut member.result else { return };
        let region = &member.name.chain.region;
        let problem = if self.sha256.as_deref() != Some(&checked.sha256) {
            Some(Problem::Hash)
        } else {
            match (&checked.signature, self.signature) {
                (Some(own), Some(quoted)) => (*own != quoted).then_some(Problem::Signature),
                (None, Some(quoted)) => {
                    let problem = checked.verify(&quoted, keys, region).err();
                    checked.signature = Some(quoted);
                    problem
                }
                (_, None) => Some(Problem::Signature),
            }
        };
        if let Some(problem) = problem {
            member.result = Err(problem);
        }
    }
}

struct Walk<'a> {
    /// How long the chain's windows are.
    window: Option<Duration>,
    bucket: Option<&'a str>,
    range: Range,
    findings: Vec<Finding>,
}

impl Walk<'_> {
    fn report(&mut self, member: &Member, is_unsigned: bool) {
        let key = member.key.clone();
        self.findings.push(match &member.result {
            Ok(_) if is_unsigned => Finding::Invalid { key, problem: Problem::Unsigned },
            Ok(_) => Finding::Valid { key },
            Err(problem) => Finding::Invalid { key, problem: problem.clone() },
        });
    }

    /// Goes to the digest before: answers its key and what is said of it.
    fn step(
        &mut self,
        member: &Member,
        older: Option<&Member>,
        index: &HashMap<String, usize>,
    ) -> Option<(String, Quote)> {
        let Ok(checked) = &member.result else {
            self.behind_invalid(member, older);
            return None;
        };
        let digest = &checked.digest;
        let (Some(bucket), Some(key)) = (&digest.previous_digest_s3_bucket, &digest.previous_digest_s3_object) else {
            if let Some(older) = older.filter(|older| older.name.end < checked.start) {
                self.findings.push(Finding::Gap { from: older.name.end, to: checked.start });
            }
            return None;
        };
        let is_wanted = self.range.start.is_none_or(|start| start <= checked.start);
        let is_elsewhere = self.bucket.is_some_and(|here| here != bucket);
        if is_wanted && !is_elsewhere && !index.contains_key(key) {
            self.findings.push(Finding::Invalid { key: key.clone(), problem: Problem::NotFound });
            self.behind_missing(key, older);
        }
        Some((
            key.clone(),
            Quote {
                sha256: digest.previous_digest_hash_value.clone(),
                signature: digest.previous_digest_signature.clone(),
            },
        ))
    }

    /// One digest is missing; tells whether those before it are missing, too.
    fn behind_missing(&mut self, key: &str, older: Option<&Member>) {
        let (Some(window), Some(missing)) = (self.window, DigestName::parse(key)) else { return };
        if missing.chain.is_backfill {
            return;
        }
        let begins = missing.end.minus(window);
        match older {
            Some(older) if older.name.end < begins => {
                self.findings.push(Finding::Missing { from: Some(older.name.end), to: begins });
            }
            None if self.range.start.is_some_and(|start| start < begins) => {
                self.findings.push(Finding::Missing { from: self.range.start, to: begins });
            }
            _ => {}
        }
    }

    /// What an invalid digest says of the one before proves nothing; the times in the names tell what is missing.
    fn behind_invalid(&mut self, member: &Member, older: Option<&Member>) {
        let (Some(window), Some(older)) = (self.window, older) else { return };
        let begins = member.name.end.minus(window);
        if !member.name.chain.is_backfill && older.name.end < begins {
            self.findings.push(Finding::Missing { from: Some(older.name.end), to: begins });
        }
    }

    /// Tells whether the newest digests are missing. A window shorter than usual was the chain's last.
    fn tail(&mut self, newest: Option<&Member>) {
        let (Some(end), Some(newest), Some(window)) = (self.range.end, newest, self.window) else { return };
        let is_last = matches!(&newest.result, Ok(checked) if checked.end.since(checked.start) < window);
        if !newest.name.chain.is_backfill && !is_last && newest.name.end.plus(window) <= end {
            self.findings.push(Finding::Missing { from: Some(newest.name.end), to: end });
        }
    }
}

/// The longest window of valid digests: all but the last are of one length.
fn usual_window(members: &[Member]) -> Option<Duration> {
    let valid = members.iter().filter_map(|member| member.result.as_ref().ok());
    valid.map(|checked| checked.end.since(checked.start)).max()
}

impl Member {
    /// The chain that it belongs to.
    pub fn chain(&self) -> &ChainName {
        &self.name.chain
    }
}
