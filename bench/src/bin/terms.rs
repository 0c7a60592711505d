//! What Event history finds each event by where no member of the record says it, for the peers' tables: a line of JSON
//! an event. `terms LOGS` reads the `.json.gz` files in the folder, `LOGS`, and prints to standard output.

use std::fs::File;
use std::io::{BufWriter, Read as _, Write as _};
use std::path::Path;

use flate2::read::GzDecoder;
use opentrail_model::record::View;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

#[derive(Deserialize)]
struct LogFile<'a> {
    #[serde(borrow, rename = "Records")]
    records: Vec<&'a RawValue>,
}

/// The names are those of the peers' columns.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Terms<'a> {
    #[serde(rename = "eventID")]
    event_id: &'a str,
    lookup_read_only: &'static str,
    lookup_username: &'a str,
    lookup_resource_types: Vec<&'a str>,
    lookup_resource_names: Vec<&'a str>,
}

fn print(path: &Path, out: &mut impl std::io::Write) {
    let mut text = String::new();
    GzDecoder::new(File::open(path).expect("it was listed")).read_to_string(&mut text).expect("gzip of UTF-8");
    let file: LogFile<'_> = serde_json::from_str(&text).expect("a log file");
    for record in file.records {
        let view = View::parse(record.get().as_bytes()).expect("a record");
        let (username, resources) = (view.username(), view.lookup_resources());
        let terms = Terms {
            event_id: view.event_id.as_deref().expect("each has one"),
            lookup_read_only: if view.is_read() { "true" } else { "false" },
            lookup_username: username.as_deref().unwrap_or_default(),
            lookup_resource_types: resources.iter().filter_map(|resource| resource.kind.as_deref()).collect(),
            lookup_resource_names: resources.iter().map(|resource| &*resource.name).collect(),
        };
        serde_json::to_writer(&mut *out, &terms).expect("somebody reads it");
        out.write_all(b"\n").expect("somebody reads it");
    }
}

fn visit(folder: &Path, out: &mut impl std::io::Write) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            visit(&path, out);
        } else {
            print(&path, out);
        }
    }
}

fn main() {
    let folder = std::env::args().nth(1).expect("`terms LOGS`");
    let mut out = BufWriter::with_capacity(1 << 20, std::io::stdout().lock());
    visit(Path::new(&folder), &mut out);
    out.flush().expect("somebody reads it");
}
