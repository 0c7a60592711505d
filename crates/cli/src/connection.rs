//! Where the server is, and who we are to it.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use bytes::Bytes;
use clap::Args;
use opentrail_model::client_file::{CLIENT_FILE, ClientFile};
use opentrail_sigv4::{Credentials, SecretKey, SignedBody, Signer};
use opentrail_stdx::{Clock, SystemClock};

/// How client commands find the server.
#[derive(Debug, Clone, Default, Args)]
pub struct ConnectionArgs {
    /// Data folder of a server on this machine; without it the AWS_… variables count, then ./opentrail-data
    #[arg(long, value_name = "DIR", env = "OPENTRAIL_DATA_DIR")]
    pub data_dir: Option<PathBuf>,
}

/// A server's address and the credentials for it.
#[derive(Debug, Clone)]
pub struct Connection {
    /// Base URL, without a slash at its end.
    pub endpoint: String,
    /// The Region that calls are signed for.
    pub region: String,
    /// The key that signs.
    pub credentials: Credentials,
    /// Certificates to trust beside the system's.
    pub ca_bundle: Option<PathBuf>,
}

impl ConnectionArgs {
    /// Finds the server: `--data-dir`, else the `AWS_…` variables, else `./opentrail-data`.
    pub fn connect(&self) -> anyhow::Result<Connection> {
        match &self.data_dir {
            Some(dir) => from_data_dir(dir),
            None => match from_environment()? {
                Some(connection) => Ok(connection),
                None => from_data_dir(Path::new("opentrail-data")),
            },
        }
    }
}

fn from_data_dir(dir: &Path) -> anyhow::Result<Connection> {
    let path = dir.join(CLIENT_FILE);
    let text = std::fs::read_to_string(&path).with_context(|| {
        format!("cannot read `{}`; start the server first, or name its folder with --data-dir", path.display())
    })?;
    let file: ClientFile =
        serde_json::from_str(&text).with_context(|| format!("`{}` is not what a server writes", path.display()))?;
    let given = |own: Option<String>, variable: &str| own.or_else(|| non_empty(variable));
    let id = given(file.access_key_id, "OPENTRAIL_ROOT_ACCESS_KEY_ID");
    let secret = given(file.secret_access_key, "OPENTRAIL_ROOT_SECRET_ACCESS_KEY");
    let (Some(access_key_id), Some(secret)) = (id, secret) else {
        bail!(
            "the server's root key was given by its environment: set OPENTRAIL_ROOT_ACCESS_KEY_ID and OPENTRAIL_ROOT_SECRET_ACCESS_KEY here too"
        );
    };
    Ok(Connection {
        endpoint: file.endpoint,
        region: file.region,
        credentials: Credentials { access_key_id, secret: SecretKey::new(secret), session_token: None },
        ca_bundle: file.ca_bundle,
    })
}

fn from_environment() -> anyhow::Result<Option<Connection>> {
    let Some(endpoint) = non_empty("AWS_ENDPOINT_URL") else { return Ok(None) };
    let (Some(access_key_id), Some(secret)) = (non_empty("AWS_ACCESS_KEY_ID"), non_empty("AWS_SECRET_ACCESS_KEY"))
    else {
        bail!("AWS_ENDPOINT_URL is set, but AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not");
    };
    let region = non_empty("AWS_REGION").or_else(|| non_empty("AWS_DEFAULT_REGION"));
    Ok(Some(Connection {
        endpoint: endpoint.trim_end_matches('/').to_owned(),
        region: region.unwrap_or_else(|| "us-east-1".to_owned()),
        credentials: Credentials {
            access_key_id,
            secret: SecretKey::new(secret),
            session_token: non_empty("AWS_SESSION_TOKEN"),
        },
        ca_bundle: non_empty("AWS_CA_BUNDLE").map(PathBuf::from),
    }))
}

fn non_empty(variable: &str) -> Option<String> {
    std::env::var(variable).ok().filter(|value| !value.is_empty())
}

/// What a server answered instead of what was asked for.
#[derive(Debug, thiserror::Error)]
#[error("{code}: {message}")]
pub struct ServiceError {
    /// The AWS error code.
    pub code: String,
    /// What the server says.
    pub message: String,
}

impl Connection {
    /// An HTTP client that trusts what this connection says.
    pub fn http(&self) -> anyhow::Result<reqwest::Client> {
        let mut builder = reqwest::Client::builder().no_proxy();
        if let Some(path) = &self.ca_bundle {
            let pem =
                std::fs::read(path).with_context(|| format!("cannot read the certificates `{}`", path.display()))?;
            for certificate in reqwest::Certificate::from_pem_bundle(&pem)? {
                builder = builder.add_root_certificate(certificate);
            }
        }
        Ok(builder.build()?)
    }

    /// Calls an operation of a JSON 1.1 service, such as `cloudtrail`, in `region`.
    pub async fn call(
        &self,
        http: &reqwest::Client,
        service: &str,
        region: &str,
        target: &str,
        body: &serde_json::Value,
    ) -> anyhow::Result<serde_json::Value> {
        let response = self.open(http, service, region, target, body).await?;
        self.json(response).await
    }

    /// As [`Connection::call`], but answers as soon as the call has succeeded: the body is read while it comes.
    pub async fn open(
        &self,
        http: &reqwest::Client,
        service: &str,
        region: &str,
        target: &str,
        body: &serde_json::Value,
    ) -> anyhow::Result<reqwest::Response> {
        let body = Bytes::from(serde_json::to_vec(body)?);
        let request = self.signed(service, region, target, &body)?;
        let response = http
            .execute(request)
            .await
            .with_context(|| format!("cannot reach `{}`; is the server running?", self.endpoint))?;
        let status = response.status();
        if status.is_success() {
            return Ok(response);
        }
        let answer = self.json(response).await?;
        let text = |name: &str| answer[name].as_str().map(str::to_owned);
        let code = text("__type").unwrap_or_else(|| status.to_string());
        let message = text("message").or_else(|| text("Message")).unwrap_or_default();
        Err(ServiceError { code, message }.into())
    }

    async fn json(&self, response: reqwest::Response) -> anyhow::Result<serde_json::Value> {
        let status = response.status();
        serde_json::from_slice(&response.bytes().await?)
            .with_context(|| format!("`{}` answered {status} and no JSON; is it a CloudTrail endpoint?", self.endpoint))
    }

    fn signed(&self, service: &str, region: &str, target: &str, body: &Bytes) -> anyhow::Result<reqwest::Request> {
        let request = http::Request::post(format!("{}/", self.endpoint))
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", target)
            .body(())?;
        let (mut parts, ()) = request.into_parts();
        let authority = parts.uri.authority().context("AWS_ENDPOINT_URL names no host")?.to_string();
        parts.headers.insert("host", authority.parse()?);
        let signer = Signer { credentials: &self.credentials, region, service, now: SystemClock.now() };
        signer.sign(&mut parts, SignedBody::Bytes(body))?;
        Ok(http::Request::from_parts(parts, reqwest::Body::from(body.clone())).try_into()?)
    }
}
