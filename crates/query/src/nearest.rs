//! The right name for a misspelt one.

/// The name that takes the fewest edits to become `wanted`, if that is few enough for a slip of the pen.
pub(crate) fn nearest<'n>(wanted: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    let wanted = wanted.to_lowercase();
    let edits_max = (wanted.chars().count() / 3).max(1);
    names
        .map(|name| (edits(&wanted, &name.to_lowercase()), name))
        .filter(|(edits, _)| *edits <= edits_max)
        .min()
        .map(|(_, name)| name)
}

/// `; did you mean 'x'?`, or nothing.
pub(crate) fn hint<'n>(wanted: &str, names: impl Iterator<Item = &'n str>) -> String {
    nearest(wanted, names).map_or_else(String::new, |name| format!("; did you mean '{name}'?"))
}

/// Insertions, removals and replacements between two texts.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(from != *to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_is_found_and_nonsense_is_not() {
        let names = ["eventName", "eventTime", "awsRegion"];
        assert_eq!(nearest("eventnam", names.into_iter()), Some("eventName"));
        assert_eq!(nearest("regionaws", names.into_iter()), None);
        assert_eq!(nearest("AWSREGION", names.into_iter()), Some("awsRegion"));
    }
}
