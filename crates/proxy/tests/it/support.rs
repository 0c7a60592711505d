//! A scripted upstream, and requests to send to it.

use std::time::Duration;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Full};
use opentrail_proxy::{Body, BodyError, Options, Spawn, Upstream};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

pub(crate) fn spawn() -> Spawn {
    Spawn::new(|task| drop(tokio::spawn(task)))
}

pub(crate) fn options(url: String) -> Options {
    Options {
        url,
        ca: None,
        http2_prior_knowledge: false,
        connect_timeout: Duration::from_secs(5),
        silence_timeout: Duration::from_secs(5),
    }
}

pub(crate) fn full(body: impl Into<Bytes>) -> Body {
    Full::new(body.into()).map_err(|never| match never {}).boxed_unsync()
}

pub(crate) fn get(path: &str) -> Request<Body> {
    Request::get(path).header("host", "caller.example").body(full("")).expect("valid")
}

/// A listener that plays the upstream, and an [`Upstream`] that leads to it.
pub(crate) async fn upstream() -> (TcpListener, Upstream) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    (listener, Upstream::new(&options(url), spawn()).expect("valid"))
}

/// Reads a request's head, as it was written.
pub(crate) async fn read_head(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.expect("a whole head"));
    }
    String::from_utf8(head).expect("text")
}

pub(crate) async fn write(stream: &mut TcpStream, text: &str) {
    stream.write_all(text.as_bytes()).await.expect("open");
}

/// Reads a whole body.
pub(crate) async fn text<B>(body: B) -> Result<String, BodyError>
where
    B: http_body::Body<Data = Bytes>,
    B::Error: Into<BodyError>,
{
    let bytes = body.collect().await.map_err(Into::into)?.to_bytes();
    Ok(String::from_utf8(bytes.to_vec()).expect("text"))
}
