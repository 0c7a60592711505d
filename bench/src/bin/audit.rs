//! PutAuditEvents over HTTP, batches of 100 events, each batch durable before its answer, beside the plainest way of
//! taking the same events in: to gunzip and parse them, on all cores. Then, at half that rate, how long it takes from
//! an event's answer to the end of a query that counts it.

use std::io::{Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use flate2::Compression;
use flate2::bufread::GzDecoder;
use flate2::write::GzEncoder;
use opentrail_bench::connection::{Connection, credentials, signed, signed_events};
use opentrail_bench::server::Server;
use opentrail_bench::{machine, median, time};
use opentrail_sigv4::Credentials;
use serde_json::{Value, json};

const ADDRESS: &str = "127.0.0.1:7478";
const ROUNDS: u64 = 3;
const CONNECTIONS: u64 = 8;
/// Batches of a round, over all connections.
const BATCHES: u64 = 800;
const BATCH: u64 = 100;
/// Events of a compressed file of the plain way.
const FILE: usize = 1_000;
const PROBES: u64 = 200;

const NAMES: [&str; 4] = ["Login", "Logout", "DocumentRead", "DocumentShared"];

/// An event of a partner, of about 700 bytes.
fn event(number: u64) -> String {
    let noise = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    json!({
        "version": "1.0",
        "UID": format!("{number:016x}-{noise:016x}"),
        "userIdentity": {"type": "User", "principalId": format!("user-{}", noise % 500), "details": {"team": "blue", "mfa": "true"}},
        "userAgent": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
        "eventSource": "app.example.com",
        "eventName": NAMES[(noise % 4) as usize],
        "eventTime": "2026-11-22T11:00:00Z",
        "requestParameters": {"document": format!("doc-{:x}", noise >> 40), "folder": format!("folder-{}", noise % 90)},
        "responseElements": {"result": "ok"},
        "sourceIPAddress": format!("10.{}.{}.17", noise >> 8 & 255, noise >> 16 & 255),
        "recipientAccountId": "123456789012",
        "additionalEventData": {"session": format!("{noise:016x}"), "tenant": format!("tenant-{}", noise % 20)},
    })
    .to_string()
}

fn batch(numbers: impl Iterator<Item = u64>) -> String {
    let events: Vec<_> = numbers.map(|number| json!({"id": number.to_string(), "eventData": event(number)})).collect();
    json!({ "auditEvents": events }).to_string()
}

struct Caller {
    credentials: Credentials,
    connection: Connection,
}

impl Caller {
    fn call(&mut self, operation: &str, body: &Value) -> Value {
        let request = signed(&self.credentials, ADDRESS, operation, &body.to_string());
        serde_json::from_slice(&self.connection.ask(&request).expect("an answer")).expect("JSON")
    }

    /// A store for the events of partners, and a channel into it.
    fn make(&mut self) -> (String, String) {
        let selectors = json!([{"FieldSelectors": [{"Field": "eventCategory", "Equals": ["ActivityAuditLog"]}]}]);
        let made = self.call(
            "CreateEventDataStore",
            &json!({"Name": "bench", "AdvancedEventSelectors": selectors, "MultiRegionEnabled": false}),
        );
        let store = made["EventDataStoreArn"].as_str().expect("an ARN").to_owned();
        let destinations = json!([{"Type": "EVENT_DATA_STORE", "Location": store}]);
        let channel = json!({"Name": "bench", "Source": "Custom", "Destinations": destinations});
        let channel = self.call("CreateChannel", &channel)["ChannelArn"].as_str().expect("an ARN").to_owned();
        (store, channel)
    }

    /// Waits for a query's end and answers its only cell.
    fn ask(&mut self, statement: &str) -> String {
        let begun = self.call("StartQuery", &json!({ "QueryStatement": statement }));
        let id = json!({ "QueryId": begun["QueryId"] });
        loop {
            let answer = self.call("GetQueryResults", &id);
            match answer["QueryStatus"].as_str() {
                Some("FINISHED") => return answer["QueryResultRows"][0][0]["n"].as_str().expect("a cell").to_owned(),
                Some("QUEUED" | "RUNNING") => std::thread::sleep(Duration::from_millis(1)),
                _ => panic!("{answer}"),
            }
        }
    }
}

/// Sends batches that are ready, from all connections at once; each must be taken whole.
fn send(requests: &[Vec<u8>]) -> Duration {
    let per_connection = requests.len().div_ceil(CONNECTIONS as usize);
    let (took, ()) = time(|| {
        std::thread::scope(|scope| {
            for requests in requests.chunks(per_connection) {
                scope.spawn(move || {
                    let mut connection = Connection::open(ADDRESS).expect("it listens");
                    for request in requests {
                        let answer = connection.ask(request).expect("an answer");
                        assert!(answer.windows(11).any(|part| part == b"\"failed\":[]"), "events were refused");
                    }
                });
            }
        });
    });
    took
}

/// Unpacks and parses files of events on all cores.
fn plain(files: &[Vec<u8>]) -> Duration {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let (took, ()) = time(|| {
        std::thread::scope(|scope| {
            for files in files.chunks(files.len().div_ceil(cores)) {
                scope.spawn(move || {
                    for file in files {
                        let mut text = String::new();
                        GzDecoder::new(&file[..]).read_to_string(&mut text).expect("packed by us");
                        for line in text.lines() {
                            let event: Value = serde_json::from_str(line).expect("printed by us");
                            assert!(event.is_object());
                        }
                    }
                });
            }
        });
    });
    took
}

fn pack(events: &[String]) -> Vec<u8> {
    let mut packer = GzEncoder::new(Vec::new(), Compression::default());
    for event in events {
        writeln!(packer, "{event}").expect("memory");
    }
    packer.finish().expect("memory")
}

/// How long from an event's answer until a query has counted it, in milliseconds, sorted, while others send at `rate`
/// batches a second.
fn visible(caller: &mut Caller, store: &str, channel: &str, first: u64, rate: f64) -> Vec<f64> {
    let id = store.rsplit('/').next().expect("an id");
    let is_over = AtomicBool::new(false);
    let credentials = caller.credentials.clone();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            let mut connection = Connection::open(ADDRESS).expect("it listens");
            let (begun, mut sent) = (Instant::now(), 0);
            while !is_over.load(Ordering::Relaxed) {
                let from = first + PROBES + sent * BATCH;
                let request = signed_events(&credentials, ADDRESS, channel, &batch(from..from + BATCH));
                connection.ask(&request).expect("an answer");
                sent += 1;
                let due = begun + Duration::from_secs_f64(sent as f64 / rate);
                std::thread::sleep(due.saturating_duration_since(Instant::now()));
            }
            println!("     meanwhile {:.0} events/s were sent", (sent * BATCH) as f64 / begun.elapsed().as_secs_f64());
        });
        let mut waited = Vec::new();
        for probe in first..first + PROBES {
            let request = signed_events(&caller.credentials, ADDRESS, channel, &batch(probe..=probe));
            caller.connection.ask(&request).expect("an answer");
            let uid = event(probe).split('"').skip_while(|part| *part != "UID").nth(2).expect("it has one").to_owned();
            let (took, n) =
                time(|| caller.ask(&format!("SELECT count(*) AS n FROM {id} WHERE eventData.UID = '{uid}'")));
            assert_eq!(n, "1", "an answered event is found by the next query");
            waited.push(took.as_secs_f64() * 1000.0);
        }
        is_over.store(true, Ordering::Relaxed);
        waited.sort_by(f64::total_cmp);
        waited
    })
}

