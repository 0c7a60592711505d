//! Botocore's service models, as far as the table needs them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use serde_json::{Map, Value};

/// The operations that EC2 has had since before this version are recorded in a form of their own.
const EC2_CLASSIC_UNTIL: &str = "2015-03-01";

/// A service's newest model.
pub(super) struct Model {
    pub(super) name: String,
    model: Value,
    /// The operations of EC2 that are older than the general form of its records.
    classic: BTreeSet<String>,
}

impl Model {
    pub(super) fn new(name: &str, model: Value) -> Self {
        Self { name: name.to_owned(), model, classic: BTreeSet::new() }
    }

    /// A text in the metadata, empty if there is none.
    pub(super) fn metadata(&self, key: &str) -> &str {
        self.model["metadata"][key].as_str().unwrap_or_default()
    }

    /// Each protocol that the service is spoken to by, the models' own choice first.
    pub(super) fn protocols(&self) -> Vec<&str> {
        let metadata = &self.model["metadata"];
        let mut protocols = vec![self.metadata("protocol")];
        protocols.extend(metadata["protocols"].as_array().into_iter().flatten().filter_map(Value::as_str));
        if !metadata["awsQueryCompatible"].is_null() {
            protocols.push("query");
        }
        let mut seen = BTreeSet::new();
        protocols.retain(|protocol| seen.insert(*protocol));
        protocols
    }

    pub(super) fn operations(&self) -> &Map<String, Value> {
        self.model["operations"].as_object().expect("a model has operations")
    }

    pub(super) fn is_classic(&self, operation: &str) -> bool {
        self.classic.contains(operation)
    }

    pub(super) fn shape(&self, name: &str) -> anyhow::Result<&Value> {
        self.model["shapes"].get(name).with_context(|| format!("no shape `{name}`"))
    }

    /// Where the code on the wire is not the error's name: code → name.
    pub(super) fn error_codes(&self) -> BTreeMap<&str, &str> {
        let shapes = self.model["shapes"].as_object().expect("a model has shapes");
        let code = |(name, shape): (&'_ String, &'_ Value)| -> Option<(&str, &str)> {
            let code = shapes[name]["error"]["code"].as_str()?;
            let (name, _) = shapes.get_key_value(name)?;
            (shape["exception"] == true && code != name).then_some((code, name.as_str()))
        };
        shapes.iter().filter_map(code).collect()
    }
}

/// The newest model of each service, by name.
pub(super) fn load_all(data: &Path) -> anyhow::Result<Vec<Model>> {
    let mut models = Vec::new();
    for name in names(data)? {
        let versions: Vec<String> =
            names(&data.join(&name))?.into_iter().filter(|version| file(data, &name, version).is_file()).collect();
        let Some(newest) = versions.last() else { continue };
        let mut model = Model::new(&name, read(&file(data, &name, newest))?);
        if name == "ec2" {
            let before = |version: &&String| version.as_str() <= EC2_CLASSIC_UNTIL;
            for version in versions.iter().filter(before) {
                let old = Model::new(&name, read(&file(data, &name, version))?);
                model.classic.extend(old.operations().keys().cloned());
            }
        }
        models.push(model);
    }
    Ok(models)
}

fn file(data: &Path, name: &str, version: &str) -> PathBuf {
    data.join(name).join(version).join("service-2.json.gz")
}

/// The folders in `folder`, sorted.
fn names(folder: &Path) -> anyhow::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(folder).with_context(|| format!("read `{}`", folder.display()))? {
        let entry = entry?;
        if entry.path().is_dir() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

fn read(path: &Path) -> anyhow::Result<Value> {
    crate::models::read(path).with_context(|| format!("read `{}`", path.display()))
}
