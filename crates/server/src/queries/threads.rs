//! The threads that queries run on: apart from those that serve requests, and with stacks for deep statements.

use std::future::Future;

use tokio::runtime::{Builder, Runtime};
use tokio::task::JoinHandle;

/// Plans and expressions are walked by recursion.
const STACK_BYTES: usize = 16 << 20;

/// Runtimes of their own: statements are analyzed apart from runs, so that however busy those are, asking is quick.
#[derive(Debug)]
pub(super) struct Threads {
    analysis: Option<Runtime>,
    runs: Option<Runtime>,
}

impl Threads {
    pub(super) fn start() -> std::io::Result<Self> {
        let count = std::thread::available_parallelism().map_or(2, std::num::NonZeroUsize::get);
        Ok(Self { analysis: Some(runtime("analysis", 1)?), runs: Some(runtime("query", count)?) })
    }

    /// Works on a run.
    pub(super) fn spawn<T: Send + 'static>(&self, task: impl Future<Output = T> + Send + 'static) -> JoinHandle<T> {
        self.runs.as_ref().expect("the runtime is there until it is dropped").spawn(task)
    }

    /// Analyzes a statement.
    pub(super) fn analyze<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> JoinHandle<T> {
        let analysis = self.analysis.as_ref().expect("the runtime is there until it is dropped");
        analysis.spawn(async move { work() })
    }
}

impl Drop for Threads {
    /// Nobody waits: a runtime must not be waited for by a thread of another one.
    fn drop(&mut self) {
        for runtime in [self.analysis.take(), self.runs.take()].into_iter().flatten() {
            runtime.shutdown_background();
        }
    }
}

fn runtime(name: &str, threads: usize) -> std::io::Result<Runtime> {
    Builder::new_multi_thread()
        .worker_threads(threads)
        .thread_name(name)
        .thread_stack_size(STACK_BYTES)
        .enable_all()
        .build()
}
