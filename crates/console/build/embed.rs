//! Files on their way into the binary.

use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::Context;
use flate2::Compression;
use flate2::write::GzEncoder;

/// A file as it is served.
pub(crate) struct Embedded {
    /// Below `/console/`, with slashes.
    path: String,
    content: Vec<u8>,
}

/// All files of a folder, by path.
pub(crate) fn read(dist: &Path) -> anyhow::Result<Vec<Embedded>> {
    let mut files = Vec::new();
    let mut folders = vec![dist.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).with_context(|| format!("cannot list `{}`", folder.display()))? {
            let path = entry?.path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let name = path.strip_prefix(dist)?.to_str().context("a file's name is not UTF-8")?.replace('\\', "/");
            let content = fs::read(&path).with_context(|| format!("cannot read `{}`", path.display()))?;
            files.push(Embedded { path: name, content });
        }
    }
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(files)
}

/// The page that stands where the console would be.
pub(crate) fn placeholder(why: &str) -> Embedded {
    let why = why.replace('&', "&amp;").replace('<', "&lt;");
    let content = include_str!("placeholder.html").replace("{why}", &why).into_bytes();
    Embedded { path: "index.html".to_owned(), content }
}

/// Writes the files, compressed, and `assets.rs` with the list of them.
pub(crate) fn write(files: &[Embedded], out: &Path) -> anyhow::Result<()> {
    let packed = out.join("packed");
    let _ = fs::remove_dir_all(&packed);
    fs::create_dir_all(&packed)?;
    let mut list = String::from("&[\n");
    for (number, file) in files.iter().enumerate() {
        let path = packed.join(format!("{number}.gz"));
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(&file.content)?;
        fs::write(&path, encoder.finish()?)?;
        let etag = format!("\"{:032x}\"", xxhash_rust::xxh3::xxh3_128(&file.content));
        writeln!(
            list,
            "    Asset {{ path: {:?}, etag: {etag:?}, bytes: {}, gzip: include_bytes!({path:?}) }},",
            file.path,
            file.content.len(),
        )?;
    }
    list.push(']');
    fs::write(out.join("assets.rs"), list).context("cannot write the list of the console's files")
}
