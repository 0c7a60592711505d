//! `cargo xtask services`: derives the table of AWS services from botocore's models, without their prose.
//!
//! The models come with the `botocore` package in `.venv`, at the version that `conformance/requirements.txt` pins. The table goes
//! into `crates/services/src/generated`: `services.bin` for the program, and `services.txt`, a line a service, for people.
//! Its form is described where it is read, in `crates/services/src/table`.

mod model;
mod pack;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;

use crate::workspace::{Output, root};
use model::Model;

const TABLE: &str = "crates/services/src/generated/services.bin";
const SUMMARY: &str = "crates/services/src/generated/services.txt";

/// How hard to press the table: as hard as it goes, since it is done once.
const LEVEL: i32 = 19;

pub(crate) fn run(check: bool) -> anyhow::Result<()> {
    let models = model::load_all(&data()?)?;
    let entries = models.iter().map(Entry::new).collect::<anyhow::Result<Vec<_>>>()?;
    let mut output = Output::new(check);
    output.put(Path::new(SUMMARY), &summary(&entries))?;
    put_table(&mut output, &entries)?;
    output.finish("services")
}

/// A service's line in the index and its text.
struct Entry {
    head: String,
    text: String,
    operations: usize,
}

impl Entry {
    fn new(model: &Model) -> anyhow::Result<Self> {
        let text = pack::text(model).with_context(|| format!("pack `{}`", model.name))?;
        Ok(Self { head: pack::head(model), text, operations: model.operations().len() })
    }
}

/// Botocore's folder of models in the project's Python environment.
fn data() -> anyhow::Result<PathBuf> {
    let libraries = root().join(".venv/lib");
    let missing = "no `botocore` in `.venv`: `cargo xtask test --only clients` makes it";
    for python in std::fs::read_dir(&libraries).context(missing)? {
        let data = python?.path().join("site-packages/botocore/data");
        if data.is_dir() {
            return Ok(data);
        }
    }
    anyhow::bail!(missing)
}

fn summary(entries: &[Entry]) -> String {
    let operations: usize = entries.iter().map(|entry| entry.operations).sum();
    let mut page =
        String::from("# Made by `cargo xtask services` from botocore's models: what `services.bin` holds.\n");
    let _ = writeln!(page, "# {} services, {operations} operations.\n", entries.len());
    page.push_str(
        "# service, endpoint prefix, signing name, version, protocols, target prefix; operations; CRC-32 of its text\n",
    );
    for entry in entries {
        let mut crc = flate2::Crc::new();
        crc.update(entry.text.as_bytes());
        let _ = writeln!(page, "{}; {}; {:08x}", entry.head, entry.operations, crc.sum());
    }
    page
}

/// Puts the table, unless the one that is there says the same (another zstd may press it otherwise).
fn put_table(output: &mut Output, entries: &[Entry]) -> anyhow::Result<()> {
    let path = Path::new(TABLE);
    let old = std::fs::read(root().join(path)).unwrap_or_default();
    let is_same = unpack(&old).is_ok_and(|texts| texts.iter().eq(entries.iter().map(|entry| &entry.text)));
    if is_same { Ok(()) } else { output.put_bytes(path, &table(entries)?) }
}

/// The index's length, the index, the services' texts; each pressed for itself.
fn table(entries: &[Entry]) -> anyhow::Result<Vec<u8>> {
    let (mut index, mut frames) = (String::new(), Vec::new());
    for entry in entries {
        let frame = zstd::bulk::compress(entry.text.as_bytes(), LEVEL)?;
        let _ = writeln!(index, "{} {} {} {}", entry.head, frames.len(), frame.len(), entry.text.len());
        frames.extend(frame);
    }
    let pressed = zstd::bulk::compress(index.as_bytes(), LEVEL)?;
    let lengths = [pressed.len(), index.len()].map(|length| u32::try_from(length).expect("an index is small"));
    let mut table: Vec<u8> = lengths.iter().flat_map(|length| length.to_le_bytes()).collect();
    table.extend(pressed);
    table.extend(frames);
    Ok(table)
}

fn unpack(table: &[u8]) -> anyhow::Result<Vec<String>> {
    let length = |at: usize| -> anyhow::Result<usize> {
        let bytes = table.get(at..at + 4).context("the table is cut off")?;
        Ok(u32::from_le_bytes(bytes.try_into()?) as usize)
    };
    let (pressed, plain) = (length(0)?, length(4)?);
    let index = zstd::bulk::decompress(table.get(8..8 + pressed).context("the index is cut off")?, plain)?;
    let frames = &table[8 + pressed..];
    let text = |line: &str| -> anyhow::Result<String> {
        let numbers: Vec<usize> = line.rsplit(' ').take(3).map(str::parse).collect::<Result<_, _>>()?;
        let [plain, length, start] = numbers[..] else { anyhow::bail!("bad line `{line}`") };
        let frame = frames.get(start..start + length).context("a service is cut off")?;
        Ok(String::from_utf8(zstd::bulk::decompress(frame, plain)?)?)
    };
    std::str::from_utf8(&index)?.lines().map(text).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_pressed_comes_out_again() {
        let entry =
            |name: &str| Entry { head: format!("{name} x y z"), text: format!("text of {name}"), operations: 1 };
        let table = table(&[entry("a"), entry("b")]).expect("pressed");
        assert_eq!(unpack(&table).expect("unpacked"), ["text of a", "text of b"]);
        assert!(unpack(&table[..table.len() - 1]).is_err());
        assert!(unpack(&[]).is_err());
    }
}
