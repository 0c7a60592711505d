//! The threads that queries run on: apart from those that serve requests, and with stacks for deep statements.

use std::future::Future;

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

/// Plans and expressions are walked by recursion.
const STACK_BYTES: usize = 16 << 20;

/// A runtime of their own.
#[derive(Debug)]
pub(super) struct Threads(Option<Runtime>);

impl Threads {
    pub(super) fn start() -> std::io::Result<Self> {
        let count = std::thread::available_parallelism().map_or(2, std::num::NonZeroUsize::get);
        let runtime = Builder::new_multi_thread()
            .worker_threads(count)
            .thread_name("query")
            .thread_stack_size(STACK_BYTES)
            .enable_all()
            .build()?;
        Ok(Self(Some(runtime)))
    }

    /// Runs something on them.
    pub(super) fn spawn<T: Send + 'static>(&self, task: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
        self.0.as_ref().expect("the runtime is there until it is dropped").spawn(task)
    }
}

impl Drop for Threads {
    /// Nobody waits: a runtime must not be waited for by a thread of another one.
    fn drop(&mut self) {
        if let Some(runtime) = self.0.take() {
            runtime.shutdown_background();
        }
    }
}
