//! The progress bar.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{HumanCount, ProgressBar, ProgressState, ProgressStyle};

/// Shows how far the work is, on stderr when that is a terminal.
#[derive(Debug, Clone)]
pub(super) struct Watch {
    bar: ProgressBar,
    files: Arc<AtomicU64>,
    records: Arc<AtomicU64>,
}

impl Watch {
    /// A bar that hides itself when stderr is no terminal.
    pub(super) fn on_terminal() -> Self {
        let bar = ProgressBar::new(0);
        bar.set_style(style("{spinner} looking for log files"));
        bar.enable_steady_tick(Duration::from_millis(100));
        Self { bar, files: Arc::default(), records: Arc::default() }
    }

    /// So much was found.
    pub(super) fn begin(&self, files: usize, bytes: u64) {
        let (done, records) = (Arc::clone(&self.files), Arc::clone(&self.records));
        let show_files = move |_: &ProgressState, out: &mut dyn std::fmt::Write| {
            let _ = write!(out, "{}/{}", HumanCount(done.load(Ordering::Relaxed)), HumanCount(files as u64));
        };
        let show_records = move |state: &ProgressState, out: &mut dyn std::fmt::Write| {
            let records = records.load(Ordering::Relaxed);
            let per_second = records as f64 / state.elapsed().as_secs_f64().max(0.001);
            let _ = write!(out, "{} records, {}/s", HumanCount(records), HumanCount(per_second as u64));
        };
        let template = "{bar:30} {files} files, {records}, {bytes}/{total_bytes}, {eta} left";
        self.bar.set_style(style(template).with_key("files", show_files).with_key("records", show_records));
        self.bar.set_length(bytes);
        self.bar.reset_elapsed();
        self.bar.reset_eta();
    }

    /// A file is done with.
    pub(super) fn done_with(&self, bytes: u64, records: u64) {
        self.files.fetch_add(1, Ordering::Relaxed);
        self.records.fetch_add(records, Ordering::Relaxed);
        self.bar.inc(bytes);
    }

    /// Says something without disturbing the bar.
    pub(super) fn say(&self, text: &str) {
        self.bar.suspend(|| eprintln!("{text}"));
    }

    /// Takes the bar away.
    pub(super) fn done(&self) {
        self.bar.finish_and_clear();
    }
}

fn style(template: &str) -> ProgressStyle {
    ProgressStyle::with_template(template).expect("the template is fixed and right")
}
