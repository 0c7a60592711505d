//! A server process to be measured.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::connection::Connection;

/// A server on a folder; it is killed when this is dropped.
#[derive(Debug)]
pub struct Server(Child);

impl Server {
    /// Starts the binary that `OPENTRAIL_BIN` names, and waits until it answers on `address`, `host:port`.
    pub fn start(data_dir: &Path, address: &str) -> Self {
        Self::start_with(data_dir, address, &[])
    }

    /// The same with further flags.
    pub fn start_with(data_dir: &Path, address: &str, flags: &[String]) -> Self {
        let binary = std::env::var("OPENTRAIL_BIN").unwrap_or_else(|_| "../target/release/opentrail".to_owned());
        let child = Command::new(&binary)
            .args(["serve", "--listen", address, "--log", "warn", "--data-dir"])
            .arg(data_dir)
            .args(flags)
            .stderr(Stdio::inherit())
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start `{binary}` ({error}); build it, or set OPENTRAIL_BIN"));
        let health = format!("GET /healthz HTTP/1.1\r\nhost: {address}\r\n\r\n");
        let deadline = Instant::now() + Duration::from_secs(20);
        while Connection::open(address).and_then(|mut connection| connection.ask(health.as_bytes())).is_err() {
            assert!(Instant::now() < deadline, "the server was not ready in time");
            std::thread::sleep(Duration::from_millis(20));
        }
        Self(child)
    }

    /// The most memory that it ever held, in MiB.
    pub fn peak_mib(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.0.id())).expect("it runs");
        let line = status.lines().find(|line| line.starts_with("VmHWM")).expect("the kernel tells");
        line.split_whitespace().nth(1).and_then(|kib| kib.parse::<u64>().ok()).expect("a number") / 1024
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
