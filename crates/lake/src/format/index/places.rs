//! The place of each row, in blocks; of each block the root knows the first place and the greatest position.

use opentrail_stdx::Timestamp;

use super::blocks::{self, BLOCK_ENTRIES, BlockRun};
use super::take::Take;
use crate::format::row::Place;
use crate::format::varint;

/// What the root knows of the places.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct PlaceRun {
    pub(super) blocks: BlockRun,
    /// The first place of each block.
    pub(super) firsts: Vec<Place>,
    /// The greatest position in each block.
    pub(super) position_max: Vec<u64>,
}

impl PlaceRun {
    pub(super) fn encode(&self, out: &mut Vec<u8>) {
        self.blocks.encode(out);
        let mut last = 0;
        for (first, max) in self.firsts.iter().zip(&self.position_max) {
            varint::put(out, varint::zigzag(first.time.as_ms().wrapping_sub(last)));
            varint::put(out, first.position);
            varint::put(out, *max);
            last = first.time.as_ms();
        }
    }

    pub(super) fn decode(take: &mut Take<'_>, file_end: u64, rows: u32) -> Option<Self> {
        let blocks = BlockRun::decode(take, file_end)?;
        if blocks.len() != (rows as usize).div_ceil(BLOCK_ENTRIES) {
            return None;
        }
        let (mut firsts, mut position_max) = (Vec::with_capacity(blocks.len()), Vec::with_capacity(blocks.len()));
        let mut time = 0_i64;
        for _ in 0..blocks.len() {
            time = time.wrapping_add(take.zigzag()?);
            firsts.push(Place { time: Timestamp::from_ms(time), position: take.varint()? });
            position_max.push(take.varint()?);
        }
        firsts.is_sorted().then_some(Self { blocks, firsts, position_max })
    }
}

/// Places on their way into blocks.
#[derive(Debug, Default)]
pub(super) struct PlaceWriter {
    places: Vec<Place>,
}

impl PlaceWriter {
    /// Adds the next place; answers a sealed block when one is full.
    pub(super) fn push(&mut self, place: Place) -> Option<PlaceBlock> {
        self.places.push(place);
        (self.places.len() == BLOCK_ENTRIES).then(|| self.finish()).flatten()
    }

    /// The block of what is left.
    pub(super) fn finish(&mut self) -> Option<PlaceBlock> {
        let places = std::mem::take(&mut self.places);
        let first = *places.first()?;
        let position_max = places.iter().map(|place| place.position).max().unwrap_or(first.position);
        Some(PlaceBlock { first, position_max, bytes: encode(&places) })
    }
}

/// A block that is ready.
#[derive(Debug)]
pub(super) struct PlaceBlock {
    pub(super) first: Place,
    pub(super) position_max: u64,
    pub(super) bytes: Vec<u8>,
}

/// Times mostly are whole seconds: the differences are stored in the largest unit that fits them all.
fn encode(places: &[Place]) -> Vec<u8> {
    let between = || places.windows(2).map(|pair| pair[1].time.as_ms().abs_diff(pair[0].time.as_ms()));
    let unit = if between().all(|ms| ms % 1000 == 0) { 1000 } else { 1 };
    let mut block = Vec::new();
    varint::put(&mut block, unit);
    for (pair, ms) in places.windows(2).zip(between()) {
        varint::put(&mut block, ms / unit);
        varint::put(&mut block, varint::zigzag(pair[1].position.wrapping_sub(pair[0].position).cast_signed()));
    }
    blocks::seal(&mut block);
    block
}

/// The places of a block; nothing when its bytes are not those of `count` ascending places.
pub(super) fn decode(block: &[u8], first: Place, count: usize) -> Option<Vec<Place>> {
    let mut take = Take(blocks::unseal(block)?);
    let unit = i64::try_from(take.varint()?).ok()?;
    let mut places = Vec::with_capacity(count);
    let mut place = first;
    places.push(place);
    for _ in 1..count {
        let ms = i64::try_from(take.varint()?).ok()?.checked_mul(unit)?;
        let position = place.position.wrapping_add(take.zigzag()?.cast_unsigned());
        let next = Place { time: Timestamp::from_ms(place.time.as_ms().checked_add(ms)?), position };
        if next <= place {
            return None;
        }
        place = next;
        places.push(place);
    }
    take.is_empty().then_some(places)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn places_lead_back(
            places in proptest::collection::btree_set((-5_000_i64..5_000, any::<u64>()), 1..600),
            unit in prop_oneof![Just(1_i64), Just(1000)],
        ) {
            let place = |(ms, position): (i64, u64)| Place { time: Timestamp::from_ms(ms * unit), position };
            let places: Vec<_> = places.into_iter().map(place).collect();
            let mut writer = PlaceWriter::default();
            let mut blocks: Vec<_> = places.iter().filter_map(|place| writer.push(*place)).collect();
            blocks.extend(writer.finish());
            let mut decoded = Vec::new();
            for (block, places) in blocks.iter().zip(places.chunks(BLOCK_ENTRIES)) {
                prop_assert_eq!(places.iter().map(|it| it.position).max(), Some(block.position_max));
                decoded.extend(decode(&block.bytes, block.first, places.len()).expect("places"));
            }
            prop_assert_eq!(decoded, places);
        }
    }
}
