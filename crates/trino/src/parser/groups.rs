//! Which parentheses belong together, and what they hold.

use crate::lexer::{Kind, Token};

use super::cursor::Parser;

/// For each opening parenthesis the index of its closing one.
pub(super) fn partners(tokens: &[Token]) -> Vec<Option<usize>> {
    let mut partners = vec![None; tokens.len()];
    let mut open = Vec::new();
    for (index, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Symbol("(") => open.push(index),
            Kind::Symbol(")") => {
                if let Some(partner) = open.pop().and_then(|start: usize| partners.get_mut(start)) {
                    *partner = Some(index);
                }
            }
            _ => {}
        }
    }
    partners
}

/// Words that begin a query; all are reserved.
const QUERY_WORDS: [&str; 4] = ["SELECT", "WITH", "VALUES", "TABLE"];

/// Words that go on with a query behind a query in parentheses.
const QUERY_TAILS: [&str; 7] = ["UNION", "EXCEPT", "INTERSECT", "ORDER", "OFFSET", "LIMIT", "FETCH"];

impl Parser<'_> {
    /// Does a query begin so many tokens ahead?
    pub(super) fn is_query(&self, ahead: usize) -> bool {
        self.is_any_word(ahead, &QUERY_WORDS)
    }

    /// Does the parenthesis so many tokens ahead hold a query? `((SELECT 1) UNION SELECT 2)` does, `((SELECT 1) + 1)` doesn't.
    pub(super) fn is_query_group(&self, ahead: usize) -> bool {
        let mut innermost = ahead;
        while self.is_symbol(innermost + 1, "(") {
            innermost += 1;
        }
        if !self.is_query(innermost + 1) {
            return false;
        }
        // From the inside out: each group must be followed by what goes on with a query, or ends one.
        (ahead + 1..=innermost).rev().all(|open| {
            self.behind(open).is_some_and(|next| self.is_symbol(next, ")") || self.is_any_word(next, &QUERY_TAILS))
        })
    }

    /// Does the parenthesis that comes next hold the parameters of a lambda?
    pub(super) fn is_lambda_group(&self) -> bool {
        self.behind(0).is_some_and(|next| self.is_symbol(next, "->"))
    }
}
