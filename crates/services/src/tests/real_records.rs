//! Beside real records, where a folder of them is at hand: from what each says of a call the call is made again, as bytes, and what
//! we say of these is held against the record. What must be the same is the form: which members there are, how they are written, and
//! of what types; and the error's code.
//!
//! `agreement.txt` has how much of each service's records agrees; COMPAT.md shows it. `OPENTRAIL_BLESS=1` writes it anew.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use flate2::read::GzDecoder;
use serde_json::Value;

use super::encode::{self, Message};
use super::forms::form;
use crate::table::Table;
use crate::{Body, Call, Exchange, Operation, Recognition, Response, Services, Transfer, describe};

/// Of a hundred forms of records, at least so many agree.
const AGREE_MIN: usize = 90;

const AGREEMENT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/agreement.txt");

fn folder() -> Option<PathBuf> {
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared"));
    let folder = std::env::var_os("OPENTRAIL_SHARED").map_or_else(beside, PathBuf::from).join("data");
    folder.is_dir().then_some(folder)
}

/// The records of a file.
fn records(path: &Path) -> Vec<Value> {
    let file = BufReader::new(GzDecoder::new(std::fs::File::open(path).expect("a file of records")));
    file.lines().map(|line| serde_json::from_str(&line.expect("a line")).expect("a record")).collect()
}

/// The operation that each source and name stand for; of several, one that the models' own choice of protocol speaks.
fn operations() -> HashMap<(String, String), Vec<Operation>> {
    let mut operations: HashMap<_, Vec<_>> = HashMap::new();
    for head in &Table::embedded().heads {
        for inner in &head.model().operations {
            let operation = Operation::new(head, inner, head.protocols[0], None);
            let key = (operation.event_source(), operation.event_name().into_owned());
            operations.entry(key).or_default().push(operation);
        }
    }
    operations
}

/// What of a record is compared.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Compared {
    parameters: BTreeSet<String>,
    elements: BTreeSet<String>,
    error: Option<String>,
}

impl Compared {
    fn of_record(record: &Value) -> Self {
        let error = record["errorCode"].as_str().map(str::to_owned);
        Self { parameters: form(&record["requestParameters"]), elements: form(&record["responseElements"]), error }
    }

    fn of_call(call: &Call) -> Self {
        let value = |value: &Option<Value>| form(value.as_ref().unwrap_or(&Value::Null));
        Self {
            parameters: value(&call.request_parameters),
            elements: value(&call.response_elements),
            error: call.error.as_ref().map(|error| error.code.clone()),
        }
    }
}

/// The call that a record tells of, made again and described.
fn again(operation: &Operation, record: &Value) -> Result<Call, String> {
    let object = |value: &Value| value.as_object().cloned().unwrap_or_default();
    let request = encode::request(operation, &object(&record["requestParameters"]));
    let response = match record["errorCode"].as_str() {
        Some(code) => encode::error(operation, code, record["errorMessage"].as_str().unwrap_or_default()),
        None if record["responseElements"].is_null() => Message { status: 200, ..Message::default() },
        None => encode::response(operation, &object(&record["responseElements"])),
    };
    let (parts, headers) = (request.parts(), response.header_map());
    let recognition = match Services::embedded().recognise(&parts, Some(operation.head.signing)) {
        Recognition::NeedsBody(pending) => pending.resolve(&request.body),
        other => other,
    };
    let Recognition::Operation(found) = recognition else { return Err(format!("{recognition:?}")) };
    let whole = |bytes| Body { bytes, is_whole: true };
    let exchange = Exchange {
        operation: &found,
        request: &parts,
        request_body: whole(&request.body),
        response: Some(Response { status: response.status(), headers: &headers, body: whole(&response.body) }),
        account: "123456789012",
        region: "us-east-1",
        partition: "aws",
        transfer: Transfer::default(),
    };
    let call = describe(&exchange);
    let (source, name) = (record["eventSource"].as_str(), record["eventName"].as_str());
    if (Some(call.event_source.as_str()), Some(call.event_name.as_str())) == (source, name) {
        Ok(call)
    } else {
        Err(format!("told as {} {}", call.event_source, call.event_name))
    }
}

/// Agreeing and all forms, by service.
type Tally = BTreeMap<String, (usize, usize)>;

