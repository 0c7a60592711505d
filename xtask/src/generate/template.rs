//! Templates of JSON: text with `<slots>` that are filled for each event.

use anyhow::{Context as _, bail};

use super::calendar;
use super::random::Random;
use super::things::{self, KINDS};

/// A template, taken apart.
#[derive(Debug, Default)]
pub(super) struct Template {
    pieces: Vec<Piece>,
}

#[derive(Debug)]
enum Piece {
    Text(&'static str),
    Account,
    Region,
    /// The time of the event.
    Time,
    /// The same time in milliseconds since 1970.
    Millis,
    /// A thing of the account: the same within an event.
    Thing(usize),
    /// Something new each time, of this pattern.
    Fresh(&'static str),
    /// A number below this.
    Number(u64),
    /// An address in the account's networks.
    Address,
}

/// What the slots of one event are filled from.
#[derive(Debug)]
pub(super) struct Scene<'a> {
    /// The run's seed.
    pub(super) seed: u64,
    /// The account's number in the run.
    pub(super) account: u64,
    /// Its twelve digits.
    pub(super) account_id: &'a str,
    /// The Region.
    pub(super) region: &'a str,
    /// Seconds since 1970.
    pub(super) time: u64,
    /// The event's own chance, by which its things are chosen.
    pub(super) choice: u64,
}

impl Template {
    /// Takes a template apart.
    pub(super) fn parse(mut text: &'static str) -> anyhow::Result<Self> {
        let mut pieces = Vec::new();
        while let Some((before, rest)) = text.split_once('<') {
            let (slot, after) = rest.split_once('>').with_context(|| format!("`{rest}` has no `>`"))?;
            if !before.is_empty() {
                pieces.push(Piece::Text(before));
            }
            pieces.push(piece(slot)?);
            text = after;
        }
        if !text.is_empty() {
            pieces.push(Piece::Text(text));
        }
        Ok(Self { pieces })
    }

    /// Whether there is nothing in it.
    pub(super) fn is_empty(&self) -> bool {
        self.pieces.is_empty()
    }

    /// Appends the template with its slots filled.
    pub(super) fn fill(&self, scene: &Scene<'_>, random: &mut Random, out: &mut Vec<u8>) {
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => out.extend_from_slice(text.as_bytes()),
                Piece::Account => out.extend_from_slice(scene.account_id.as_bytes()),
                Piece::Region => out.extend_from_slice(scene.region.as_bytes()),
                Piece::Time => calendar::instant(scene.time, out),
                Piece::Millis => {
                    calendar::digits(scene.time, 10, out);
                    calendar::digits(random.below(1_000), 3, out);
                }
                Piece::Thing(kind) => {
                    let rank = Random::of(&[scene.choice, *kind as u64]).rank(KINDS[*kind].count);
                    things::name(scene.seed, scene.account, *kind, rank, out);
                }
                Piece::Fresh(pattern) => things::fill(pattern, random, out),
                Piece::Number(below) => out.extend_from_slice(random.below(*below).to_string().as_bytes()),
                Piece::Address => {
                    let (network, host) = (random.below(16), random.below(254) + 1);
                    out.extend_from_slice(format!("10.{}.{network}.{host}", scene.account % 200).as_bytes());
                }
            }
        }
    }
}

fn piece(slot: &'static str) -> anyhow::Result<Piece> {
    Ok(match slot {
        "account" => Piece::Account,
        "region" => Piece::Region,
        "time" => Piece::Time,
        "millis" => Piece::Millis,
        "address" => Piece::Address,
        "uuid" => Piece::Fresh("%u"),
        "token" => Piece::Fresh("%43b="),
        "page" => Piece::Fresh("%180b"),
        "denial" => Piece::Fresh("%420b"),
        "hostid" => Piece::Fresh("%75m="),
        "akid" => Piece::Fresh("ASIA%16A"),
        "roleid" => Piece::Fresh("AROA%17A"),
        "hex" => Piece::Fresh("%32x"),
        "sha" => Piece::Fresh("%64x"),
        "words" => Piece::Fresh("%w %w %w %w"),
        "small" => Piece::Number(100),
        "number" => Piece::Number(10_000),
        "bytes" => Piece::Number(4_000_000),
        _ => match KINDS.iter().position(|kind| kind.slot == slot) {
            Some(kind) => Piece::Thing(kind),
            None => bail!("no slot is called `{slot}`"),
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thing_is_the_same_within_an_event() {
        let template = Template::parse(r#"{"a":"<bucket>","b":"<bucket>","c":"<uuid>","d":"<uuid>"}"#).unwrap();
        let scene = Scene { seed: 1, account: 0, account_id: "111122223333", region: "eu-west-1", time: 0, choice: 5 };
        let mut out = Vec::new();
        template.fill(&scene, &mut Random::of(&[1]), &mut out);
        let value: serde_json::Value = serde_json::from_slice(&out).unwrap();
        assert!(value["a"] == value["b"] && value["c"] != value["d"], "{value}");
        assert!(Template::parse("<nothing>").is_err());
    }
}
