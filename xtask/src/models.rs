//! `cargo xtask models`: takes over the facts of the AWS service models and leaves the prose behind.

use std::io::Read as _;
use std::path::Path;

use anyhow::Context as _;
use serde_json::Value;

use crate::workspace::Output;

/// Each model: where botocore keeps it, and where we do.
const MODELS: [(&str, &str); 2] = [
    ("cloudtrail/2013-11-01/service-2.json.gz", super::codegen::CLOUDTRAIL),
    ("cloudtrail-data/2021-08-11/service-2.json.gz", super::codegen::CLOUDTRAIL_DATA),
];

/// Keys whose values are prose for people, not facts for programs.
const PROSE: [&str; 2] = ["documentation", "deprecatedMessage"];

pub(crate) fn run(data: &Path) -> anyhow::Result<()> {
    let mut output = Output::new(false);
    for (source, destination) in MODELS {
        let source = data.join(source);
        let mut model = read(&source).with_context(|| format!("read `{}`", source.display()))?;
        strip(&mut model);
        output.put(Path::new(destination), &(serde_json::to_string_pretty(&model)? + "\n"))?;
    }
    output.finish("models")
}

/// A model of botocore's.
pub(crate) fn read(path: &Path) -> anyhow::Result<Value> {
    let mut text = String::new();
    flate2::read::GzDecoder::new(std::fs::File::open(path)?).read_to_string(&mut text)?;
    Ok(serde_json::from_str(&text)?)
}

/// Removes the prose. A *member* may well be called `documentation`: then its value is an object, and it stays.
fn strip(value: &mut Value) {
    match value {
        Value::Object(object) => {
            object.retain(|key, value| !(PROSE.contains(&key.as_str()) && value.is_string()));
            object.values_mut().for_each(strip);
        }
        Value::Array(items) => items.iter_mut().for_each(strip),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_goes_and_members_of_that_name_stay() {
        let mut model = serde_json::json!({
            "documentation": "<p>Words.</p>",
            "shapes": {"A": {"members": {"documentation": {"shape": "B", "documentation": "<p>More words.</p>"}}}},
        });
        strip(&mut model);
        assert_eq!(model, serde_json::json!({"shapes": {"A": {"members": {"documentation": {"shape": "B"}}}}}));
    }
}
