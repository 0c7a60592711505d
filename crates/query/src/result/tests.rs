use std::path::Path;

use opentrail_stdx::{Disk, SystemDisk};

use super::*;

fn row(number: u64) -> Vec<Option<String>> {
    vec![Some(number.to_string()), None, Some("x".repeat(usize::try_from(number).expect("small") % 3000))]
}

fn written(path: &Path, rows: u64) -> ResultFile {
    let columns = ["a", "a", "ü"].map(str::to_owned).to_vec();
    let mut writer = ResultWriter::create(&SystemDisk, path, columns).expect("begun");
    for number in 0..rows {
        writer.push(&row(number)).expect("pushed");
    }
    assert!(ResultFile::open(&SystemDisk, path).is_err(), "nothing until it is whole");
    assert_eq!(writer.finish(&SystemDisk).expect("finished"), rows);
    ResultFile::open(&SystemDisk, path).expect("opened")
}

#[test]
fn pages_join_to_the_whole() {
    let dir = tempfile::tempdir().expect("a folder");
    for count in [0, 1, 1500] {
        let file = written(&dir.path().join(format!("{count}.rows")), count);
        assert_eq!((file.columns(), file.row_count()), (&["a", "a", "ü"].map(str::to_owned)[..], count));
        for page in [1, 7, 1000, 5000] {
            let (mut first, mut pages) = (0, Vec::new());
            loop {
                let part = file.rows(first, page, usize::MAX).expect("read");
                first += part.rows.len() as u64;
                pages.extend(part.rows);
                if part.is_end {
                    break;
                }
            }
            assert_eq!(pages, (0..count).map(row).collect::<Vec<_>>(), "{count} by {page}");
            if count > 1000 && page < 7 {
                break;
            }
        }
        assert!(file.rows(count, 10, usize::MAX).expect("read").rows.is_empty());
    }
}

#[test]
fn pages_are_bounded_in_bytes() {
    let dir = tempfile::tempdir().expect("a folder");
    let file = written(&dir.path().join("rows"), 1500);
    let part = file.rows(1000, 1000, 10_000).expect("read");
    assert!(!part.is_end);
    assert!((5..20).contains(&part.rows.len()), "{}", part.rows.len());
    assert_eq!(file.rows(1000, 1000, 1).expect("read").rows.len(), 1, "one row at least");
}

#[test]
fn damage_is_told() {
    let dir = tempfile::tempdir().expect("a folder");
    let path = dir.path().join("rows");
    drop(written(&path, 1500));
    let whole = SystemDisk.read(&path).expect("read");
    for at in (0..whole.len()).step_by(997).chain(whole.len() - 40..whole.len()) {
        let mut bytes = whole.clone();
        bytes[at] ^= 1;
        std::fs::write(&path, &bytes).expect("written");
        let read = ResultFile::open(&SystemDisk, &path).and_then(|file| file.rows(0, 2000, usize::MAX));
        // Only a flipped bit in the first magic or a chunk's unpacked length may pass, and then the rows are right.
        if let Ok(part) = read {
            assert_eq!(part.rows.len(), 1500, "{at}");
        }
        let mut cut = whole.clone();
        cut.truncate(at);
        std::fs::write(&path, &cut).expect("written");
        assert!(ResultFile::open(&SystemDisk, &path).is_err(), "cut at {at}");
    }
}
