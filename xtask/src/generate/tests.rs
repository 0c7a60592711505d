//! Determinism, soundness and likeness.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Read as _;
use std::path::Path;

use serde_json::Value;

use super::*;

fn args(out: &Path, format: Format) -> GenArgs {
    GenArgs {
        events: 30_000,
        seed: 7,
        from: "2026-03-01".to_owned(),
        to: "2026-03-04T05:06:07Z".to_owned(),
        out: out.to_owned(),
        format,
        accounts: 2,
        regions: vec!["us-east-1".to_owned(), "eu-west-1".to_owned()],
    }
}

fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                found.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    found
}

fn made(format: Format) -> BTreeMap<String, Vec<u8>> {
    let dir = tempfile::tempdir().unwrap();
    run(&args(dir.path(), format)).unwrap();
    files(dir.path())
}

fn lines(files: &BTreeMap<String, Vec<u8>>) -> Vec<String> {
    files
        .values()
        .flat_map(|file| String::from_utf8(file.clone()).unwrap().lines().map(str::to_owned).collect::<Vec<_>>())
        .collect()
}

#[test]
fn a_seed_makes_the_same_files() {
    assert_eq!(made(Format::LogFiles), made(Format::LogFiles));
}

#[test]
fn both_formats_hold_the_same_events() {
    let plain: HashSet<String> = lines(&made(Format::Ndjson)).into_iter().collect();
    assert_eq!(plain.len(), 30_000);
    let mut logged = HashSet::new();
    for (name, file) in made(Format::LogFiles) {
        let mut text = String::new();
        flate2::read::GzDecoder::new(&*file).read_to_string(&mut text).unwrap();
        let log: HashMap<&str, Vec<&serde_json::value::RawValue>> = serde_json::from_str(&text).expect(&name);
        for record in &log["Records"] {
            let value: Value = serde_json::from_str(record.get()).unwrap();
            let of = |member: &str| value[member].as_str().unwrap();
            let scope = format!("/{}_", of("recipientAccountId"));
            assert!(name.contains(&scope) && name.contains(&format!("_{}_", of("awsRegion"))), "{name}: {value}");
            logged.insert(record.get().to_owned());
        }
    }
    assert!(logged == plain);
}

#[test]
fn the_events_are_like_real_ones() {
    let lines = lines(&made(Format::Ndjson));
    let values: Vec<Value> = lines.iter().map(|line| serde_json::from_str(line).expect(line)).collect();
    let share = |of: &dyn Fn(&Value) -> bool| values.iter().filter(|value| of(value)).count() * 100 / values.len();
    let times: Vec<&str> = values.iter().map(|value| value["eventTime"].as_str().unwrap()).collect();
    assert!(times.is_sorted() && times[0] >= "2026-03-01" && times[times.len() - 1] < "2026-03-04T05:06:07Z");
    let ids: HashSet<&str> = values.iter().map(|value| value["eventID"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), values.len());
    let names: HashSet<&str> = values.iter().filter_map(|value| value["eventName"].as_str()).collect();
    assert!(names.len() > 300, "{} names", names.len());
    let mean = lines.iter().map(String::len).sum::<usize>() / lines.len();
    assert!((1_000..1_800).contains(&mean), "{mean} bytes");
    let errors = share(&|value| value["errorCode"].is_string());
    assert!((4..12).contains(&errors), "{errors} % errors");
    let reads = share(&|value| value["readOnly"] == true);
    assert!((65..90).contains(&reads), "{reads} % reads");
    let management = share(&|value| value["eventCategory"] == "Management");
    assert!((70..90).contains(&management), "{management} % management");
    let roles = share(&|value| value["userIdentity"]["type"] == "AssumedRole");
    assert!((50..80).contains(&roles), "{roles} % roles");
}

#[test]
fn wrong_wishes_are_refused() {
    let dir = tempfile::tempdir().unwrap();
    let good = args(dir.path(), Format::Ndjson);
    assert!(run(&GenArgs { events: 0, ..good.clone() }).is_err());
    assert!(run(&GenArgs { to: good.from.clone(), ..good.clone() }).is_err());
    assert!(run(&GenArgs { regions: Vec::new(), ..good }).is_err());
}
