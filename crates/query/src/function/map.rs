//! Functions of maps.

mod lambda;
mod make;
mod parts;

use super::Registry;

pub(super) fn register(to: &mut Registry) {
    make::register(to);
    parts::register(to);
    lambda::register(to);
}
