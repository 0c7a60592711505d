//! Grouping by the dictionaries that columns are stored with.
//!
//! Text columns of a store have few different values mostly, and files keep them as numbers into a dictionary. DataFusion
//! groups by texts: each row's text would be copied, hashed and compared. Where a query groups by such columns and uses them for
//! nothing else below, the scan gives the numbers, and groups are found by them; only of each combination that is new are the
//! texts looked at. See [`plan`] for when, [`exec`] and [`groups`] for how.

mod exec;
mod groups;
mod plan;

pub(crate) use self::plan::GroupByDictionaries;

#[cfg(test)]
mod tests;
