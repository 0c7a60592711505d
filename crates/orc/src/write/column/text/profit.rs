//! Whether a dictionary pays: what it costs against what the plain values cost, both before compression.

use super::Strings;

/// Rows after which a dictionary of nearly as many entries is given up.
const EARLY_ROWS: usize = 4096;
/// Rows after which a dictionary must have shown that values come back.
const LATE_ROWS: usize = 32_768;

impl Strings {
    /// Whether the dictionary is smaller than three quarters of the plain values. The codec finds some of what repeats
    /// by itself, so that a small gain is none.
    ///
    /// A stripe without a value has a dictionary without an entry, as the Java writer has it: the C++ reader fails to
    /// skip over plain values of which there are none.
    pub(super) fn pays(&self) -> bool {
        let entries = self.dictionary.len();
        let reference_bytes = match entries {
            0..=0x100 => 1,
            0x101..=0x1_0000 => 2,
            _ => 3,
        };
        let plain = self.value_bytes + self.entries.len();
        let with_dictionary = self.dictionary.value_bytes() + entries + reference_bytes * self.entries.len();
        self.entries.is_empty() || with_dictionary * 4 < plain * 3
    }

    /// Whether there is no point in going on with it.
    pub(super) fn is_hopeless(&self) -> bool {
        let (rows, entries) = (self.entries.len(), self.dictionary.len());
        let repeats_too_little =
            (rows >= EARLY_ROWS && entries * 10 > rows * 9) || (rows >= LATE_ROWS && entries * 3 > rows * 2);
        repeats_too_little || self.dictionary.value_bytes() > self.dictionary_bytes_max
    }
}