/// Compares each form of the files' records once, and says where one differs.
fn compare(files: &[PathBuf], differences: &mut String) -> Tally {
    let operations = operations();
    let (mut seen, mut tally) = (BTreeSet::new(), Tally::new());
    for record in files.iter().flat_map(|path| records(path)) {
        let text = |name: &str| record[name].as_str().unwrap_or_default().to_owned();
        let key = (text("eventSource"), text("eventName"));
        let is_call = matches!(record["eventType"].as_str(), None | Some("AwsApiCall"));
        let Some(candidates) = operations.get(&key).filter(|_| is_call) else { continue };
        if !seen.insert((key.clone(), Compared::of_record(&record))) {
            continue;
        }
        let told: Vec<_> = candidates.iter().map(|operation| again(operation, &record)).collect();
        let real = Compared::of_record(&record);
        let agrees = told.iter().any(|call| call.as_ref().is_ok_and(|call| Compared::of_call(call) == real));
        let (agreeing, all) = tally.entry(key.0.clone()).or_default();
        *agreeing += usize::from(agrees);
        *all += 1;
        if !agrees {
            let _ = writeln!(differences, "{} {}: {}", key.0, key.1, difference(&real, &told[0]));
        }
    }
    tally
}

fn difference(real: &Compared, told: &Result<Call, String>) -> String {
    let told = match told {
        Ok(call) => Compared::of_call(call),
        Err(why) => return why.clone(),
    };
    let lines = |name: &str, real: &BTreeSet<String>, told: &BTreeSet<String>| {
        let missing: Vec<_> = real.difference(told).take(6).collect();
        let extra: Vec<_> = told.difference(real).take(6).collect();
        if missing.is_empty() && extra.is_empty() { String::new() } else { format!("{name} -{missing:?} +{extra:?} ") }
    };
    let error = if real.error == told.error { String::new() } else { format!("{:?} {:?}", real.error, told.error) };
    lines("req", &real.parameters, &told.parameters) + &lines("res", &real.elements, &told.elements) + &error
}

fn page(tally: &Tally) -> String {
    let mut page =
        String::from("# Of the forms of each service's real records that were compared, how many ours have, too.\n");
    for (service, (agreeing, all)) in tally {
        let _ = writeln!(page, "{service} {agreeing} {all}");
    }
    page
}

#[test]
fn calls_are_told_as_cloudtrail_tells_them() {
    let Some(folder) = folder() else {
        eprintln!("SKIPPED: no folder of real records (set OPENTRAIL_SHARED)");
        return;
    };
    let mut files: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("an entry").path()).collect();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "gz"));
    files.sort();
    // Samples of documentation are written by hand, and shortened.
    let is_sample = |path: &PathBuf| path.to_string_lossy().contains("awsdocs");
    let (samples, files): (Vec<_>, Vec<_>) = files.into_iter().partition(is_sample);
    let mut differences = String::new();
    let tally = compare(&files, &mut differences);
    let sum = |tally: &Tally| tally.values().fold((0, 0), |sum, it| (sum.0 + it.0, sum.1 + it.1));
    let (agreeing, all) = sum(&tally);
    eprintln!("{differences}");
    let mut of_samples = String::new();
    let sampled = sum(&compare(&samples, &mut of_samples));
    if std::env::var_os("OPENTRAIL_SAMPLES").is_some() {
        eprintln!("samples:\n{of_samples}");
    }
    eprintln!(
        "{agreeing} of {all} forms of real records agree; of documentation's samples {} of {}",
        sampled.0, sampled.1
    );
    assert!(agreeing * 100 >= all * AGREE_MIN, "{agreeing} of {all}");
    if std::env::var_os("OPENTRAIL_BLESS").is_some() {
        std::fs::write(AGREEMENT, page(&tally)).expect("written");
    }
    let kept = std::fs::read_to_string(AGREEMENT).unwrap_or_default();
    assert_eq!(kept, page(&tally), "set OPENTRAIL_BLESS=1 to write `agreement.txt` anew, then `cargo xtask compat`");
}

/// Whether a call only read, where records tell.
#[test]
fn reads_are_told_from_writes() {
    let Some(folder) = folder() else {
        eprintln!("SKIPPED: no folder of real records (set OPENTRAIL_SHARED)");
        return;
    };
    let operations = operations();
    let (mut wrong, mut all) = (BTreeSet::new(), BTreeSet::new());
    for entry in std::fs::read_dir(folder).expect("the folder") {
        let path = entry.expect("an entry").path();
        if path.extension().is_none_or(|extension| extension != "gz") {
            continue;
        }
        for record in records(&path) {
            let text = |name: &str| record[name].as_str().unwrap_or_default().to_owned();
            let key = (text("eventSource"), text("eventName"));
            let (Some(found), Some(reads)) = (operations.get(&key), record["readOnly"].as_bool()) else { continue };
            if !found.iter().any(|operation| operation.is_read_only() == reads) {
                wrong.insert(format!("{} {} {reads}", key.0, key.1));
            }
            all.insert(key);
        }
    }
    eprintln!("{} of {} read or write as recorded; otherwise: {wrong:?}", all.len() - wrong.len(), all.len());
    assert!(wrong.len() * 50 <= all.len(), "{wrong:?}");
}
