//! Byte run-length encoding: runs of 3 to 130 equal bytes, and up to 128 bytes as they are.

const RUN_MIN: usize = 3;
const RUN_MAX: usize = 130;
const LITERALS_MAX: usize = 128;

/// Appends the encoding of `values`.
pub(in crate::write) fn encode(values: &[u8], out: &mut Vec<u8>) {
    let mut at = 0;
    while at < values.len() {
        let run = run_length(&values[at..]);
        if run >= RUN_MIN {
            out.push((run - RUN_MIN) as u8);
            out.push(values[at]);
            at += run;
        } else {
            let literals = literal_length(&values[at..]);
            out.push((literals as u8).wrapping_neg());
            out.extend_from_slice(&values[at..at + literals]);
            at += literals;
        }
    }
}

/// How often the first value repeats at once, up to the longest run.
fn run_length(values: &[u8]) -> usize {
    values.iter().take(RUN_MAX).take_while(|value| **value == values[0]).count()
}

/// The values until a run starts, up to the longest list of literals.
fn literal_length(values: &[u8]) -> usize {
    let starts_run = |window: &[u8]| window[0] == window[1] && window[1] == window[2];
    let until_run = values.windows(RUN_MIN).take(LITERALS_MAX).position(starts_run);
    until_run.unwrap_or(values.len()).min(LITERALS_MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn encoded(values: &[u8]) -> Vec<u8> {
        let mut out = Vec::new();
        encode(values, &mut out);
        out
    }

    fn decoded(mut bytes: &[u8]) -> Vec<u8> {
        let mut values = Vec::new();
        while let [control, rest @ ..] = bytes {
            let (taken, count) = match *control as i8 {
                run @ 0.. => {
                    values.extend(std::iter::repeat_n(rest[0], run as usize + RUN_MIN));
                    (1, 0)
                }
                literals => (literals.unsigned_abs() as usize, literals.unsigned_abs() as usize),
            };
            values.extend_from_slice(&rest[..count]);
            bytes = &rest[taken..];
        }
        values
    }

    #[test]
    fn examples_of_the_specification() {
        assert_eq!(encoded(&[0; 100]), [0x61, 0x00]);
        assert_eq!(encoded(&[0x44, 0x45]), [0xfe, 0x44, 0x45]);
        assert_eq!(encoded(&[]), Vec::<u8>::new());
    }

    #[test]
    fn lengths_around_the_bounds() {
        for length in [1, 2, 3, 127, 128, 129, 130, 131, 260, 261] {
            let same = vec![7; length];
            assert_eq!(decoded(&encoded(&same)), same);
            let different: Vec<u8> = (0..length).map(|index| index as u8).collect();
            assert_eq!(decoded(&encoded(&different)), different);
        }
    }

    proptest! {
        #[test]
        fn decodes_to_the_same(values in prop::collection::vec(0u8..3, 0..1000)) {
            prop_assert_eq!(decoded(&encoded(&values)), values);
        }
    }
}
