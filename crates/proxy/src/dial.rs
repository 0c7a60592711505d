//! Connections to an upstream: TCP, and TLS where the URL says so.

use std::io;
use std::path::Path;
use std::sync::Arc;

use http::Uri;
use http::uri::{Authority, Scheme};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use crate::error::UpstreamError;

/// Where an upstream is, and how to speak to it.
pub(crate) struct Dial {
    pub(crate) scheme: Scheme,
    pub(crate) authority: Authority,
    tls: Option<Tls>,
    /// Cleartext is HTTP/2 from the first byte.
    http2_prior_knowledge: bool,
}

struct Tls {
    name: ServerName<'static>,
    /// Offers HTTP/2 besides HTTP/1.1.
    any: TlsConnector,
    /// Offers HTTP/1.1 only: HTTP/2 can't be left for another protocol.
    http1: TlsConnector,
}

/// A connection, and what both ends agreed to speak on it.
pub(crate) struct Dialled {
    pub(crate) stream: Box<dyn Stream>,
    pub(crate) is_http2: bool,
}

pub(crate) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}
impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

impl Dial {
    pub(crate) fn new(url: &str, ca: Option<&Path>, http2_prior_knowledge: bool) -> Result<Self, UpstreamError> {
        let malformed = || UpstreamError::Url(url.to_owned());
        let parts = url.parse::<Uri>().map_err(|_| malformed())?.into_parts();
        let (Some(scheme), Some(authority)) = (parts.scheme, parts.authority) else { return Err(malformed()) };
        let has_path = parts.path_and_query.is_some_and(|path| path != "/");
        if has_path || authority.as_str().contains('@') || authority.host().is_empty() {
            return Err(malformed());
        }
        let tls = match scheme.as_str() {
            "http" => None,
            "https" => {
                let host = authority.host().trim_start_matches('[').trim_end_matches(']').to_owned();
                let name = ServerName::try_from(host).map_err(|_| malformed())?;
                let mut config = client_config(ca)?;
                config.alpn_protocols = vec![b"http/1.1".to_vec()];
                let http1 = TlsConnector::from(Arc::new(config.clone()));
                config.alpn_protocols.insert(0, b"h2".to_vec());
                Some(Tls { name, any: TlsConnector::from(Arc::new(config)), http1 })
            }
            _ => return Err(malformed()),
        };
        Ok(Self { scheme, authority, tls, http2_prior_knowledge })
    }

    pub(crate) async fn connect(&self, wants_http1: bool) -> io::Result<Dialled> {
        let default = if self.tls.is_some() { 443 } else { 80 };
        let host = self.authority.host().trim_start_matches('[').trim_end_matches(']');
        let stream = TcpStream::connect((host, self.authority.port_u16().unwrap_or(default))).await?;
        stream.set_nodelay(true)?;
        let Some(tls) = &self.tls else {
            let is_http2 = self.http2_prior_knowledge && !wants_http1;
            return Ok(Dialled { stream: Box::new(stream), is_http2 });
        };
        let connector = if wants_http1 { &tls.http1 } else { &tls.any };
        let stream = connector.connect(tls.name.clone(), stream).await?;
        let is_http2 = stream.get_ref().1.alpn_protocol() == Some(b"h2");
        Ok(Dialled { stream: Box::new(stream), is_http2 })
    }
}

/// Trusts the certificates in `ca` and no others; without it, those that the system trusts.
fn client_config(ca: Option<&Path>) -> Result<ClientConfig, UpstreamError> {
    let mut roots = RootCertStore::empty();
    match ca {
        Some(path) => {
            let problem = |problem: String| UpstreamError::Certificates { path: path.to_owned(), problem };
            let certificates = CertificateDer::pem_file_iter(path).map_err(|error| problem(error.to_string()))?;
            for certificate in certificates {
                roots.add(certificate.map_err(|error| problem(error.to_string()))?)?;
            }
            if roots.is_empty() {
                return Err(problem("there is none in it".to_owned()));
            }
        }
        None => {
            roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        }
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    Ok(ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots)
        .with_no_client_auth())
}

impl std::fmt::Debug for Dial {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Dial({}://{})", self.scheme, self.authority)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_name_a_host_and_nothing_else() {
        for good in ["http://127.0.0.1:9000", "http://minio/", "https://[::1]:443", "https://s3.example.com"] {
            Dial::new(good, None, false).expect(good);
        }
        for bad in ["", "minio:9000", "ftp://minio", "http://minio/path", "http://user@minio", "http://?x"] {
            let error = Dial::new(bad, None, false).expect_err(bad);
            assert!(matches!(error, UpstreamError::Url(_)), "{bad}: {error}");
        }
    }

    #[test]
    fn a_file_without_certificates_is_refused() {
        let file = tempfile::NamedTempFile::new().expect("a file");
        let error = Dial::new("https://minio", Some(file.path()), false).expect_err("refused");
        assert!(error.to_string().contains("there is none in it"), "{error}");
    }
}
