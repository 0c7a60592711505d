//! Calls through the recorder to an upstream, each durable before its answer, against nginx as a plain reverse proxy to
//! the same upstream, which is another nginx.
//!
//! `recorder [FOLDER] [CALLS]`: FOLDER is on the disk that the records go to; CALLS are made in each round.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use opentrail_bench::connection::Connection;
use opentrail_bench::server::Server;
use opentrail_bench::{machine, median, time};

const ROUNDS: usize = 3;
const UPSTREAM: &str = "127.0.0.1:7480";
const NGINX: &str = "127.0.0.1:7481";
const RECORDER: &str = "127.0.0.1:7482";
const LARGE_BYTES: u64 = 512 << 20;

/// Two nginx in one: the upstream, and a plain proxy to it.
struct Nginx(Child);

impl Nginx {
    fn start(folder: &Path) -> Self {
        let config = format!(
            r#"
daemon off;
pid {folder}/nginx.pid;
error_log stderr crit;
worker_processes auto;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    sendfile on;
    keepalive_requests 1000000;
    server {{
        listen {UPSTREAM};
        default_type application/x-amz-json-1.0;
        location = / {{ return 200 '{{"QueueUrls":[]}}'; }}
        location /large/ {{ root {folder}; }}
    }}
    upstream behind {{ server {UPSTREAM}; keepalive 256; keepalive_requests 1000000; }}
    server {{
        listen {NGINX};
        location / {{
            proxy_pass http://behind;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
            proxy_set_header Host $http_host;
        }}
    }}
}}
"#,
            folder = folder.display(),
        );
        let path = folder.join("nginx.conf");
        std::fs::write(&path, config).expect("a folder to write to");
        let child = Command::new("nginx").arg("-c").arg(&path).arg("-p").arg(folder).stdout(Stdio::null()).spawn();
        let child = Self(child.expect("`nginx` (Debian: nginx-light) can be started"));
        let deadline = Instant::now() + Duration::from_secs(10);
        while Connection::open(NGINX).is_err() {
            assert!(Instant::now() < deadline, "nginx was not ready in time");
            std::thread::sleep(Duration::from_millis(20));
        }
        child
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // The master ends its workers when it is told to end, not when it is killed.
        let _ = Command::new("kill").arg(self.0.id().to_string()).status();
        let _ = self.0.wait();
    }
}

/// A call with a key of the upstream's, whose signature is the upstream's to check.
fn call(service: &str, line: &str, rest: &str) -> Vec<u8> {
    let credential = format!("Credential=AKIABENCH/20261201/us-east-1/{service}/aws4_request");
    let authorization = format!("AWS4-HMAC-SHA256 {credential}, SignedHeaders=host, Signature={}", "0".repeat(64));
    format!("{line} HTTP/1.1\r\nhost: upstream.example\r\nauthorization: {authorization}\r\nuser-agent: bench\r\n{rest}")
        .into_bytes()
}

fn small() -> Vec<u8> {
    call(
        "sqs",
        "POST /",
        "x-amz-target: AmazonSQS.ListQueues\r\ncontent-type: application/x-amz-json-1.0\r\ncontent-length: 2\r\n\r\n{}",
    )
}

/// How long each call took that went one after the other over so many connections at once, sorted, and how long all took.
fn load(address: &str, connections: usize, calls: usize) -> (Vec<Duration>, Duration) {
    let request = small();
    let one = || {
        let mut connection = Connection::open(address).expect("it listens");
        let timed = (0..calls / connections).map(|_| time(|| connection.ask(&request).expect("an answer")).0);
        timed.collect::<Vec<_>>()
    };
    let (took, mut each) = time(|| {
        std::thread::scope(|scope| {
            let hands: Vec<_> = (0..connections).map(|_| scope.spawn(one)).collect();
            hands.into_iter().flat_map(|hand| hand.join().expect("no panic")).collect::<Vec<_>>()
        })
    });
    each.sort();
    (each, took)
}

fn measure(connections: usize, calls: usize) {
    let (mut through, mut plain) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        through.push(load(RECORDER, connections, calls));
        plain.push(load(NGINX, connections, calls));
    }
    let took = |rounds: &[(Vec<Duration>, Duration)]| median(rounds.iter().map(|round| round.1).collect()).as_secs_f64();
    let at = |rounds: &[(Vec<Duration>, Duration)], part: f64| {
        let of_round = |each: &Vec<Duration>| each[((each.len() - 1) as f64 * part) as usize];
        median(rounds.iter().map(|round| of_round(&round.0)).collect()).as_secs_f64() * 1e3
    };
    println!(
        "{connections:>3} connections: {:>6.0} recorded calls/s, {:>6.0} through nginx, ratio {:.2}; added p50 {:.2} ms, p99 {:.2} ms",
        calls as f64 / took(&through),
        calls as f64 / took(&plain),
        took(&plain) / took(&through),
        at(&through, 0.5) - at(&plain, 0.5),
        at(&through, 0.99) - at(&plain, 0.99),
    );
}

fn measure_large() {
    let request = call("s3", "GET /large/object", "\r\n");
    let fetch = |address: &str| {
        let mut connection = Connection::open(address).expect("it listens");
        let (took, bytes) = time(|| connection.drain(&request).expect("an answer"));
        assert_eq!(bytes, LARGE_BYTES);
        took
    };
    let (mut through, mut plain) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        through.push(fetch(RECORDER));
        plain.push(fetch(NGINX));
    }
    let (through, plain) = (median(through).as_secs_f64(), median(plain).as_secs_f64());
    let mib = (LARGE_BYTES >> 20) as f64;
    println!(
        "large objects: {:>6.0} MiB/s recorded, {:>6.0} MiB/s through nginx, ratio {:.2}",
        mib / through,
        mib / plain,
        plain / through,
    );
}

fn main() {
    println!("machine: {}", machine());
    let mut arguments = std::env::args().skip(1);
    let scratch = tempfile::tempdir().expect("a folder");
    let folder = arguments.next().map_or_else(|| scratch.path().to_owned(), PathBuf::from);
    let calls = arguments.next().map_or(8_000, |text| text.parse().expect("CALLS is a number"));
    std::fs::create_dir_all(folder.join("large")).expect("a folder to write to");
    let large = std::fs::File::create(folder.join("large/object")).expect("a folder to write to");
    large.set_len(LARGE_BYTES).expect("room for it");
    let folder = folder.canonicalize().expect("it is there");
    let _nginx = Nginx::start(&folder);
    let flags = ["sqs", "s3"].map(|service| format!("--upstream={service}=http://{UPSTREAM}"));
    let server = Server::start_with(&folder.join("data"), RECORDER, &flags);
    for connections in [1, 16, 64] {
        measure(connections, calls);
    }
    measure_large();
    println!("memory of the server at its highest: {} MiB", server.peak_mib());
}
