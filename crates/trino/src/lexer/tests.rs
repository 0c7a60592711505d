use super::*;

/// The tokens with their texts, kinds by a letter.
fn check(text: &str, expected: &str) {
    let letter = |kind: &Kind| match kind {
        Kind::Word => "w",
        Kind::Uuid => "U",
        Kind::Quoted(_) => "q",
        Kind::BackQuoted => "`",
        Kind::DigitWord => "dw",
        Kind::Integer => "i",
        Kind::Decimal => "d",
        Kind::Double => "e",
        Kind::String(_) => "s",
        Kind::UnicodeString(_) => "u",
        Kind::Bytes(_) => "x",
        Kind::Symbol(_) => "",
        Kind::Unrecognized => "?",
        Kind::End => "$",
    };
    let tokens = lex(text);
    let shown: Vec<String> =
        tokens.iter().map(|it| format!("{}{}", letter(&it.kind), &text[it.start..it.end])).collect();
    assert_eq!(shown.join(" "), expected, "{text}");
}

#[test]
fn numbers_take_the_longest_rule() {
    check("1 1. .5 1.5 1e3 12e45 1.e-3 .5e+1", "i1 d1. d.5 d1.5 e1e3 e12e45 e1.e-3 e.5e+1 $");
    check("1_000 0xFF 0b10 0o17 1__0 1e 3e8f", "i1_000 i0xFF i0b10 i0o17 dw1__0 dw1e dw3e8f $");
    check("a.b t.1 1-1", "wa . wb wt d.1 i1 - i1 $");
}

#[test]
fn uuids_are_one_token_unless_they_go_on() {
    for id in [
        "a1b2c3d4-1111-4222-8333-abcdefabcdef",
        "12345678-1234-4234-8234-123456789012",
        "12e45678-1234-4234-8234-123456789012",
    ] {
        check(id, &format!("U{id} $"));
        check(&format!("{id}.x"), &format!("U{id} . wx $"));
        let longer = format!("{id}0");
        assert_ne!(lex(&longer)[0].kind, Kind::Uuid);
    }
    let text = "12e45678-1234-4234-8234-123456789012";
    let plain = lex_plain(text, &lex(text)[0]);
    assert_eq!(plain.len(), 9);
    assert_eq!(plain[0].kind, Kind::Double);
    assert_eq!(plain[8].place, Place { line: 1, column: 25 });
}

#[test]
fn quotes_and_comments() {
    check("'it''s' \"a\"\"b\" `c` X'00' U&'\\0041'", "s'it''s' q\"a\"\"b\" ``c` xX'00' uU&'\\0041' $");
    assert_eq!(lex("'it''s'")[0].kind, Kind::String("it's".to_owned()));
    check("a -- b 'c\n/* d ; */e/*f", "wa we / * wf $");
    check("'never", "?' wnever $");
    check("ä \u{1F600}x", "?ä ?\u{1F600} wx $");
}

#[test]
fn places_count_lines_and_code_points() {
    let tokens = lex("'ä😀' x\r\n  y");
    let places: Vec<(u32, u32)> = tokens.iter().map(|it| (it.place.line, it.place.column)).collect();
    assert_eq!(places, [(1, 1), (1, 6), (2, 3), (2, 4)]);
}
