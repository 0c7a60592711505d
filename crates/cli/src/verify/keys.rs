//! Public keys: saved ones, or the server's.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context;
use async_trait::async_trait;
use opentrail_seal::verify::PublicKeys;
use opentrail_stdx::Timestamp;
use opentrail_verify::{Error, KeySource, RegionKeys};
use serde_json::{Value, json};

use super::Usage;
use crate::connection::{Connection, ConnectionArgs};

const LIST_PUBLIC_KEYS: &str = "com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.ListPublicKeys";
/// Keys are asked for that were valid this much around the digests' times: a digest is signed some time after its
/// window, a backfill digest long after.
const AROUND: Duration = Duration::from_secs(24 * 60 * 60);
/// Digests come late when their bucket is broken, but not later than this.
const LATE_MAX: Duration = Duration::from_secs(31 * 24 * 60 * 60);

/// Where keys come from.
#[derive(Debug)]
pub(crate) enum Keys {
    /// Saved by the user.
    Saved(RegionKeys),
    /// Asked of the server.
    Server(Box<Connection>),
}

impl Keys {
    /// The saved keys, or else the server's.
    pub(crate) fn of(saved: Option<&Path>, connection: &ConnectionArgs) -> anyhow::Result<Self> {
        if let Some(path) = saved {
            return read(path).map(Self::Saved);
        }
        let connection = connection.connect().map_err(|error| {
            Usage(format!(
                "no public keys: give --public-keys FILE (save one with `aws cloudtrail list-public-keys --start-time 2020-01-01 --end-time 2030-01-01`), or name the server that has them: {error:#}"
            ))
        })?;
        Ok(Self::Server(Box::new(connection)))
    }
}

#[async_trait]
impl KeySource for Keys {
    async fn load(&self, times: &BTreeMap<String, (Timestamp, Timestamp)>) -> Result<RegionKeys, Error> {
        match self {
            Self::Saved(keys) => Ok(keys.clone()),
            Self::Server(connection) => ask_each(connection, times).await.map_err(|error| Error::Untold(error.into())),
        }
    }
}

async fn ask_each(
    connection: &Connection,
    times: &BTreeMap<String, (Timestamp, Timestamp)>,
) -> anyhow::Result<RegionKeys> {
    let http = connection.http()?;
    let mut keys = RegionKeys::default();
    for (region, (from, to)) in times {
        let found = ask(connection, &http, region, from.minus(AROUND), to.plus(LATE_MAX)).await;
        keys = keys.with(region, found.with_context(|| format!("cannot ask for the public keys of {region}"))?);
    }
    Ok(keys)
}

async fn ask(
    connection: &Connection,
    http: &reqwest::Client,
    region: &str,
    from: Timestamp,
    to: Timestamp,
) -> anyhow::Result<PublicKeys> {
    let mut keys = PublicKeys::new();
    let mut request = json!({ "StartTime": from.as_secs(), "EndTime": to.as_secs() });
    loop {
        let answer = connection.call(http, "cloudtrail", region, LIST_PUBLIC_KEYS, &request).await?;
        keys.add_json(answer.to_string().as_bytes())?;
        match &answer["NextToken"] {
            Value::String(token) if request["NextToken"] != answer["NextToken"] => request["NextToken"] = json!(token),
            _ => return Ok(keys),
        }
    }
}

/// Reads a file, or all `.json` files of a folder.
fn read(path: &Path) -> anyhow::Result<RegionKeys> {
    let mut files: Vec<(Option<String>, Vec<u8>, PathBuf)> = Vec::new();
    for path in files_of(path)? {
        let json = std::fs::read(&path).map_err(|error| usage(&path, &error))?;
        let stem = path.file_stem().and_then(|stem| stem.to_str());
        files.push((stem.filter(|stem| is_region(stem)).map(str::to_owned), json, path));
    }
    let keys_of = |wanted: Option<&str>| -> anyhow::Result<PublicKeys> {
        let mut keys = PublicKeys::new();
        for (region, json, path) in &files {
            if region.is_none() || region.as_deref() == wanted {
                keys.add_json(json).map_err(|error| usage(path, &error))?;
            }
        }
        Ok(keys)
    };
    let mut keys = RegionKeys::everywhere(keys_of(None)?);
    for region in files.iter().filter_map(|(region, ..)| region.as_deref()) {
        keys = keys.with(region, keys_of(Some(region))?);
    }
    Ok(keys)
}

fn usage(path: &Path, error: &dyn std::fmt::Display) -> anyhow::Error {
    Usage(format!("cannot take public keys from `{}`: {error}", path.display())).into()
}

fn files_of(path: &Path) -> anyhow::Result<Vec<PathBuf>> {
    if !path.is_dir() {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(|error| usage(path, &error))? {
        let file = entry.map_err(|error| usage(path, &error))?.path();
        if file.extension().is_some_and(|extension| extension == "json") {
            files.push(file);
        }
    }
    files.sort();
    Ok(files)
}

/// Whether a name is that of a Region, such as `us-gov-west-1`.
fn is_region(name: &str) -> bool {
    let mut parts = name.split('-');
    let number = parts.next_back().unwrap_or_default();
    let words: Vec<&str> = parts.collect();
    words.len() >= 2
        && words.iter().all(|word| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase()))
        && !number.is_empty()
        && number.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use opentrail_seal::SigningKey;

    use super::*;

    #[test]
    fn files_named_after_a_region_count_there_alone() {
        let dir = tempfile::tempdir().unwrap();
        let save = |name: &str| {
            let key = SigningKey::generate().unwrap();
            let value = key.public().to_base64();
            let json = json!({ "PublicKeyList": [{ "Value": value, "Fingerprint": "" }] });
            std::fs::write(dir.path().join(name), json.to_string()).unwrap();
            key.public().fingerprint()
        };
        let (west, all) = (save("us-west-2.json"), save("keys.json"));
        std::fs::write(dir.path().join("README"), "no keys").unwrap();
        let keys = read(dir.path()).unwrap();
        let has = |region: &str, fingerprint: &str| keys.of(region).get(fingerprint).is_some();
        assert!(has("us-west-2", &west) && has("us-west-2", &all));
        assert!(!has("us-east-1", &west) && has("us-east-1", &all));
        std::fs::write(dir.path().join("bad.json"), "{}").unwrap();
        assert!(read(dir.path()).unwrap_err().is::<Usage>());
    }

    #[test]
    fn regions_are_told_from_other_names() {
        assert!(is_region("us-east-1") && is_region("us-gov-west-1") && is_region("eu-isoe-west-1"));
        assert!(!is_region("keys") && !is_region("keys-1") && !is_region("us-east-1a") && !is_region("a--1"));
    }
}
