//! UUIDs as numbers, for where many of them are kept.

use std::fmt::Write as _;

/// The number of a UUID in lower-case text, `01234567-89ab-cdef-0123-456789abcdef`; nothing for other text.
pub fn uuid_number(text: &str) -> Option<u128> {
    let digits: String = text.split('-').collect();
    let number = u128::from_str_radix(&digits, 16).ok()?;
    (uuid_text(number) == text).then_some(number)
}

/// The text of a UUID.
pub fn uuid_text(number: u128) -> String {
    let mut text = String::with_capacity(36);
    for (index, byte) in number.to_be_bytes().iter().enumerate() {
        if matches!(index, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        write!(text, "{byte:02x}").expect("text can be written to");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_texts_lead_to_one_another() {
        let text = "01234567-89ab-cdef-0123-456789abcdef";
        let number = uuid_number(text).expect("a UUID");
        assert_eq!((number, uuid_text(number).as_str()), (0x0123_4567_89ab_cdef_0123_4567_89ab_cdef, text));
        for odd in [
            "",
            "01234567-89ab-cdef-0123-456789ABCDEF",
            "0123456789abcdef0123456789abcdef",
            "+1234567-89ab-cdef-0123-456789abcdef",
        ] {
            assert_eq!(uuid_number(odd), None, "{odd}");
        }
    }
}