fn main() {
    println!("machine: {}", machine());
    let dir = tempfile::tempdir().expect("a folder");
    let server = Server::start(dir.path(), ADDRESS);
    let connection = Connection::open(ADDRESS).expect("it listens");
    let mut caller = Caller { credentials: credentials(dir.path()), connection };
    let (store, channel) = caller.make();
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 0..ROUNDS {
        let first = |batch: u64| (round * BATCHES + batch) * BATCH;
        let body = |number: u64| batch(first(number)..first(number + 1));
        let request = |number| signed_events(&caller.credentials, ADDRESS, &channel, &body(number));
        let requests: Vec<Vec<u8>> = (0..BATCHES).map(request).collect();
        ours.push(send(&requests));
        let events: Vec<String> = (first(0)..first(BATCHES)).map(event).collect();
        let files: Vec<Vec<u8>> = events.chunks(FILE).map(pack).collect();
        theirs.push(plain(&files));
    }
    let (ours, theirs) = (median(ours), median(theirs));
    let rate = |took: Duration| (BATCHES * BATCH) as f64 / took.as_secs_f64();
    println!(
        "{:.0} events/s taken in, {:.0} events/s unpacked and parsed, ratio {:.2}",
        rate(ours),
        rate(theirs),
        rate(ours) / rate(theirs)
    );
    let half = rate(ours) / BATCH as f64 / 2.0;
    let waited = visible(&mut caller, &store, &channel, ROUNDS * BATCHES * BATCH, half);
    let part = |part: f64| waited[((waited.len() - 1) as f64 * part) as usize];
    println!(
        "from answer to answered query: p50 {:.0} ms, p99 {:.0} ms, at most {:.0} ms",
        part(0.5),
        part(0.99),
        part(1.0)
    );
    println!("memory of the server at its highest: {} MiB", server.peak_mib());
}
