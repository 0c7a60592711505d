//! Functions of texts.

mod cut;
mod distance;
mod letters;
mod split;
mod stem;
mod trim;

use super::Registry;

pub(super) fn register(to: &mut Registry) {
    letters::register(to);
    cut::register(to);
    trim::register(to);
    split::register(to);
    distance::register(to);
    stem::register(to);
}
