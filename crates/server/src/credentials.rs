//! The root access key of a first start, and what client commands need to find the server.

use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use anyhow::{Context, bail};
use opentrail_catalog::{AccessKey, Catalog, Secret, Vault};
use opentrail_model::client_file::{CLIENT_FILE, ClientFile};
use opentrail_model::{Principal, PrincipalKind};
use opentrail_stdx::{Clock, Entropy};

use crate::config::Config;

/// The root key in force.
#[derive(Debug)]
pub(crate) struct RootKey {
    /// Its id.
    pub(crate) id: String,
    /// Its secret.
    pub(crate) secret: Secret,
    /// Whether it was given by the environment: then it isn't written down.
    pub(crate) given: bool,
}

/// A new pair of key id and secret in AWS's form: `AKIA` and 16 letters, and 40 letters.
pub(crate) fn generate_pair(entropy: &dyn Entropy) -> (String, Secret) {
    const SECRET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    (unique_id("AKIA", entropy), Secret::new(entropy.text(SECRET, 40)))
}

/// A unique id in AWS's form: a prefix of four letters that tells the kind, and 16 letters.
pub(crate) fn unique_id(prefix: &str, entropy: &dyn Entropy) -> String {
    format!("{prefix}{}", entropy.text(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16))
}

/// Makes sure that there is a root key: the one of the environment, or the one of an earlier start, or a new one.
pub(crate) async fn ensure_root_key(
    config: &Config,
    catalog: &Catalog,
    vault: &Vault,
    clock: &dyn Clock,
    entropy: &dyn Entropy,
) -> anyhow::Result<RootKey> {
    let account = &config.account_id.value;
    let keys = catalog.access_keys(vault).await?;
    let given = given_pair()?;
    let known = keys.into_iter().find(|key| match &given {
        Some((id, secret)) => {
            key.id == *id && key.secret.expose() == secret.expose() && key.principal.account == *account
        }
        None => key.is_root && key.principal.account == *account,
    });
    if let Some(key) = known {
        return Ok(RootKey { id: key.id, secret: key.secret, given: given.is_some() });
    }
    let was_given = given.is_some();
    let (id, secret) = given.unwrap_or_else(|| generate_pair(entropy));
    let key = AccessKey {
        id: id.clone(),
        secret: secret.clone(),
        principal: Principal { account: account.clone(), kind: PrincipalKind::Root },
        session_token: None,
        created_at: clock.now(),
        is_root: true,
    };
    let mut transaction = catalog.begin().await?;
    transaction.delete_access_key(&id).await?;
    transaction.insert_access_key(&key, vault).await?;
    transaction.commit().await?;
    Ok(RootKey { id, secret, given: was_given })
}

fn given_pair() -> anyhow::Result<Option<(String, Secret)>> {
    let variable = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
    match (variable("OPENTRAIL_ROOT_ACCESS_KEY_ID"), variable("OPENTRAIL_ROOT_SECRET_ACCESS_KEY")) {
        (None, None) => Ok(None),
        (Some(id), Some(secret))
            if id.len() >= 16 && id.len() <= 128 && id.bytes().all(|b| b.is_ascii_alphanumeric()) =>
        {
            Ok(Some((id, Secret::new(secret))))
        }
        (Some(_), Some(_)) => bail!("`OPENTRAIL_ROOT_ACCESS_KEY_ID` must be 16 to 128 letters and digits"),
        _ => bail!("set both `OPENTRAIL_ROOT_ACCESS_KEY_ID` and `OPENTRAIL_ROOT_SECRET_ACCESS_KEY`, or neither"),
    }
}

/// Writes the file by which client commands find this server, readable by its owner only.
pub(crate) fn write_client_file(data_dir: &Path, file: &ClientFile) -> anyhow::Result<()> {
    let path = data_dir.join(CLIENT_FILE);
    let staged = data_dir.join("client.json.tmp");
    let mut options = std::fs::OpenOptions::new();
    let mut out = options.write(true).create(true).truncate(true).mode(0o600).open(&staged)?;
    out.write_all(&serde_json::to_vec_pretty(file)?)?;
    out.sync_all()?;
    // A crash before the rename leaves the file of the start before.
    std::fs::rename(&staged, &path).with_context(|| format!("cannot write `{}`", path.display()))
}
