//! The distinct values of a string column, and for each row which it has.

use xxhash_rust::xxh3::xxh3_64;

/// Slots looked at for a value. Hostile values that all hash alike end the dictionary instead of the day.
const PROBES_MAX: usize = 64;
const SLOTS_MIN: usize = 256;

/// A hash table over an arena: no allocation for a value.
#[derive(Debug, Default)]
pub(super) struct Dictionary {
    /// The values one after the other.
    bytes: Vec<u8>,
    /// Where each value ends.
    ends: Vec<u32>,
    /// Half full at most, a power of two, by the value's hash.
    slots: Vec<Slot>,
}

/// The hash lies beside the entry: a miss in the cache is what a look-up costs, and most slots are settled by one.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    hash: u32,
    /// The entry plus 1; 0 is free.
    entry: u32,
}

impl Dictionary {
    /// The number of the value, given now or before. Nothing when it can't be placed.
    pub(super) fn insert(&mut self, value: &[u8]) -> Option<u32> {
        if self.slots.len() < 2 * (self.ends.len() + 1) {
            self.grow()?;
        }
        let hash = xxh3_64(value) as u32;
        let mask = self.slots.len() - 1;
        for probe in 0..PROBES_MAX {
            let at = (hash as usize + probe) & mask;
            let slot = self.slots[at];
            if slot.entry == 0 {
                let end = u32::try_from(self.bytes.len() + value.len()).ok()?;
                self.bytes.extend_from_slice(value);
                self.ends.push(end);
                // Values end below 2³² and all but one are longer than nothing, so there are fewer.
                let entry = self.ends.len() as u32;
                self.slots[at] = Slot { hash, entry };
                return Some(entry - 1);
            }
            if slot.hash == hash && self.value(slot.entry - 1) == value {
                return Some(slot.entry - 1);
            }
        }
        None
    }

    fn grow(&mut self) -> Option<()> {
        let count = (self.slots.len() * 2).max(SLOTS_MIN);
        let mut slots = vec![Slot::default(); count];
        for slot in self.slots.iter().filter(|slot| slot.entry > 0) {
            let mut places = (0..PROBES_MAX).map(|probe| (slot.hash as usize + probe) & (count - 1));
            let free = places.find(|at| slots[*at].entry == 0)?;
            slots[free] = *slot;
        }
        self.slots = slots;
        Some(())
    }

    /// The value of an entry.
    #[inline]
    pub(super) fn value(&self, entry: u32) -> &[u8] {
        let entry = entry as usize;
        let start = if entry == 0 { 0 } else { self.ends[entry - 1] };
        &self.bytes[start as usize..self.ends[entry] as usize]
    }

    /// How many values there are.
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The bytes of all values.
    pub(super) fn value_bytes(&self) -> usize {
        self.bytes.len()
    }

    /// The entries in the order of their values.
    pub(super) fn sorted(&self) -> Vec<u32> {
        let common = self.common_start();
        let mut keyed: Vec<(u64, u32)> = (0..self.len() as u32)
            .map(|entry| {
                let rest = &self.value(entry)[common..];
                let mut word = [0; 8];
                let taken = rest.len().min(8);
                word[..taken].copy_from_slice(&rest[..taken]);
                (u64::from_be_bytes(word), entry)
            })
            .collect();
        keyed.sort_unstable_by(|(one_key, one), (two_key, two)| {
            one_key.cmp(two_key).then_with(|| self.value(*one).cmp(self.value(*two)))
        });
        keyed.into_iter().map(|(_, entry)| entry).collect()
    }

    /// The bytes with which all values start. Behind them eight bytes tell most values apart; ARNs begin alike.
    fn common_start(&self) -> usize {
        let Some(last) = self.len().checked_sub(1) else { return 0 };
        let first = self.value(0);
        (1..=last as u32).fold(first.len(), |common, entry| {
            first[..common].iter().zip(self.value(entry)).take_while(|(one, two)| one == two).count()
        })
    }

    /// Bytes of memory held.
    pub(super) fn memory_bytes(&self) -> usize {
        self.bytes.capacity() + 4 * self.ends.capacity() + 8 * self.slots.capacity()
    }

    /// Empty again, for the next stripe.
    pub(super) fn clear(&mut self) {
        self.bytes.clear();
        self.ends.clear();
        self.slots.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn numbers_and_sorts_like_a_set(values in prop::collection::vec("(arn:)?[a-d]{0,12}", 0..800)) {
            let mut dictionary = Dictionary::default();
            for value in &values {
                let entry = dictionary.insert(value.as_bytes()).unwrap();
                prop_assert_eq!(dictionary.value(entry), value.as_bytes());
            }
            let sorted: Vec<Vec<u8>> = dictionary.sorted().into_iter().map(|entry| dictionary.value(entry).to_vec()).collect();
            let expected: Vec<Vec<u8>> =
                values.into_iter().collect::<BTreeSet<_>>().into_iter().map(String::into_bytes).collect();
            prop_assert_eq!(sorted, expected);
        }
    }

    #[test]
    fn common_starts_and_zeros_sort_right() {
        let mut dictionary = Dictionary::default();
        let values: [&[u8]; 5] = [b"ab\0\0", b"ab", b"ab\0", b"abc", b"ab\0\0\0\0\0\0\0\0"];
        values.iter().for_each(|value| assert!(dictionary.insert(value).is_some()));
        let sorted: Vec<&[u8]> = dictionary.sorted().into_iter().map(|entry| dictionary.value(entry)).collect();
        let mut expected = values.to_vec();
        expected.sort();
        assert_eq!(sorted, expected);
    }
}
