//! The progress bar.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressStyle};
use opentrail_verify::Progress;

/// Shows how far the work is, on stderr when that is a terminal.
#[derive(Debug, Clone)]
pub(crate) struct Watch(ProgressBar);

impl Watch {
    /// A bar that hides itself when stderr is no terminal.
    pub(crate) fn on_terminal() -> Self {
        let bar = ProgressBar::new(0);
        bar.enable_steady_tick(Duration::from_millis(100));
        Self(bar)
    }

    /// Takes the bar away.
    pub(crate) fn done(&self) {
        self.0.finish_and_clear();
    }
}

impl Progress for Watch {
    fn listing(&self) {
        self.0.set_style(style("{spinner} looking for log files: {msg}"));
    }

    fn found(&self, count: usize) {
        self.0.set_message(count.to_string());
    }

    fn judging(&self, count: usize) {
        self.0.set_style(style("{bar:30} {pos}/{len} objects, {per_sec}, {eta} left"));
        self.0.set_length(u64::try_from(count).unwrap_or(u64::MAX));
        self.0.reset_eta();
    }

    fn judged(&self) {
        self.0.inc(1);
    }

    fn more(&self, count: usize) {
        self.0.inc_length(u64::try_from(count).unwrap_or(u64::MAX));
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).expect("the template is fixed and right")
}
