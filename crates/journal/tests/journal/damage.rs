//! Files that somebody cut or flipped: an error with a place in it, never a panic, never another record.

use std::path::Path;

use opentrail_journal::{Entry, OpenError, Position, ReadError};

use crate::world::{World, files, read_all};

/// Three segments with small, compressed and many-record batches.
fn journal() -> World {
    let mut world = World::new(9);
    for sizes in [&[100, 30][..], &[5000], &[8000, 10], &[20; 30], &[10_000], &[50], &[60; 3], &[5500]] {
        let entries = world.entries(sizes);
        assert!(world.append(&entries));
    }
    world.kill();
    assert!(files(&world.disk).len() > 2, "{:?}", files(&world.disk));
    world
}

/// What a damaged journal still gives.
#[derive(Debug)]
enum Outcome {
    Refused(OpenError),
    Stopped(ReadError),
    /// All records up to somewhere.
    Read(usize),
}

fn outcome(world: &mut World, path: &Path, damage: impl FnOnce(&mut Vec<u8>)) -> Outcome {
    world.disk.tamper(path, damage).expect("the file is there");
    let log = match world.open() {
        Ok(log) => log,
        Err(error) => return Outcome::Refused(error),
    };
    let found = match read_all(log, Position(0)) {
        Ok(found) => found,
        Err(error) => return Outcome::Stopped(error),
    };
    for (index, (position, entry)) in found.iter().enumerate() {
        assert_eq!(position.0, index as u64);
        let expected: &Entry = &world.acknowledged[&position.0];
        assert_eq!(entry.record, expected.record, "{position}");
    }
    Outcome::Read(found.len())
}

fn assert_names(outcome: &Outcome, path: &Path) {
    let text = match outcome {
        Outcome::Refused(error) => error.to_string(),
        Outcome::Stopped(error) => error.to_string(),
        Outcome::Read(_) => panic!("{outcome:?}"),
    };
    assert!(text.contains(&*path.to_string_lossy()) && text.contains("at byte"), "{text}");
}

#[test]
fn a_cut_last_file_ends_at_its_last_whole_batch() {
    let path = files(&journal().disk).pop().expect("some files");
    let whole = std::cell::Cell::new(0);
    for cut in (48..).step_by(7) {
        let mut world = journal();
        let all = world.acknowledged.len();
        match outcome(&mut world, &path, |bytes| {
            whole.set(bytes.len());
            bytes.truncate(cut);
        }) {
            Outcome::Read(found) => assert!(found < all || cut >= whole.get(), "{cut}"),
            other => panic!("{cut}: {other:?}"),
        }
        if cut >= whole.get() {
            break;
        }
    }
}

#[test]
fn a_cut_older_file_is_an_error_with_a_place() {
    let path = files(&journal().disk).remove(0);
    let whole = {
        let found = opentrail_stdx::Disk::read(&journal().disk, &path).expect("there");
        found.len()
    };
    for cut in (0..whole).step_by(13) {
        let outcome = outcome(&mut journal(), &path, |bytes| bytes.truncate(cut));
        assert_names(&outcome, &path);
    }
}

#[test]
fn a_flipped_bit_in_an_older_file_is_an_error_with_a_place() {
    let path = files(&journal().disk).remove(0);
    let whole = opentrail_stdx::Disk::read(&journal().disk, &path).expect("there").len();
    for bit in (0..whole * 8).step_by(29) {
        // The last bytes of the segment header carry nothing.
        if (44..48).contains(&(bit / 8)) {
            continue;
        }
        let outcome = outcome(&mut journal(), &path, |bytes| bytes[bit / 8] ^= 1 << (bit % 8));
        assert_names(&outcome, &path);
    }
}

#[test]
fn a_flipped_bit_in_the_middle_of_the_last_file_is_no_torn_tail() {
    let path = files(&journal().disk).pop().expect("some files");
    let whole = opentrail_stdx::Disk::read(&journal().disk, &path).expect("there").len();
    let mut cut = 0;
    for bit in (48 * 8..whole * 8).step_by(37) {
        let mut world = journal();
        let all = world.acknowledged.len();
        match outcome(&mut world, &path, |bytes| bytes[bit / 8] ^= 1 << (bit % 8)) {
            // Only the last batch can't be told from a torn one: nothing after it proves that it was whole.
            Outcome::Read(found) => {
                assert_eq!(found, all - 1, "bit {bit}");
                cut += 1;
            }
            other => assert_names(&other, &path),
        }
    }
    assert!(cut > 0);
}

#[test]
fn a_missing_file_is_an_error_unless_it_is_the_oldest() {
    let mut world = World::new(2);
    for _ in 0..3 {
        let entries = world.entries(&[20_000, 20_000, 20_000]);
        assert!(world.append(&entries));
    }
    world.kill();
    let files = files(&world.disk);
    assert!(files.len() >= 3, "{files:?}");
    opentrail_stdx::Disk::remove(&world.disk, &files[1]).expect("there");
    assert!(matches!(world.open(), Err(OpenError::Corrupt(_))));
}

#[test]
fn a_record_that_looks_like_frames_is_only_a_record() {
    let mut world = World::new(6);
    let entries = world.entries(&[10]);
    assert!(world.append(&entries));
    let file = files(&world.disk).pop().expect("one");
    let stored = opentrail_stdx::Disk::read(&world.disk, &file).expect("there");
    let mut entries = world.entries(&[10]);
    // The bytes of a whole frame, as another journal would have them, inside a record that is then torn.
    entries[0].record = stored[48..].to_vec().into();
    assert!(world.append(&entries));
    world.kill();
    let mut other = World::new(7);
    other.clock.advance(std::time::Duration::from_secs(1));
    for record in [&b"x"[..], &stored[48..]] {
        let mut entries = other.entries(&[10]);
        entries[0].record = record.to_vec().into();
        assert!(other.append(&entries));
    }
    other.kill();
    let file = files(&other.disk).pop().expect("one");
    other.disk.tamper(&file, |bytes| bytes.truncate(bytes.len() - 1)).expect("there");
    assert_eq!(other.open().expect("torn, not corrupt").end(), Position(1));
}
