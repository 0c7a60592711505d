//! What follows OVER.

use crate::ast::{Frame, FrameBound, FrameUnit, Window, WindowSpecification};

use super::cursor::{Parsed, Parser};

impl Parser<'_> {
    /// From behind OVER.
    pub(super) fn window(&mut self) -> Parsed<Window> {
        if self.is_symbol(0, "(") {
            return self.window_specification().map(Window::Inline);
        }
        self.name().map(Window::Named)
    }

    /// In parentheses.
    pub(super) fn window_specification(&mut self) -> Parsed<WindowSpecification> {
        self.want_symbol("(")?;
        let base = if self.is_name(0) && !self.is_window_part() { Some(self.name()?) } else { None };
        let mut partition_by = Vec::new();
        if self.eat("PARTITION") {
            self.want("BY")?;
            partition_by = self.list(Self::expression)?;
        }
        let order_by = self.order_by()?;
        let frame = self.frame()?;
        self.want_symbol(")")?;
        Ok(WindowSpecification { base, partition_by, order_by, frame })
    }

    /// Does a part of the specification begin with a word that is not reserved?
    fn is_window_part(&self) -> bool {
        let is_frame = self.is_any_word(0, &["RANGE", "ROWS", "GROUPS"]) && !self.is_symbol(1, ")");
        (self.is_word(0, "PARTITION") && self.is_word(1, "BY")) || is_frame
    }

    fn frame(&mut self) -> Parsed<Option<Frame>> {
        let unit = if self.eat("RANGE") {
            FrameUnit::Range
        } else if self.eat("ROWS") {
            FrameUnit::Rows
        } else if self.eat("GROUPS") {
            FrameUnit::Groups
        } else if self.is_any_word(0, &["MEASURES", "PATTERN", "SUBSET", "DEFINE", "SEEK", "INITIAL"]) {
            return Err(self.not_supported("Row pattern recognition"));
        } else {
            return Ok(None);
        };
        if !self.eat("BETWEEN") {
            return Ok(Some(Frame { unit, start: self.frame_bound()?, end: None }));
        }
        let start = self.frame_bound()?;
        self.want("AND")?;
        let end = Some(self.frame_bound()?);
        Ok(Some(Frame { unit, start, end }))
    }

    fn frame_bound(&mut self) -> Parsed<FrameBound> {
        if self.is_word(0, "UNBOUNDED") && self.is_any_word(1, &["PRECEDING", "FOLLOWING"]) {
            self.advance();
            let bound =
                if self.eat("PRECEDING") { FrameBound::UnboundedPreceding } else { FrameBound::UnboundedFollowing };
            if bound == FrameBound::UnboundedFollowing {
                self.want("FOLLOWING")?;
            }
            return Ok(bound);
        }
        if self.is_word(0, "CURRENT") && self.is_word(1, "ROW") {
            self.advance();
            self.advance();
            return Ok(FrameBound::CurrentRow);
        }
        let distance = Box::new(self.expression()?);
        if self.eat("PRECEDING") {
            return Ok(FrameBound::Preceding(distance));
        }
        self.want("FOLLOWING")?;
        Ok(FrameBound::Following(distance))
    }
}
