//! Check: after a start the checksums of all segments are looked at, one segment at a time, when nothing else is to do.

use std::sync::Arc;

use opentrail_catalog::SegmentState;

use super::{Engine, Upkeep};
use crate::Error;
use crate::format::Segment;
use crate::store::Stored;

/// A segment whose files were read whole.
#[derive(Debug)]
pub(super) struct Checked {
    stored: Arc<Stored>,
    is_good: bool,
}

impl Engine {
    /// Begins to check a segment, if there is one that nobody has checked.
    pub(super) fn begin_check(&mut self) {
        let Some(stored) = self.unchecked.pop_front() else { return };
        self.busy = vec![Arc::clone(&stored)];
        let shared = Arc::clone(&self.shared);
        self.upkeep.start(move || {
            let opened = Segment::open(&*shared.disk, &stored.dir, &stored.row.name, &stored.facts);
            let checked = opened.and_then(|segment| segment.verify());
            if let Err(error) = &checked {
                stored.suspect(error);
            }
            Ok(Upkeep::Checked(Checked { stored, is_good: checked.is_ok() }))
        });
    }

    /// A segment that was given up and is whole again, because somebody put its files back, answers again.
    pub(super) async fn commit_check(&mut self, checked: Checked) -> Result<(), Error> {
        let Checked { stored, is_good } = &checked;
        if !is_good || !stored.is_damaged() {
            return Ok(());
        }
        match self.note_state(stored, SegmentState::Live).await {
            Ok(()) => {
                tracing::info!(segment = stored.label(), "a damaged segment is whole again");
                Ok(())
            }
            Err(error) => {
                self.upkeep.put_back(Upkeep::Checked(checked));
                Err(error)
            }
        }
    }
}
