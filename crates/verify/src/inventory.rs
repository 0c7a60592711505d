//! The log files that were found, kept small.

use std::collections::{HashMap, HashSet};

use opentrail_seal::name::{Family, LogFileName, SUFFIX_LETTERS};
use opentrail_stdx::Timestamp;

/// One Region of one account, in one trail's prefix.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Area {
    /// See [`opentrail_seal::name::root_folder`].
    pub(crate) root: String,
    /// Whose records.
    pub(crate) account: String,
    /// Of which Region.
    pub(crate) region: String,
}

/// Log files by area and kind. Each takes some 50 bytes: the stamp and the suffix, from which its key is printed again.
#[derive(Debug, Default)]
pub(crate) struct Inventory {
    folders: HashMap<(Area, Family), HashSet<Small>>,
    /// Those whose keys aren't printed again from their parts, such as copies in another day's folder.
    odd: HashMap<Area, HashSet<String>>,
    count: usize,
}

impl Inventory {
    /// Notes a log file.
    pub(crate) fn insert(&mut self, key: String, name: LogFileName) {
        let (area, family, small) = parts(&name);
        let is_new = match small {
            Some(small) if name.to_string() == key => self.folders.entry((area, family)).or_default().insert(small),
            _ => self.odd.entry(area).or_default().insert(key),
        };
        self.count += usize::from(is_new);
    }

    /// Strikes out a log file that a digest lists.
    pub(crate) fn strike(&mut self, key: &str) {
        let Some(name) = LogFileName::parse(key) else { return };
        let (area, family, small) = parts(&name);
        let struck = match small {
            Some(small) if name.to_string() == key => {
                self.folders.get_mut(&(area, family)).is_some_and(|folder| folder.remove(&small))
            }
            _ => self.odd.get_mut(&area).is_some_and(|odd| odd.remove(key)),
        };
        self.count -= usize::from(struck);
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.count
    }

    /// The areas that hold log files.
    pub(crate) fn areas(&self) -> impl Iterator<Item = &Area> {
        self.folders.keys().map(|(area, _)| area).chain(self.odd.keys())
    }

    /// The newest stamp in an area.
    pub(crate) fn newest(&self, area: &Area) -> Option<Timestamp> {
        let folders = Family::ALL.into_iter().filter_map(|family| self.folders.get(&(area.clone(), family)));
        folders.flatten().map(|(stamp, _)| *stamp).max()
    }

    /// Those that are left, with their stamps, sorted.
    pub(crate) fn into_rest(self) -> Vec<(Area, Timestamp, String)> {
        let folders = self.folders.into_iter().flat_map(|((area, family), files)| {
            files.into_iter().map(move |(stamp, suffix)| {
                let Area { root, account, region } = area.clone();
                let suffix = String::from_utf8_lossy(&suffix).into_owned();
                let key = LogFileName { root, account, family, region, stamp, suffix }.to_string();
                (area.clone(), stamp, key)
            })
        });
        let odd = self.odd.into_iter().flat_map(|(area, keys)| {
            keys.into_iter().filter_map(move |key| {
                let stamp = LogFileName::parse(&key)?.stamp;
                Some((area.clone(), stamp, key))
            })
        });
        let mut rest: Vec<_> = folders.chain(odd).collect();
        rest.sort();
        rest
    }
}

/// A log file's stamp and suffix.
type Small = (Timestamp, [u8; SUFFIX_LETTERS]);

fn parts(name: &LogFileName) -> (Area, Family, Option<Small>) {
    let area = Area { root: name.root.clone(), account: name.account.clone(), region: name.region.clone() };
    let suffix = name.suffix.as_bytes().try_into().ok();
    (area, name.family, suffix.map(|suffix| (name.stamp, suffix)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_out_as_they_went_in() {
        let keys = [
            "AWSLogs/123456789012/CloudTrail/us-east-1/2026/11/22/123456789012_CloudTrail_us-east-1_20261122T1030Z_aaaaaaaaaaaaaaaa.json.gz",
            "AWSLogs/123456789012/CloudTrail/us-east-1/2026/11/23/123456789012_CloudTrail_us-east-1_20261122T1030Z_aaaaaaaaaaaaaaaa.json.gz",
            "AWSLogs/123456789012/CloudTrail/us-east-1/2026/11/22/123456789012_CloudTrail_us-east-1_20261122T1030Z_bbbbbbbbbbbbbbbb.json.gz",
        ];
        let mut inventory = Inventory::default();
        for key in keys {
            inventory.insert(key.to_owned(), LogFileName::parse(key).unwrap());
        }
        assert_eq!(inventory.len(), 3);
        inventory.strike(keys[2]);
        inventory.strike("AWSLogs/other");
        let rest: Vec<String> = inventory.into_rest().into_iter().map(|(_, _, key)| key).collect();
        assert_eq!(rest, &keys[..2]);
    }
}
