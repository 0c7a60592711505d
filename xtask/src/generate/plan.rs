//! When things happen: a span of time cut into slices that can each be made alone.

use super::random::Random;

/// Events of a slice: few enough to be made in memory, many enough to be worth a thread's turn.
pub(super) const SLICE_EVENTS: u64 = 20_000;

/// Activity by hour of day (UTC), in tenths of the mean: work hours are busy, nights belong to machines.
const HOURS: [u64; 24] = [6, 5, 5, 5, 5, 6, 8, 10, 13, 15, 16, 15, 13, 15, 16, 16, 15, 14, 12, 10, 8, 7, 7, 6];

/// A part of the span with its share of the events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slice {
    /// Its place among the slices.
    pub(super) number: u64,
    /// First second.
    pub(super) start: u64,
    /// Just after the last second.
    pub(super) end: u64,
    /// How many events happen in it.
    pub(super) events: u64,
}

/// The slices of `events` events between two times (seconds), which differ.
pub(super) fn slices(events: u64, from: u64, to: u64) -> Vec<Slice> {
    let hours: Vec<(u64, u64)> = hours(from, to).collect();
    let total: u128 = hours.iter().map(|hour| weight(*hour)).sum();
    let (mut slices, mut sum, mut begun, mut start) = (Vec::new(), 0_u128, 0, from);
    for (index, &(hour_start, hour_end)) in hours.iter().enumerate() {
        sum += weight((hour_start, hour_end));
        let done = u64::try_from(u128::from(events) * sum / total).expect("no more than `events`");
        let is_last = index + 1 == hours.len();
        if done - begun >= SLICE_EVENTS || is_last {
            cut(start, hour_end, done - begun, &mut slices);
            (begun, start) = (done, hour_end);
        }
    }
    slices
}

/// Clock hours, the first and the last perhaps not whole.
fn hours(from: u64, to: u64) -> impl Iterator<Item = (u64, u64)> {
    (from / 3_600..to.div_ceil(3_600)).map(move |hour| (from.max(hour * 3_600), to.min((hour + 1) * 3_600)))
}

impl Slice {
    /// The times of its events in seconds, ascending, busy hours first served.
    pub(super) fn times(self, random: &mut Random) -> Vec<u64> {
        const PARTS: u128 = 1 << 16;
        let hours: Vec<(u64, u64)> = hours(self.start, self.end).collect();
        let total: u128 = hours.iter().map(|hour| weight(*hour)).sum();
        let (mut hour, mut before) = (0, 0_u128);
        let times = (0..self.events).map(|event| {
            let place = u128::from(event) * PARTS + u128::from(random.below(1 << 16));
            let target = place * total / (u128::from(self.events) * PARTS);
            while before + weight(hours[hour]) <= target {
                before += weight(hours[hour]);
                hour += 1;
            }
            let (start, end) = hours[hour];
            let into = (target - before) * u128::from(end - start) / weight(hours[hour]);
            start + u64::try_from(into).expect("less than an hour")
        });
        times.collect()
    }
}

fn weight((start, end): (u64, u64)) -> u128 {
    let hour = usize::try_from(start / 3_600 % 24).expect("an hour of the day");
    // 1 January 1970 was a Thursday.
    let is_weekend = matches!((start / 86_400 + 4) % 7, 0 | 6);
    u128::from((end - start) * HOURS[hour] * if is_weekend { 4 } else { 10 })
}

/// Cuts a busy stretch into slices of equal length.
fn cut(start: u64, end: u64, events: u64, slices: &mut Vec<Slice>) {
    let parts = (events / SLICE_EVENTS).clamp(1, end - start);
    for part in 0..parts {
        let at = |part: u64| (start + (end - start) * part / parts, events * part / parts);
        let ((start, before), (end, after)) = (at(part), at(part + 1));
        if after > before {
            slices.push(Slice { number: slices.len() as u64, start, end, events: after - before });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_event_has_its_slice() {
        for (events, from, to) in
            [(1, 0, 1), (100_000, 1_000_000, 1_000_060), (1_000_000, 999, 90 * 86_400), (7, 5, 8_000)]
        {
            let slices = slices(events, from, to);
            assert_eq!(slices.iter().map(|slice| slice.events).sum::<u64>(), events);
            assert!(slices.is_sorted_by(|a, b| a.end <= b.start && a.number + 1 == b.number), "{slices:?}");
            assert!(slices[0].start >= from && slices[slices.len() - 1].end <= to);
            for slice in slices.into_iter().take(3) {
                let times = slice.times(&mut Random::of(&[slice.number]));
                assert_eq!(times.len() as u64, slice.events);
                assert!(times.is_sorted() && times[0] >= slice.start && times[times.len() - 1] < slice.end);
            }
        }
    }

    #[test]
    fn weekends_are_quiet() {
        // Monday 13 to Sunday 19 July 2026.
        let week = slices(1_000_000, 1_783_900_800, 1_783_900_800 + 7 * 86_400);
        let of_weekend: u64 =
            week.iter().filter(|slice| slice.start >= 1_783_900_800 + 5 * 86_400).map(|it| it.events).sum();
        assert!((100_000..180_000).contains(&of_weekend), "{of_weekend}");
    }
}
