//! Functions of arrays.

mod change;
mod lambda;
mod look;
mod make;
mod sets;
mod sort;

use super::Registry;

pub(super) fn register(to: &mut Registry) {
    make::register(to);
    look::register(to);
    change::register(to);
    sets::register(to);
    sort::register(to);
    lambda::register(to);
}
