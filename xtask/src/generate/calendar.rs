//! Dates without a library: from seconds to text, and back.

use anyhow::{Context as _, ensure};

/// Year, month and day of a count of days since 1970.
pub(super) fn date_of(days: u64) -> (u64, u64, u64) {
    // The proleptic Gregorian calendar in eras of 400 years, counted from 1 March of the year 0.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    (era * 400 + year_of_era + u64::from(month <= 2), month, day)
}

fn days_of((year, month, day): (u64, u64, u64)) -> u64 {
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year / 400, year % 400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Appends a number with leading zeros.
pub(super) fn digits(mut number: u64, width: usize, out: &mut Vec<u8>) {
    let start = out.len();
    out.resize(start + width, b'0');
    for place in out[start..].iter_mut().rev() {
        *place = b'0' + u8::try_from(number % 10).expect("a digit");
        number /= 10;
    }
}

/// Appends seconds since 1970 as `2026-09-13T17:19:17Z`.
pub(super) fn instant(seconds: u64, out: &mut Vec<u8>) {
    let (year, month, day) = date_of(seconds / 86_400);
    for (number, width, then) in [(year, 4, b'-'), (month, 2, b'-'), (day, 2, b'T')] {
        digits(number, width, out);
        out.push(then);
    }
    for (number, then) in [(seconds / 3_600 % 24, b':'), (seconds / 60 % 60, b':'), (seconds % 60, b'Z')] {
        digits(number, 2, out);
        out.push(then);
    }
}

/// Seconds since 1970 of `2026-09-13` or `2026-09-13T17:19:17Z`.
pub(super) fn parse(text: &str) -> anyhow::Result<u64> {
    let problem = || format!("`{text}` is no time; write 2026-09-13T17:19:17Z or 2026-09-13");
    let (date, time) = text.split_once('T').unwrap_or((text, "00:00:00Z"));
    let three = |text: &str, by: char| -> anyhow::Result<(u64, u64, u64)> {
        let numbers: Result<Vec<u64>, _> = text.split(by).map(str::parse).collect();
        match numbers.with_context(problem)?[..] {
            [first, second, third] => Ok((first, second, third)),
            _ => anyhow::bail!(problem()),
        }
    };
    let date = three(date, '-')?;
    let (hour, minute, second) = three(time.strip_suffix('Z').with_context(problem)?, ':')?;
    let is_valid = (1970..=9999).contains(&date.0) && date_of(days_of(date)) == date;
    ensure!(is_valid && hour < 24 && minute < 60 && second < 60, problem());
    Ok(days_of(date) * 86_400 + hour * 3_600 + minute * 60 + second)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_come_back() {
        for text in ["1970-01-01T00:00:00Z", "2024-02-29T23:59:59Z", "2026-11-22T15:04:05Z", "2100-03-01T00:00:00Z"] {
            let mut out = Vec::new();
            instant(parse(text).expect(text), &mut out);
            assert_eq!(out, text.as_bytes());
        }
        assert_eq!(parse("2026-09-13").unwrap(), 1_789_257_600);
        for text in ["", "2026-02-30", "2026-09-13T24:00:00Z", "2026-09-13 10:00:00Z", "2026-0-1", "2026-13-01"] {
            assert!(parse(text).is_err(), "{text}");
        }
    }
}
