//! Signed calls over HTTP, each recorded before it is answered, against the same server's `/healthz`: the same HTTP, with
//! no signature, no operation and no record. Also the server's memory at its highest.

use std::time::Duration;

use opentrail_bench::connection::{Connection, credentials, signed};
use opentrail_bench::server::Server;
use opentrail_bench::{machine, median, time};

const ROUNDS: usize = 3;
const CALLS: usize = 8_000;
const ADDRESS: &str = "127.0.0.1:7477";

const HEALTH: &[u8] = b"GET /healthz HTTP/1.1\r\nhost: 127.0.0.1:7477\r\n\r\n";

/// How long `CALLS` calls take from so many connections at once.
fn load(connections: usize, request: &[u8]) -> Duration {
    let (took, ()) = time(|| {
        std::thread::scope(|scope| {
            for _ in 0..connections {
                scope.spawn(|| {
                    let mut connection = Connection::open(ADDRESS).expect("it listens");
                    for _ in 0..CALLS / connections {
                        connection.ask(request).expect("an answer");
                    }
                });
            }
        });
    });
    took
}

fn main() {
    println!("machine: {}", machine());
    let dir = tempfile::tempdir().expect("a folder");
    let server = Server::start(dir.path(), ADDRESS);
    let request = signed(&credentials(dir.path()), ADDRESS, "DescribeTrails", "{}");
    for connections in [1, 16, 64] {
        let recorded = median((0..ROUNDS).map(|_| load(connections, &request)).collect());
        let plain = median((0..ROUNDS).map(|_| load(connections, HEALTH)).collect());
        println!(
            "{connections:>3} connections: {:>6.0} recorded calls/s, {:>6.0} plain answers/s, ratio {:.2}",
            CALLS as f64 / recorded.as_secs_f64(),
            CALLS as f64 / plain.as_secs_f64(),
            plain.as_secs_f64() / recorded.as_secs_f64(),
        );
    }
    println!("memory of the server at its highest: {} MiB", server.peak_mib());
}
