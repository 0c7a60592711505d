//! Our ORC reader and writer on one core, on the segments of a store.
//!
//! `scan scan LAKE NAME MILLIS ROUNDS` reads all `.orc` files in the folder, `LAKE`, in the way of that name;
//! `scan write LAKE OUT ROWS ROUNDS` writes so many of their rows, held in memory, to the file `OUT`. Prints the seconds of each
//! round and the answer, as the peers' drivers do.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};

use arrow_array::cast::AsArray as _;
use arrow_array::types::TimestampMillisecondType;
use arrow_array::{RecordBatch, StringArray, StructArray};
use arrow_schema::TimeUnit;
use memchr::memmem;
use opentrail_bench::time;
use opentrail_orc::{ColumnPath, Compression, Metadata, ReadOptions, Reader, Writer, WriterOptions};
use serde_json::{Value, json};

/// The columns that get a bloom filter in a store's segments, and those that never get a dictionary.
const BLOOM: [&str; 6] =
    ["eventID", "userIdentity.arn", "userIdentity.accessKeyId", "sourceIPAddress", "requestID", "eventName"];
const DIRECT: [&str; 3] = ["eventJson", "eventID", "requestID"];

fn segments(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            segments(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "orc") {
            found.push(path);
        }
    }
}

/// Each batch of these columns, in all files.
fn each(lake: &Path, columns: Option<&[&str]>, mut work: impl FnMut(RecordBatch)) {
    let mut paths = Vec::new();
    segments(lake, &mut paths);
    paths.sort();
    for path in paths {
        let file = File::open(path).expect("it was listed");
        let metadata = Metadata::read(&file).expect("an ORC file");
        let projection = columns.map(|columns| columns.iter().map(|column| ColumnPath::from(*column)).collect());
        let options = ReadOptions { projection, timestamps: TimeUnit::Millisecond, ..ReadOptions::default() };
        for batch in Reader::new(&file, metadata, options).expect("its columns are there") {
            work(batch.expect("readable"));
        }
    }
}

fn text<'a>(batch: &'a RecordBatch, name: &str) -> &'a StringArray {
    batch.column_by_name(name).expect("it was asked for").as_string()
}

/// Counts by name; the names of a batch are few, so that each is looked up in a map that stays small.
#[derive(Default)]
struct Counts(BTreeMap<String, u64>);

impl Counts {
    fn add(&mut self, name: &str) {
        if let Some(count) = self.0.get_mut(name) {
            *count += 1;
        } else {
            self.0.insert(name.to_owned(), 1);
        }
    }

    fn rows(self) -> Value {
        self.0.into_iter().map(|(name, count)| json!([name, count])).collect()
    }
}

fn filtered(lake: &Path, middle_millis: i64) -> Value {
    let mut counts = Counts::default();
    each(lake, Some(&["eventTime", "eventSource", "eventName"]), |batch| {
        let time =
            batch.column_by_name("eventTime").expect("it was asked for").as_primitive::<TimestampMillisecondType>();
        let (source, name) = (text(&batch, "eventSource"), text(&batch, "eventName"));
        for row in 0..batch.num_rows() {
            if time.value(row) >= middle_millis && source.value(row) == "ec2.amazonaws.com" {
                counts.add(name.value(row));
            }
        }
    });
    counts.rows()
}

fn arns(lake: &Path) -> Value {
    let (finder, mut found) = (memmem::Finder::new("-delta/"), 0);
    each(lake, Some(&["userIdentity.arn"]), |batch| {
        let identity: &StructArray = batch.column(0).as_struct();
        let arns: &StringArray = identity.column(0).as_string();
        found += arns.iter().flatten().filter(|arn| finder.find(arn.as_bytes()).is_some()).count();
    });
    json!([[found]])
}

fn grouped(lake: &Path) -> Value {
    let mut counts = Counts::default();
    each(lake, Some(&["eventName"]), |batch| {
        text(&batch, "eventName").iter().flatten().for_each(|name| counts.add(name))
    });
    counts.rows()
}

fn all(lake: &Path) -> Value {
    let mut rows = 0;
    each(lake, None, |batch| rows += batch.num_rows());
    json!(rows)
}

fn scan(lake: &Path, name: &str, middle_millis: i64) -> Value {
    match name {
        "3 columns, filter" => filtered(lake, middle_millis),
        "userIdentity.arn" => arns(lake),
        "GROUP BY eventName" => grouped(lake),
        "all columns" => all(lake),
        _ => panic!("no scan is called `{name}`"),
    }
}

/// Writes the batches as a store's segments are written; the size of the file.
fn write(batches: &[RecordBatch], out: &Path) -> u64 {
    let options = WriterOptions {
        compression: Compression::Zstd { level: 3 },
        bloom_columns: BLOOM.map(ColumnPath::from).to_vec(),
        direct_columns: DIRECT.map(ColumnPath::from).to_vec(),
        ..WriterOptions::default()
    };
    let file = File::create(out).expect("a folder that we may write to");
    let mut writer = Writer::new(file, batches[0].schema(), options).expect("its columns are there");
    for batch in batches {
        writer.write(batch).expect("a healthy disk");
    }
    writer.finish().expect("a healthy disk").1.bytes
}

/// Seconds on a core so far, of the only thread.
fn cpu() -> f64 {
    let told = std::fs::read_to_string("/proc/self/schedstat").expect("the kernel tells");
    told.split(' ').next().and_then(|nanos| nanos.parse::<f64>().ok()).expect("a number") / 1e9
}

/// The seconds of each round by the wall and by the CPU, and what the last one gave.
fn rounds<T>(rounds: i64, work: impl Fn() -> T) -> (Value, T) {
    let (mut seconds, mut cpu_seconds, mut last) = (Vec::new(), Vec::new(), None);
    for _ in 0..rounds {
        let begun = cpu();
        let (took, done) = time(&work);
        cpu_seconds.push(cpu() - begun);
        seconds.push(took.as_secs_f64());
        last = Some(done);
    }
    (json!({ "seconds": seconds, "cpu_seconds": cpu_seconds }), last.expect("one round at least"))
}

/// The first so many rows of a store.
fn first(lake: &Path, rows: usize) -> Vec<RecordBatch> {
    let (mut batches, mut left) = (Vec::new(), rows);
    each(lake, None, |batch| {
        let taken = left.min(batch.num_rows());
        if taken > 0 {
            batches.push(batch.slice(0, taken));
        }
        left -= taken;
    });
    batches
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let number = |text: &str| text.parse::<i64>().expect("a number");
    let (mut line, more) = match *arguments.as_slice() {
        ["scan", lake, name, millis, count] => {
            let (line, answer) = rounds(number(count), || scan(Path::new(lake), name, number(millis)));
            (line, json!({ "answer": answer }))
        }
        ["write", lake, out, rows, count] => {
            let batches = first(Path::new(lake), number(rows) as usize);
            let (line, bytes) = rounds(number(count), || write(&batches, Path::new(out)));
            std::fs::remove_file(out).expect("it was written");
            (line, json!({ "rows": batches.iter().map(RecordBatch::num_rows).sum::<usize>(), "bytes": bytes }))
        }
        _ => panic!("`scan scan LAKE NAME MILLIS ROUNDS` or `scan write LAKE OUT ROWS ROUNDS`"),
    };
    line.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    println!("{line}");
}
