//! The things that events are about: buckets, instances, roles… Each is a rank in its kind, and its name follows from
//! the seed, the account and the rank, so that none is kept in memory.

use super::random::{BASE64, DIGITS, HEX, LOWER, MIXED, Random, UPPER};

/// A kind of thing: how many an account has, and what its names look like.
#[derive(Debug)]
pub(super) struct Kind {
    /// How templates call it.
    pub(super) slot: &'static str,
    /// How many there are in an account.
    pub(super) count: u64,
    /// `%w` a word, `%W` one with a capital, `%u` a UUID, `%17x` hex digits, `%8a` lower letters and digits, `%8A` upper
    /// ones, `%6m` both cases, `%40b` base64, `%5d` digits.
    pattern: &'static str,
}

const fn kind(slot: &'static str, count: u64, pattern: &'static str) -> Kind {
    Kind { slot, count, pattern }
}

/// All kinds. `user` and `role` come first: principals are found by their place.
pub(super) const KINDS: &[Kind] = &[
    kind("user", 14, "%w.%w"),
    kind("role", 45, "%W%W-%w"),
    kind("bucket", 45, "%w-%w-%8a"),
    kind("key", 2_000_000, "%w/%w/%4d/%12x.parquet"),
    kind("instance", 600, "i-%17x"),
    kind("image", 60, "ami-%17x"),
    kind("volume", 900, "vol-%17x"),
    kind("snapshot", 800, "snap-%17x"),
    kind("vpc", 12, "vpc-%17x"),
    kind("subnet", 60, "subnet-%17x"),
    kind("group", 140, "sg-%17x"),
    kind("interface", 900, "eni-%17x"),
    kind("routes", 40, "rtb-%17x"),
    kind("gateway", 20, "nat-%17x"),
    kind("endpoint", 15, "vpce-%17x"),
    kind("policy", 70, "%W%WPolicy"),
    kind("kms", 25, "%u"),
    kind("function", 90, "%w-%w-%w"),
    kind("table", 45, "%w-%w"),
    kind("secret", 150, "%w/%w/%w-%6m"),
    kind("parameter", 400, "/%w/%w/%w"),
    kind("queue", 50, "%w-%w-queue"),
    kind("topic", 40, "%w-%w-events"),
    kind("logs", 120, "/aws/lambda/%w-%w"),
    kind("stream", 50_000, "2026/01/01/[$LATEST]%32x"),
    kind("stack", 40, "%w-%w-stack"),
    kind("cluster", 8, "%w-cluster"),
    kind("task", 5_000, "%32x"),
    kind("service", 60, "%w-%w-service"),
    kind("database", 25, "%w-%w-db"),
    kind("trail", 4, "%w-trail"),
    kind("repository", 40, "%w/%w"),
    kind("machine", 25, "%w-%w-flow"),
    kind("zone", 12, "Z%19A"),
    kind("distribution", 12, "E%13A"),
    kind("rule", 60, "%w-%w-rule"),
    kind("balancer", 25, "%w-lb/%16x"),
    kind("project", 30, "%w-%w-build"),
    kind("pool", 8, "us-east-1_%9m"),
    kind("resource", 500, "%w-%w-%6a"),
];

const WORDS: [&str; 64] = [
    "amber", "anchor", "atlas", "aurora", "basil", "beacon", "birch", "breeze", "cedar", "cobalt", "comet", "copper",
    "coral", "crystal", "delta", "drift", "dune", "echo", "elm", "ember", "falcon", "fern", "fjord", "flint", "frost",
    "garnet", "glacier", "harbor", "hazel", "heron", "indigo", "iris", "ivory", "jasper", "juniper", "lagoon", "lark",
    "linden", "lotus", "maple", "meadow", "mesa", "nimbus", "north", "oasis", "onyx", "opal", "orchid", "otter",
    "pebble", "pine", "prairie", "quartz", "raven", "reef", "river", "sable", "saffron", "sierra", "slate", "solar",
    "summit", "tundra", "willow",
];

/// Appends the name of one thing.
pub(super) fn name(seed: u64, account: u64, kind: usize, rank: u64, out: &mut Vec<u8>) {
    let mut random = Random::of(&[seed, account, kind as u64 + 1, rank]);
    fill(KINDS[kind].pattern, &mut random, out);
}

/// Appends a name of the pattern's form.
pub(super) fn fill(pattern: &str, random: &mut Random, out: &mut Vec<u8>) {
    let mut bytes = pattern.bytes();
    while let Some(byte) = bytes.next() {
        if byte != b'%' {
            out.push(byte);
            continue;
        }
        let (mut count, mut letter) = (0, bytes.next());
        while let Some(digit @ b'0'..=b'9') = letter {
            (count, letter) = (count * 10 + usize::from(digit - b'0'), bytes.next());
        }
        match letter {
            Some(b'w') => out.extend_from_slice(random.pick(&WORDS).as_bytes()),
            Some(b'W') => {
                let start = out.len();
                out.extend_from_slice(random.pick(&WORDS).as_bytes());
                out[start] = out[start].to_ascii_uppercase();
            }
            Some(b'u') => random.uuid(out),
            Some(b'x') => random.letters(HEX, count, out),
            Some(b'a') => random.letters(LOWER, count, out),
            Some(b'A') => random.letters(UPPER, count, out),
            Some(b'm') => random.letters(MIXED, count, out),
            Some(b'b') => random.letters(BASE64, count, out),
            Some(b'd') => random.letters(DIGITS, count, out),
            other => unreachable!("the pattern `{pattern}` has no letter like {other:?}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_from_seed_account_and_rank() {
        for (kind, Kind { slot, .. }) in KINDS.iter().enumerate() {
            let named = |account, rank| {
                let mut out = Vec::new();
                name(7, account, kind, rank, &mut out);
                String::from_utf8(out).expect("text")
            };
            assert_eq!(named(1, 3), named(1, 3));
            assert!(named(1, 3) != named(1, 4) || named(1, 3) != named(2, 3), "{slot}");
            assert!(!named(1, 1).contains('%'));
        }
        assert_eq!((KINDS[0].slot, KINDS[1].slot), ("user", "role"));
    }
}
