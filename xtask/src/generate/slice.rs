//! The events of one slice, handed over one by one in the order of their time.

use super::actors::{Actor, Cast, Workplace};
use super::plan::Slice;
use super::random::{Random, Weighted};
use super::record::{Family, Maker};
use super::template::Scene;

/// What a generator is for, so that no two give the same sequence.
const OF_EVENTS: u64 = 4;
const OF_ACCOUNTS: u64 = 5;

/// What all slices share.
#[derive(Debug)]
pub(super) struct World {
    seed: u64,
    /// Twelve digits each.
    pub(super) accounts: Vec<String>,
    /// Names of Regions.
    pub(super) regions: Vec<String>,
    account_weights: Weighted,
    region_weights: Weighted,
    maker: Maker,
    cast: Cast,
}

/// One event, and where it belongs.
#[derive(Debug)]
pub(super) struct Event<'a> {
    /// Index in [`World::accounts`].
    pub(super) account: usize,
    /// Index in [`World::regions`].
    pub(super) region: usize,
    pub(super) family: Family,
    /// Seconds since 1970.
    pub(super) time: u64,
    pub(super) json: &'a [u8],
}

impl World {
    pub(super) fn new(seed: u64, accounts: usize, regions: Vec<String>) -> anyhow::Result<Self> {
        let account = |number: u64| {
            format!("{:012}", 100_000_000_000 + Random::of(&[seed, number, OF_ACCOUNTS]).below(899_999_999_999))
        };
        // The first is the busiest by far.
        let falling = |count: usize| Weighted::new((0..count as u64).map(|place| 1_000 / (place * place + 1) + 1));
        Ok(Self {
            seed,
            account_weights: falling(accounts),
            region_weights: falling(regions.len()),
            accounts: (0..accounts as u64).map(account).collect(),
            regions,
            maker: Maker::new()?,
            cast: Cast::new(),
        })
    }

    /// Makes the events of `slice`: a function of the seed and the slice alone.
    pub(super) fn events(
        &self,
        slice: Slice,
        mut take: impl FnMut(Event<'_>) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut random = Random::of(&[self.seed, slice.number, OF_EVENTS]);
        let mut at_work: Vec<Option<Actor>> = (0..self.accounts.len() * self.regions.len()).map(|_| None).collect();
        let mut json = Vec::with_capacity(4_096);
        for time in slice.times(&mut random) {
            let (account, region) = (self.account_weights.pick(&mut random), self.region_weights.pick(&mut random));
            let account_id = self.accounts[account].as_str();
            let place = Workplace { seed: self.seed, account: account as u64, account_id, time };
            // Calls come in runs of the same caller.
            let seat = &mut at_work[account * self.regions.len() + region];
            let actor = match seat {
                Some(actor) if random.chance(60) => actor,
                _ => seat.insert(self.cast.choose(place, &mut random)),
            };
            let scene = Scene {
                seed: self.seed,
                account: account as u64,
                account_id,
                region: &self.regions[region],
                time,
                choice: random.next(),
            };
            json.clear();
            let family = self.maker.write(&scene, actor, &mut random, &mut json);
            take(Event { account, region, family, time, json: &json })?;
        }
        Ok(())
    }
}
