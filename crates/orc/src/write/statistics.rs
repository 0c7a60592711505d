//! What is learnt of the values on their way: of a row group first, then merged into its stripe, then into the file.

mod number;
mod text;

pub(super) use number::{Counts, Decimals, Doubles, Integers, Timestamps, decimal_text};
pub(super) use text::Texts;

use crate::proto;

/// The statistics of one kind of column.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    /// Structs and unions have none beside their count.
    None,
    Integers(Integers),
    Doubles(Doubles),
    Texts(Texts),
    /// How many are true.
    Booleans(u64),
    Decimals(Decimals),
    /// Days.
    Dates(Integers),
    /// Bytes of all values.
    Binaries(i64),
    Timestamps(Timestamps),
    /// Children of lists and maps.
    Collections(Counts),
}

impl Kind {
    fn merge(&mut self, other: &Self) {
        match (self, other) {
            (Self::Integers(all), Self::Integers(more)) | (Self::Dates(all), Self::Dates(more)) => all.merge(more),
            (Self::Doubles(all), Self::Doubles(more)) => all.merge(more),
            (Self::Texts(all), Self::Texts(more)) => all.merge(more),
            (Self::Booleans(all), Self::Booleans(more)) => *all += more,
            (Self::Decimals(all), Self::Decimals(more)) => all.merge(more),
            (Self::Binaries(all), Self::Binaries(more)) => *all = all.saturating_add(*more),
            (Self::Timestamps(all), Self::Timestamps(more)) => all.merge(more),
            (Self::Collections(all), Self::Collections(more)) => all.merge(more),
            (all @ Self::None, more) => *all = more.clone(),
            (_, _) => debug_assert!(matches!(other, Self::None), "a column has one kind of statistics"),
        }
    }

    fn fill(&self, out: &mut proto::ColumnStatistics) {
        match self {
            Self::None => {}
            Self::Integers(integers) => out.int_statistics = Some(integers.to_proto()),
            Self::Doubles(doubles) => out.double_statistics = Some(doubles.to_proto()),
            Self::Texts(texts) => out.string_statistics = Some(texts.to_proto()),
            Self::Booleans(trues) => out.bucket_statistics = Some(proto::BucketStatistics { count: vec![*trues] }),
            Self::Decimals(decimals) => out.decimal_statistics = Some(decimals.to_proto()),
            Self::Dates(days) => out.date_statistics = Some(days.to_date_proto()),
            Self::Binaries(bytes) => out.binary_statistics = Some(proto::BinaryStatistics { sum: Some(*bytes) }),
            Self::Timestamps(times) => out.timestamp_statistics = Some(times.to_proto()),
            Self::Collections(counts) => out.collection_statistics = Some(counts.to_proto()),
        }
    }
}

/// The statistics of a column.
#[derive(Clone, Debug)]
pub(super) struct Statistics {
    pub(super) values: u64,
    pub(super) has_null: bool,
    /// Known of stripes and files only.
    pub(super) bytes_on_disk: u64,
    pub(super) kind: Kind,
}

impl Default for Statistics {
    fn default() -> Self {
        Self { values: 0, has_null: false, bytes_on_disk: 0, kind: Kind::None }
    }
}

impl Statistics {
    pub(super) fn merge(&mut self, other: &Self) {
        self.values += other.values;
        self.has_null |= other.has_null;
        self.bytes_on_disk += other.bytes_on_disk;
        self.kind.merge(&other.kind);
    }

    pub(super) fn to_proto(&self) -> proto::ColumnStatistics {
        let mut out = proto::ColumnStatistics {
            number_of_values: Some(self.values),
            has_null: Some(self.has_null),
            bytes_on_disk: (self.bytes_on_disk > 0).then_some(self.bytes_on_disk),
            ..Default::default()
        };
        self.kind.fill(&mut out);
        out
    }
}
