//! PartiQL as records show it, and the tables that it names.

const REDACTED: &str = "***(Redacted)";

/// A piece of a statement.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Token<'s> {
    /// A keyword or a bare name.
    Word(&'s str),
    /// A name in double quotes, with them.
    Quoted(&'s str),
    /// A text in single quotes, or a number.
    Literal(&'s str),
    /// Anything else, a character at a time.
    Mark(&'s str),
}

/// The tokens of a statement; together they are all of it.
fn tokens<'s>(statement: &'s str) -> impl Iterator<Item = Token<'s>> {
    let mut rest = statement;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let is_word = |it: char| it.is_alphanumeric() || it == '_';
        let length = |goes_on: &dyn Fn(char) -> bool| rest.find(|it| !goes_on(it)).unwrap_or(rest.len());
        let (end, token): (usize, fn(&'s str) -> Token<'s>) = match first {
            '\'' => (quoted(rest), Token::Literal),
            '"' => (quoted(rest), Token::Quoted),
            '0'..='9' => (length(&|it| it.is_ascii_alphanumeric() || it == '.'), Token::Literal),
            it if is_word(it) => (length(&is_word), Token::Word),
            it => (it.len_utf8(), Token::Mark),
        };
        let (token, after) = (token(&rest[..end]), &rest[end..]);
        rest = after;
        Some(token)
    })
}

/// The length of a quoted text at the start, with its quotes; a quote inside is doubled.
fn quoted(text: &str) -> usize {
    let quote = text.as_bytes()[0];
    let mut bytes = text.bytes().enumerate().skip(1).peekable();
    while let Some((at, byte)) = bytes.next() {
        if byte == quote && bytes.next_if(|(_, next)| *next == quote).is_none() {
            return at + 1;
        }
    }
    text.len()
}

/// A statement without its literals. The names of an item's attributes stay; what they have inside doesn't.
pub(super) fn redacted(statement: &str) -> String {
    let mut out = String::with_capacity(statement.len());
    let (mut depth, mut rest) = (0_usize, statement);
    for token in tokens(statement) {
        let (Token::Word(text) | Token::Quoted(text) | Token::Literal(text) | Token::Mark(text)) = token;
        rest = &rest[text.len()..];
        match text {
            "{" => depth += 1,
            "}" => depth = depth.saturating_sub(1),
            _ => {}
        }
        let is_name = depth == 1 && rest.trim_start().starts_with(':');
        let is_literal = matches!(token, Token::Literal(_));
        out.push_str(if is_literal && !is_name { REDACTED } else { text });
    }
    out
}

/// The tables that a statement names: after `FROM`, `INTO` and `UPDATE`.
pub(super) fn tables(statement: &str) -> Vec<String> {
    const BEFORE_TABLES: [&str; 3] = ["FROM", "INTO", "UPDATE"];
    let is_blank = |token: &Token<'_>| matches!(token, Token::Mark(mark) if mark.trim().is_empty());
    let mut found = Vec::new();
    let mut tokens = tokens(statement).filter(|token| !is_blank(token));
    while let Some(token) = tokens.next() {
        let Token::Word(word) = token else { continue };
        if !BEFORE_TABLES.iter().any(|keyword| keyword.eq_ignore_ascii_case(word)) {
            continue;
        }
        match tokens.next() {
            Some(Token::Word(name)) => found.push(name.to_owned()),
            Some(Token::Quoted(name)) => found.push(name.trim_matches('"').to_owned()),
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_lose_their_literals() {
        for (statement, expected) in [
            (
                "SELECT * FROM \"T1\" WHERE a = 'it''s' AND b1 = 25",
                "SELECT * FROM \"T1\" WHERE a = ***(Redacted) AND b1 = ***(Redacted)",
            ),
            ("INSERT INTO M VALUE {'k' : 'é', 'n':1}", "INSERT INTO M VALUE {'k' : ***(Redacted), 'n':***(Redacted)}"),
            ("INSERT INTO M VALUE {'k': {'in': 'x'}}", "INSERT INTO M VALUE {'k': {***(Redacted): ***(Redacted)}}"),
            ("a = 'open", "a = ***(Redacted)"),
            ("a = 1.5e3", "a = ***(Redacted)"),
            ("é '✓' é", "é ***(Redacted) é"),
        ] {
            assert_eq!(redacted(statement), expected);
        }
    }

    #[test]
    fn tables_stand_after_their_keywords() {
        for (statement, expected) in [
            ("SELECT * FROM Music WHERE a = ' FROM Nowhere'", &["Music"][..]),
            ("select a from \"my-table.v2\".\"by-artist\" where a = 1", &["my-table.v2"]),
            ("INSERT INTO Music VALUE {'FROM': 'x'}", &["Music"]),
            ("UPDATE\n\t\"Music\" SET a = 1 RETURNING ALL OLD *", &["Music"]),
            ("DELETE FROM Music WHERE \"FROM\" = 1", &["Music"]),
            ("EXISTS(SELECT * FROM A WHERE b = 1)", &["A"]),
            ("SELECT * FROM", &[]),
            ("SELECT 'FROM Music", &[]),
            ("", &[]),
        ] {
            assert_eq!(tables(statement), expected, "{statement}");
        }
    }
}
