//! Columns of the first rows of an order, read when it is known which rows those are.
//!
//! `SELECT * … ORDER BY eventTime DESC LIMIT 100` needs the texts and the objects of a hundred records, not of all that the order
//! is made of. So the order is made with the columns that it and the conditions need, and each record's position; the rest is
//! read for the positions that came first. See [`plan`] for when, [`exec`] for how.

mod exec;
mod plan;

pub(crate) use self::plan::FetchLate;
