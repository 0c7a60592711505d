//! Tokens that lead to the next page of an answer.
//!
//! A token holds the place after which the page begins, and a checksum over it and the question. It is opaque to
//! callers and bound to their question, but no secret: whoever forges one gets a page of what he may read anyway.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use opentrail_lake::Place;
use opentrail_stdx::Timestamp;
use xxhash_rust::xxh3::Xxh3;

/// The first byte of a token: how the others are to be read.
const VERSION: u8 = 1;

/// Version, time, position, checksum.
const BYTES: usize = 1 + 8 + 8 + 16;

/// A question, as far as its tokens are concerned.
#[derive(Clone)]
pub struct Binding(Xxh3);

impl std::fmt::Debug for Binding {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Binding").finish_non_exhaustive()
    }
}

impl Binding {
    /// The question of an operation with these parameters, absent ones included, in an order that stays.
    pub fn new(operation: &str, parameters: &[Option<&str>]) -> Self {
        let mut hash = Xxh3::new();
        for part in [Some(operation)].iter().chain(parameters) {
            match part {
                Some(text) => {
                    hash.update(&(text.len() as u64 + 1).to_be_bytes());
                    hash.update(text.as_bytes());
                }
                None => hash.update(&0_u64.to_be_bytes()),
            }
        }
        Self(hash)
    }

    /// The token for the page after a place.
    pub fn token(&self, after: Place) -> String {
        let mut bytes = Vec::with_capacity(BYTES);
        bytes.push(VERSION);
        bytes.extend(after.time.as_ms().to_be_bytes());
        bytes.extend(after.position.to_be_bytes());
        let checksum = self.checksum(&bytes);
        bytes.extend(checksum);
        URL_SAFE_NO_PAD.encode(bytes)
    }

    /// The place in a token that was made for this question; nothing in any other text.
    pub fn place(&self, token: &str) -> Option<Place> {
        let bytes = URL_SAFE_NO_PAD.decode(token).ok()?;
        let (begin, checksum) = bytes.split_at_checked(BYTES - 16)?;
        if begin[0] != VERSION || checksum != self.checksum(begin) {
            return None;
        }
        let number = |range: std::ops::Range<usize>| begin[range].try_into().ok();
        Some(Place {
            time: Timestamp::from_ms(i64::from_be_bytes(number(1..9)?)),
            position: u64::from_be_bytes(number(9..17)?),
        })
    }

    fn checksum(&self, bytes: &[u8]) -> [u8; 16] {
        let mut hash = self.0.clone();
        hash.update(bytes);
        hash.digest128().to_be_bytes()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn tokens_lead_back_to_their_question_only(ms in any::<i64>(), position in any::<u64>(), cut in 0..40_usize) {
            let place = Place { time: Timestamp::from_ms(ms), position };
            let own = Binding::new("Op", &[Some("a"), None, Some("b")]);
            let token = own.token(place);
            prop_assert_eq!(own.place(&token), Some(place));
            for other in [&[Some("a"), Some(""), Some("b")][..], &[Some("a"), None, Some("c")], &[Some("ab"), None]] {
                prop_assert_eq!(Binding::new("Op", other).place(&token), None);
            }
            prop_assert_eq!(own.place(&token[..cut]), None);
        }

        #[test]
        fn no_text_panics(text in ".{0,60}") {
            prop_assert_eq!(Binding::new("Op", &[]).place(&text), None);
        }
    }
}
