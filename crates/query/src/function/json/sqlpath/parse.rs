//! Reading paths.

use super::super::super::regexp::Pattern;
use super::super::write::quote;
use super::{Comparison, Index, Method, Operand, Predicate, SqlPath, Start, Step};

/// How deep parentheses and filters may nest.
const DEPTH_MAX: usize = 32;

/// `[lax | strict] $…`, `[lax | strict] $name…`
pub(super) fn path(text: &str) -> Option<SqlPath> {
    let mut reader = Reader { rest: text, depth: 0, variables: Vec::new() };
    let is_strict = reader.word("strict");
    if !is_strict {
        reader.word("lax");
    }
    let start = reader.start()?;
    let steps = reader.steps()?;
    reader.blanks();
    reader.rest.is_empty().then_some(SqlPath { is_strict, start, steps, variables: reader.variables })
}

struct Reader<'a> {
    rest: &'a str,
    depth: usize,
    variables: Vec<String>,
}

impl Reader<'_> {
    fn blanks(&mut self) {
        self.rest = self.rest.trim_start();
    }

    /// Steps over a symbol, after blanks.
    fn symbol(&mut self, symbol: &str) -> bool {
        self.blanks();
        match self.rest.strip_prefix(symbol) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn wanted(&mut self, symbol: &str) -> Option<()> {
        self.symbol(symbol).then_some(())
    }

    /// Steps over a word that no letter follows.
    fn word(&mut self, word: &str) -> bool {
        self.blanks();
        let rest = self.rest.strip_prefix(word).filter(|rest| !rest.starts_with(is_name_letter));
        if let Some(rest) = rest {
            self.rest = rest;
        }
        rest.is_some()
    }

    fn name(&mut self) -> Option<String> {
        if self.rest.starts_with('"') {
            return self.quoted();
        }
        let end = self.rest.find(|letter| !is_name_letter(letter)).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        if name.is_empty() || name.starts_with(|letter: char| letter.is_ascii_digit()) {
            return None;
        }
        self.rest = rest;
        Some(name.to_owned())
    }

    /// A text in double quotes; `""` and `\"` stand for one.
    fn quoted(&mut self) -> Option<String> {
        self.blanks();
        let mut letters = self.rest.strip_prefix('"')?.chars();
        let mut text = String::new();
        loop {
            match letters.next()? {
                '\\' => text.push(letters.next()?),
                '"' if letters.as_str().starts_with('"') => {
                    letters.next();
                    text.push('"');
                }
                '"' => break,
                other => text.push(other),
            }
        }
        self.rest = letters.as_str();
        Some(text)
    }

    /// `$`, or `$name`.
    fn start(&mut self) -> Option<Start> {
        self.wanted("$")?;
        if !self.rest.starts_with(|letter: char| letter.is_alphabetic() || letter == '_') {
            return Some(Start::Input);
        }
        let name = self.name()?;
        self.variables.push(name.clone());
        Some(Start::Variable(name))
    }

    fn number(&mut self) -> Option<usize> {
        self.blanks();
        let end = self.rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        digits.parse().ok()
    }

    fn steps(&mut self) -> Option<Vec<Step>> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return None;
        }
        let mut steps = Vec::new();
        while let Some(step) = self.step()? {
            steps.push(step);
        }
        self.depth -= 1;
        Some(steps)
    }

    /// The next step; `Some(None)` where the path ends.
    fn step(&mut self) -> Option<Option<Step>> {
        let step = if self.symbol("..") {
            Step::Descendants(self.name()?)
        } else if self.symbol(".") {
            if self.symbol("*") { Step::Members } else { self.member()? }
        } else if self.symbol("[") {
            self.elements()?
        } else if self.symbol("?") {
            self.wanted("(")?;
            let predicate = self.predicate()?;
            self.wanted(")")?;
            Step::Filter(predicate)
        } else {
            return Some(None);
        };
        Some(Some(step))
    }

    /// A member's name, or a method.
    fn member(&mut self) -> Option<Step> {
        self.blanks();
        let is_quoted = self.rest.starts_with('"');
        let name = self.name()?;
        if is_quoted || !self.symbol("(") {
            return Some(Step::Member(name));
        }
        self.wanted(")")?;
        Some(Step::Method(match name.as_str() {
            "type" => Method::Type,
            "size" => Method::Size,
            "double" => Method::Double,
            "ceiling" => Method::Ceiling,
            "floor" => Method::Floor,
            "abs" => Method::Abs,
            _ => return None,
        }))
    }

    fn elements(&mut self) -> Option<Step> {
        if self.symbol("*") {
            self.wanted("]")?;
            return Some(Step::AllElements);
        }
        let mut ranges = Vec::new();
        loop {
            let from = self.index()?;
            let to = if self.word("to") { self.index()? } else { from.clone() };
            ranges.push((from, to));
            if self.symbol("]") {
                return Some(Step::Elements(ranges));
            }
            self.wanted(",")?;
        }
    }

    fn index(&mut self) -> Option<Index> {
        if self.word("last") {
            let distance = if self.symbol("-") { self.number()? } else { 0 };
            return Some(Index::Last(distance));
        }
        if let Some(Start::Variable(name)) = self.start() {
            return Some(Index::Variable(name));
        }
        self.number().map(Index::First)
    }

    fn predicate(&mut self) -> Option<Predicate> {
        self.depth += 1;
        if self.depth > DEPTH_MAX {
            return None;
        }
        let mut left = self.conjunction()?;
        while self.symbol("||") {
            left = Predicate::Or(Box::new(left), Box::new(self.conjunction()?));
        }
        self.depth -= 1;
        Some(left)
    }

    fn conjunction(&mut self) -> Option<Predicate> {
        let mut left = self.term()?;
        while self.symbol("&&") {
            left = Predicate::And(Box::new(left), Box::new(self.term()?));
        }
        Some(left)
    }

    fn term(&mut self) -> Option<Predicate> {
        if self.symbol("!") {
            self.wanted("(")?;
            let inner = self.predicate()?;
            self.wanted(")")?;
            return Some(Predicate::Not(Box::new(inner)));
        }
        if self.word("exists") {
            self.wanted("(")?;
            let operand = self.operand()?;
            self.wanted(")")?;
            return Some(Predicate::Exists(operand));
        }
        if self.symbol("(") {
            let inner = self.predicate()?;
            self.wanted(")")?;
            return Some(inner);
        }
        let left = self.operand()?;
        if self.word("starts") {
            self.word("with").then_some(())?;
            return Some(Predicate::StartsWith(left, self.quoted()?));
        }
        if self.word("like_regex") {
            let pattern = Pattern::new(&self.quoted()?).ok()?;
            return Some(Predicate::LikeRegex(left, Box::new(pattern)));
        }
        let comparison = self.comparison()?;
        Some(Predicate::Compare(left, comparison, self.operand()?))
    }

    fn comparison(&mut self) -> Option<Comparison> {
        const ALL: [(&str, Comparison); 7] = [
            ("==", Comparison::Equal),
            ("!=", Comparison::NotEqual),
            ("<>", Comparison::NotEqual),
            ("<=", Comparison::LessOrEqual),
            (">=", Comparison::GreaterOrEqual),
            ("<", Comparison::Less),
            (">", Comparison::Greater),
        ];
        ALL.iter().find(|(symbol, _)| self.symbol(symbol)).map(|(_, comparison)| *comparison)
    }

    fn operand(&mut self) -> Option<Operand> {
        if self.symbol("@") {
            return self.steps().map(Operand::Item);
        }
        self.blanks();
        if self.rest.starts_with('$') {
            return Some(Operand::From(self.start()?, self.steps()?));
        }
        if self.rest.starts_with('"') {
            let mut literal = String::new();
            quote(&self.quoted()?, &mut literal);
            return Some(Operand::Literal(literal));
        }
        for word in ["true", "false", "null"] {
            if self.word(word) {
                return Some(Operand::Literal(word.to_owned()));
            }
        }
        let end = self.rest.find(|letter: char| !letter.is_ascii_digit() && !"+-.eE".contains(letter));
        let (number, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        number.parse::<f64>().ok()?;
        self.rest = rest;
        Some(Operand::Literal(number.to_owned()))
    }
}

fn is_name_letter(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}
