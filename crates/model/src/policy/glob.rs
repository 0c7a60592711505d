//! Text with `*`, `?` and `${variable}`.

use std::collections::BTreeMap;

/// A pattern, ready to be matched.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Glob(Vec<Token>);

#[derive(Debug, PartialEq, Eq, Clone, Copy)]
enum Token {
    Literal(char),
    One,
    Many,
}

impl Glob {
    /// A pattern without variables.
    pub(super) fn plain(pattern: &str) -> Self {
        Self(tokens(pattern).collect())
    }

    /// A pattern whose variables are filled in from the context, when there is one. `None` when a variable has no
    /// value: such a pattern matches nothing.
    pub(super) fn new(pattern: &str, context: Option<&BTreeMap<String, Vec<String>>>) -> Option<Self> {
        let Some(context) = context else { return Some(Self::plain(pattern)) };
        let mut glob = Vec::new();
        for piece in pieces(pattern) {
            match piece {
                Piece::Text(text) => glob.extend(tokens(text)),
                Piece::Variable(name) => glob.extend(value(name, context)?.chars().map(Token::Literal)),
            }
        }
        Some(Self(glob))
    }

    /// Text in which only variables are filled in.
    pub(super) fn literal(text: &str, context: &BTreeMap<String, Vec<String>>) -> Option<String> {
        let fill = |piece| match piece {
            Piece::Text(text) => Some(text),
            Piece::Variable(name) => value(name, context),
        };
        pieces(text).into_iter().map(fill).collect()
    }

    /// Does the whole text match? Goes back at most to the last `*`, so that no pattern takes exponential time.
    pub(super) fn matches(&self, text: &str) -> bool {
        let pattern = &self.0;
        let (mut at, mut rest) = (0, text.chars());
        let mut retry = None;
        loop {
            let mut ahead = rest.clone();
            match (pattern.get(at), ahead.next()) {
                (Some(Token::Many), _) => {
                    at += 1;
                    retry = Some((at, rest.clone()));
                    continue;
                }
                (Some(Token::One), Some(_)) => {}
                (Some(Token::Literal(wanted)), Some(c)) if *wanted == c => {}
                (None, None) => return true,
                _ => {
                    let Some((again, mut from)) = retry.take() else { return false };
                    if from.next().is_none() {
                        return false;
                    }
                    retry = Some((again, from.clone()));
                    (at, rest) = (again, from);
                    continue;
                }
            }
            at += 1;
            rest = ahead;
        }
    }
}

enum Piece<'a> {
    Text(&'a str),
    Variable(&'a str),
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("${") {
        let Some((variable, after)) = after.split_once('}') else { break };
        pieces.extend([Piece::Text(before), Piece::Variable(variable)]);
        rest = after;
    }
    pieces.push(Piece::Text(rest));
    pieces
}

fn tokens(text: &str) -> impl Iterator<Item = Token> {
    text.chars().map(|c| match c {
        '*' => Token::Many,
        '?' => Token::One,
        c => Token::Literal(c),
    })
}

/// The value of a variable: `${*}`, `${?}` and `${$}` stand for the character, `${key, 'default'}` for the default
/// when the key is absent.
fn value<'a>(variable: &'a str, context: &'a BTreeMap<String, Vec<String>>) -> Option<&'a str> {
    if matches!(variable, "*" | "?" | "$") {
        return Some(variable);
    }
    let (key, default) =
        variable.split_once(',').map_or((variable, None), |(key, default)| (key, Some(default.trim())));
    let default = default.and_then(|text| text.strip_prefix('\'')?.strip_suffix('\''));
    match lookup(context, key.trim()) {
        Some([single]) => Some(single),
        _ => default,
    }
}

/// The values of a condition key, whose name compares without case.
pub(super) fn lookup<'a>(context: &'a BTreeMap<String, Vec<String>>, key: &str) -> Option<&'a [String]> {
    context.iter().find(|(name, _)| name.eq_ignore_ascii_case(key)).map(|(_, values)| values.as_slice())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn stars_and_question_marks() {
        for (pattern, text, expected) in [
            ("", "", true),
            ("*", "", true),
            ("a*", "a", true),
            ("a*b*c", "aXbYbZc", true),
            ("a*b*c", "aXbYbZ", false),
            ("?", "", false),
            ("?", "é", true),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false),
            ("abc", "abcd", false),
        ] {
            assert_eq!(Glob::plain(pattern).matches(text), expected, "{pattern} {text}");
        }
    }

    #[test]
    fn variables_are_literal_text() {
        let context = BTreeMap::from([("aws:username".to_owned(), vec!["b*b".to_owned()])]);
        let glob = |pattern: &str| Glob::new(pattern, Some(&context));
        assert!(glob("home/${aws:UserName}/*").expect("known").matches("home/b*b/x"));
        assert!(!glob("home/${aws:username}/*").expect("known").matches("home/bob/x"));
        assert!(glob("${*}${?}${$}").expect("known").matches("*?$"));
        assert_eq!(glob("${aws:nothing}"), None);
        assert!(glob("${aws:nothing, 'else'}").expect("default").matches("else"));
        assert!(Glob::new("${aws:username}", None).expect("plain").matches("${aws:username}"));
        assert!(glob("a${b").expect("no variable").matches("a${b"));
    }

    fn naive(pattern: &[char], text: &[char]) -> bool {
        match pattern {
            [] => text.is_empty(),
            ['*', rest @ ..] => (0..=text.len()).any(|skip| naive(rest, &text[skip..])),
            ['?', rest @ ..] => !text.is_empty() && naive(rest, &text[1..]),
            [c, rest @ ..] => text.first() == Some(c) && naive(rest, &text[1..]),
        }
    }

    proptest! {
        #[test]
        fn agrees_with_the_definition(pattern in "[ab*?]{0,8}", text in "[ab]{0,10}") {
            let chars = |s: &str| s.chars().collect::<Vec<_>>();
            prop_assert_eq!(Glob::plain(&pattern).matches(&text), naive(&chars(&pattern), &chars(&text)));
        }
    }
}
