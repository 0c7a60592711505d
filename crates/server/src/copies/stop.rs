//! Telling runs to stop.

use std::collections::HashMap;

use parking_lot::Mutex;
use tokio::sync::watch;

/// What a run listens to.
#[derive(Debug, Clone)]
pub(super) struct Stop(watch::Receiver<bool>);

impl Stop {
    /// Waits until the run is to stop.
    pub(super) async fn told(&mut self) {
        // A teller that is gone has nothing more to say than this.
        let _ = self.0.wait_for(|stop| *stop).await;
    }

    /// Whether the run is to stop.
    pub(super) fn is_told(&self) -> bool {
        *self.0.borrow()
    }
}

/// Who can be told, by id and number of the run.
#[derive(Debug, Default)]
pub(super) struct Stops(Mutex<HashMap<(String, i64), watch::Sender<bool>>>);

impl Stops {
    pub(super) fn insert(&self, id: &str, run: i64) -> Stop {
        let (stop, told) = watch::channel(false);
        self.0.lock().insert((id.to_owned(), run), stop);
        Stop(told)
    }

    /// All runs of an import.
    pub(super) fn stop(&self, id: &str) {
        self.tell(|of| of == id);
    }

    pub(super) fn stop_all(&self) {
        self.tell(|_| true);
    }

    fn tell(&self, is_meant: impl Fn(&str) -> bool) {
        for ((id, _), stop) in self.0.lock().iter() {
            if is_meant(id) {
                stop.send_replace(true);
            }
        }
    }

    pub(super) fn remove(&self, id: &str, run: i64) {
        self.0.lock().remove(&(id.to_owned(), run));
    }
}
