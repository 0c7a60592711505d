//! Copies an ORC file with other settings, or counts what a predicate leaves to read.
//!
//! ```text
//! orc convert IN OUT [--compression none|zlib|snappy|lz4|zstd] [--bloom COLUMN,…] [--stripe-bytes N]
//! orc count FILE 'rising >= 5' [--exact]
//! ```
//! A predicate is `all`, `COLUMN OP VALUE` (`=`, `<`, `<=`, `>`, `>=`), `COLUMN in (VALUE,…)` or `COLUMN is null`.

use std::error::Error;
use std::fs::File;
use std::io::BufWriter;
use std::process::ExitCode;

use opentrail_orc::{
    ColumnPath, CompareOp, Compression, Metadata, Predicate, ReadOptions, Reader, Scalar, Writer, WriterOptions,
};

#[allow(clippy::print_stderr, reason = "a command talks on stderr")]
fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<(), Box<dyn Error>> {
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["convert", source, target, flags @ ..] => convert(source, target, flags),
        ["count", source, predicate, flags @ ..] => count(source, predicate, flags.contains(&"--exact")),
        _ => Err("usage: orc convert IN OUT [FLAGS] | orc count FILE PREDICATE [--exact]".into()),
    }
}

fn convert(source: &str, target: &str, flags: &[&str]) -> Result<(), Box<dyn Error>> {
    let file = File::open(source)?;
    let metadata = Metadata::read(&file)?;
    let out = BufWriter::new(File::create(target)?);
    let mut writer = Writer::new(out, metadata.schema(), writer_options(flags)?)?;
    for batch in Reader::new(file, metadata, ReadOptions::default())? {
        writer.write(&batch?)?;
    }
    writer.finish()?;
    Ok(())
}

fn writer_options(flags: &[&str]) -> Result<WriterOptions, Box<dyn Error>> {
    let mut options = WriterOptions::default();
    for pair in flags.chunks(2) {
        let [flag, value] = *pair else { return Err(format!("`{}` needs a value", pair[0]).into()) };
        match flag {
            "--compression" => options.compression = compression(value)?,
            "--bloom" => options.bloom_columns = value.split(',').map(ColumnPath::from).collect(),
            "--stripe-bytes" => options.stripe_bytes = value.parse()?,
            _ => return Err(format!("there is no flag `{flag}`").into()),
        }
    }
    Ok(options)
}

fn compression(name: &str) -> Result<Compression, Box<dyn Error>> {
    Ok(match name {
        "none" => Compression::None,
        "zlib" => Compression::Zlib { level: 6 },
        "snappy" => Compression::Snappy,
        "lz4" => Compression::Lz4,
        "zstd" => Compression::Zstd { level: 1 },
        _ => return Err(format!("there is no compression `{name}`").into()),
    })
}

#[allow(clippy::print_stdout, reason = "the answer goes to stdout")]
fn count(source: &str, predicate: &str, exact: bool) -> Result<(), Box<dyn Error>> {
    let file = File::open(source)?;
    let metadata = Metadata::read(&file)?;
    let options = ReadOptions { predicate: parse(predicate)?, exact, ..ReadOptions::default() };
    let mut reader = Reader::new(file, metadata, options)?;
    let mut rows = 0;
    for batch in reader.by_ref() {
        rows += batch?.num_rows();
    }
    println!("{rows} {}", reader.row_groups_read());
    Ok(())
}

fn parse(text: &str) -> Result<Option<Predicate>, Box<dyn Error>> {
    let Some((column, rest)) = text.split_once(' ') else { return Ok(None) };
    let column = ColumnPath::from(column);
    if rest == "is null" {
        return Ok(Some(Predicate::IsNull { column }));
    }
    if let Some(list) = rest.strip_prefix("in (").and_then(|list| list.strip_suffix(')')) {
        let values = list.split(',').map(scalar).collect::<Result<_, _>>()?;
        return Ok(Some(Predicate::In { column, values }));
    }
    let (op, value) = rest.split_once(' ').ok_or("a predicate is `COLUMN OP VALUE`")?;
    let op = match op {
        "=" => CompareOp::Eq,
        "<" => CompareOp::Lt,
        "<=" => CompareOp::LtEq,
        ">" => CompareOp::Gt,
        ">=" => CompareOp::GtEq,
        _ => return Err(format!("there is no operator `{op}`").into()),
    };
    Ok(Some(Predicate::Compare { column, op, value: scalar(value)? }))
}

fn scalar(text: &str) -> Result<Scalar, Box<dyn Error>> {
    if let Some(text) = text.strip_prefix('\'').and_then(|text| text.strip_suffix('\'')) {
        return Ok(Scalar::Text(text.to_owned()));
    }
    Ok(match text.parse() {
        Ok(number) => Scalar::Int(number),
        Err(_) => Scalar::Float(text.parse()?),
    })
}
