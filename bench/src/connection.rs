//! A kept-alive HTTP connection and signed requests on it: nothing that a bench would measure instead of the server.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;

use opentrail_sigv4::{Credentials, SecretKey, SignedBody, Signer};
use opentrail_stdx::{Clock, SystemClock};

/// A connection that is kept.
#[derive(Debug)]
pub struct Connection(BufReader<TcpStream>);

impl Connection {
    /// Connects to `host:port`.
    pub fn open(address: &str) -> std::io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::with_capacity(1 << 17, stream)))
    }

    /// Sends a request and reads its answer's body; the answer must be a 200.
    pub fn ask(&mut self, request: &[u8]) -> std::io::Result<Vec<u8>> {
        let (status, bytes) = self.head(request)?;
        let mut body = vec![0; bytes];
        self.0.read_exact(&mut body)?;
        assert!(status.starts_with("HTTP/1.1 200"), "{status}{}", String::from_utf8_lossy(&body));
        Ok(body)
    }

    /// The same for a body too long to keep; returns how long it was.
    pub fn drain(&mut self, request: &[u8]) -> std::io::Result<u64> {
        let (status, bytes) = self.head(request)?;
        assert!(status.starts_with("HTTP/1.1 200"), "{status}");
        std::io::copy(&mut self.0.by_ref().take(bytes as u64), &mut std::io::sink())
    }

    /// The status line of the answer, and the announced length of its body.
    fn head(&mut self, request: &[u8]) -> std::io::Result<(String, usize)> {
        self.0.get_mut().write_all(request)?;
        let (mut line, mut bytes) = (String::new(), 0);
        self.0.read_line(&mut line)?;
        let status = line.clone();
        loop {
            line.clear();
            self.0.read_line(&mut line)?;
            if let Some(length) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                bytes = length.trim().parse().expect("a length");
            }
            if line.trim().is_empty() {
                break;
            }
        }
        Ok((status, bytes))
    }
}

/// The key that a server wrote beside its data when it first started.
pub fn credentials(data_dir: &Path) -> Credentials {
    let file = std::fs::read(data_dir.join("client.json")).expect("the server wrote it");
    let file: serde_json::Value = serde_json::from_slice(&file).expect("JSON");
    let text = |name: &str| file[name].as_str().expect("text").to_owned();
    Credentials {
        access_key_id: text("access_key_id"),
        secret: SecretKey::new(text("secret_access_key")),
        session_token: None,
    }
}

/// A signed CloudTrail call, ready to be sent.
pub fn signed(credentials: &Credentials, address: &str, operation: &str, body: &str) -> Vec<u8> {
    let target = format!("com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101.{operation}");
    let request = http::Request::post(format!("http://{address}/"))
        .header("content-type", "application/x-amz-json-1.1")
        .header("x-amz-target", target);
    posted(credentials, address, "cloudtrail", request, body)
}

/// A signed PutAuditEvents through a channel, ready to be sent. `arn` is the channel's.
pub fn signed_events(credentials: &Credentials, address: &str, arn: &str, body: &str) -> Vec<u8> {
    let arn = arn.replace(':', "%3A").replace('/', "%2F");
    let request = http::Request::post(format!("http://{address}/PutAuditEvents?channelArn={arn}"))
        .header("content-type", "application/json");
    posted(credentials, address, "cloudtrail-data", request, body)
}

fn posted(
    credentials: &Credentials,
    address: &str,
    service: &str,
    request: http::request::Builder,
    body: &str,
) -> Vec<u8> {
    let (mut parts, ()) = request.header("host", address).body(()).expect("valid").into_parts();
    let signer = Signer { credentials, region: "us-east-1", service, now: SystemClock.now() };
    signer.sign(&mut parts, SignedBody::Bytes(body.as_bytes())).expect("valid");
    let path = parts.uri.path_and_query().expect("it has one");
    let mut text = format!("POST {path} HTTP/1.1\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in &parts.headers {
        text.push_str(&format!("{name}: {}\r\n", value.to_str().expect("ASCII")));
    }
    text.push_str("\r\n");
    text.push_str(body);
    text.into_bytes()
}
