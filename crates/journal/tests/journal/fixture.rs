//! Bytes on disk as released versions wrote them, read for ever.
//!
//! A folder of `testdata/journal` is never changed once released. A new version of the format gets a folder of its
//! own, written by `OPENTRAIL_FIXTURE_DIR=testdata/journal/vN cargo test -p opentrail-journal the_fixture_is_written_anew`
//! (an absolute path).

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use opentrail_journal::{Log, Position};
use opentrail_stdx::{Disk, Fault, SystemClock, SystemDisk};

use crate::world::{DIR, OPTIONS, World, files, read_all};

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../testdata/journal/v1")
}

/// One line per record, with its text.
fn describe(log: &Log) -> String {
    let mut text = String::new();
    for (position, entry) in read_all(log, Position(0)).expect("sound") {
        let envelope = &entry.envelope;
        let record = std::str::from_utf8(&entry.record).expect("text");
        let category = envelope.category.number();
        let (account, region) = (&envelope.account, &envelope.region);
        writeln!(text, "{position} {account} {region} {category} {} {record}", envelope.arrived_at).expect("memory");
    }
    text
}

#[test]
fn version_1_is_read() {
    let dir = tempfile::tempdir().expect("a place for files");
    let expected = fs::read_to_string(folder().join("expected.txt")).expect("part of the repository");
    for file in fs::read_dir(folder()).expect("part of the repository") {
        let path = file.expect("readable").path();
        if path.extension().is_some_and(|it| it == "journal") {
            fs::copy(&path, dir.path().join(path.file_name().expect("a file"))).expect("space");
        }
    }
    let log = Log::open(Arc::new(SystemDisk), dir.path().to_path_buf(), OPTIONS, Arc::new(SystemClock));
    assert_eq!(describe(&log.expect("readable for ever")), expected);
}

/// The writer of today still writes what the fixture says, into a scratch folder unless another one is named.
#[test]
fn the_fixture_is_written_anew() {
    let scratch = tempfile::tempdir().expect("a place for files");
    let into = std::env::var_os("OPENTRAIL_FIXTURE_DIR").map_or_else(|| scratch.path().to_path_buf(), PathBuf::from);
    write_the_fixture(&into);
    let written = fs::read_to_string(into.join("expected.txt")).expect("just written");
    assert_eq!(written, fs::read_to_string(folder().join("expected.txt")).expect("part of the repository"));
}

fn write_the_fixture(into: &Path) {
    let mut world = World::new(1);
    for (step, sizes) in [&[100, 10][..], &[6000], &[40; 4], &[9000, 20], &[5], &[200, 70], &[30]].iter().enumerate() {
        if step == 5 {
            // The next batch is kept by its segment although it failed, and superseded by what is appended instead.
            world.disk.plan(world.disk.operations() + 1, Fault::SyncFailed);
        }
        let entries = world.entries(sizes);
        assert_eq!(world.append(&entries), step != 5);
    }
    fs::create_dir_all(into).expect("space");
    let expected = describe(world.log.as_ref().expect("open"));
    fs::write(into.join("expected.txt"), expected).expect("space");
    for path in files(&world.disk) {
        let mut bytes = world.disk.read(&path).expect("there");
        if Some(&path) == files(&world.disk).last() {
            bytes.extend_from_slice(b"OTFR a torn tail");
        }
        fs::write(into.join(path.strip_prefix(DIR).expect("inside")), bytes).expect("space");
    }
}
