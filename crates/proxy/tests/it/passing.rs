//! What passes, passes as it is.

use std::convert::Infallible;
use std::sync::Arc;

use bytes::Bytes;
use expect_test::expect;
use http::{Request, Response, StatusCode};
use http_body_util::{BodyExt, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use opentrail_proxy::{Answer, Body, Upstream, is_upgrade, join, pass_answer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::support::{full, get, options, read_head, spawn, text, upstream, write};

#[tokio::test]
async fn a_request_arrives_as_it_was_written() {
    let (listener, upstream) = upstream().await;
    let served = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let head = read_head(&mut stream).await;
        let mut body = [0; 5];
        stream.read_exact(&mut body).await.expect("the body");
        write(&mut stream, "HTTP/1.1 201 Created\r\nx-amz-id-2: A\r\ncontent-length: 2\r\n\r\nok").await;
        (head, body)
    });
    let request = Request::put("/bucket//a%2Fb+c%20d?uploads&x=%7E&empty=")
        .header("host", "bucket.s3.example:7410")
        .header("authorization", "AWS4-HMAC-SHA256 Credential=…")
        .header("x-amz-date", "20260913T170000Z")
        .header("content-length", "5")
        .body(full("hello"))
        .expect("valid");
    let answer = upstream.send(request).await.expect("an answer");
    assert_eq!((answer.status(), &answer.headers()["x-amz-id-2"]), (StatusCode::CREATED, &"A".parse().expect("valid")));
    assert_eq!(text(answer.into_body()).await.expect("whole"), "ok");
    let (head, body) = served.await.expect("no panic");
    assert_eq!(&body, b"hello");
    expect![[r#"
        PUT /bucket//a%2Fb+c%20d?uploads&x=%7E&empty= HTTP/1.1
        host: bucket.s3.example:7410
        authorization: AWS4-HMAC-SHA256 Credential=…
        x-amz-date: 20260913T170000Z
        content-length: 5

    "#]]
    .assert_eq(&head.replace('\r', ""));
}

#[tokio::test]
async fn a_connection_is_used_again() {
    let (listener, upstream) = upstream().await;
    let served = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        for _ in 0..3 {
            read_head(&mut stream).await;
            write(&mut stream, "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await;
        }
    });
    for _ in 0..3 {
        let answer = upstream.send(get("/")).await.expect("an answer");
        assert_eq!(text(answer.into_body()).await.expect("whole"), "ok");
    }
    served.await.expect("one connection for all");
    assert_eq!(upstream.health().connections(), 1);
}

/// An upstream that sends bodies back, in whatever HTTP the connection speaks.
async fn echo(listener: TcpListener) {
    let answer = |request: Request<Incoming>| async {
        let host = request.headers().get("host").cloned();
        let host = host.unwrap_or_else(|| request.uri().authority().expect("h2").as_str().parse().expect("text"));
        Ok::<_, Infallible>(Response::builder().header("x-host", host).body(request.into_body()).expect("valid"))
    };
    while let Ok((stream, _)) = listener.accept().await {
        tokio::spawn(async move {
            let service = service_fn(answer);
            drop(auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await);
        });
    }
}

/// A body of many frames, and trailers, without an announced length.
fn long_body(frames: usize) -> Body {
    let frame =
        |number: usize| Ok(Frame::data(Bytes::from(vec![u8::try_from(number % 251).expect("small"); 64 << 10])));
    let mut trailers = http::HeaderMap::new();
    trailers.insert("x-checksum", "c".parse().expect("valid"));
    let frames = (0..frames).map(frame).chain([Ok(Frame::trailers(trailers))]);
    BodyExt::boxed_unsync(StreamBody::new(futures::stream::iter(frames)))
}

async fn echoes(http2: bool) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let mut options = options(format!("http://{}", listener.local_addr().expect("bound")));
    options.http2_prior_knowledge = http2;
    tokio::spawn(echo(listener));
    let upstream = Upstream::new(&options, spawn()).expect("valid");
    let request = Request::post("/echo").header("host", "caller.example").header("trailer", "x-checksum");
    let answer = upstream.send(request.header("te", "trailers").body(long_body(400)).expect("valid")).await;
    let answer = answer.expect("an answer");
    assert_eq!(answer.headers()["x-host"], "caller.example");
    let mut body = answer.into_body();
    let (mut bytes, mut has_trailers) = (0_usize, false);
    while let Some(frame) = body.frame().await {
        let frame = frame.expect("whole");
        has_trailers |= frame.is_trailers();
        for byte in frame.data_ref().into_iter().flatten() {
            assert_eq!(usize::from(*byte), (bytes / (64 << 10)) % 251);
            bytes += 1;
        }
    }
    assert_eq!(bytes, 400 * (64 << 10));
    assert!(has_trailers || !http2, "HTTP/2 carries trailers without being asked");
}

#[tokio::test]
async fn long_bodies_flow_both_ways_over_http1() {
    echoes(false).await;
}

#[tokio::test]
async fn long_bodies_and_trailers_flow_both_ways_over_http2() {
    echoes(true).await;
}

/// The proxy behind a server, as callers meet it.
async fn front(upstream: Upstream) -> TcpStream {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound");
    let upstream = Arc::new(upstream);
    tokio::spawn(async move {
        let (stream, _) = listener.accept().await.expect("a caller");
        let service = service_fn(move |request| pass(Arc::clone(&upstream), request));
        let builder = auto::Builder::new(TokioExecutor::new());
        drop(builder.serve_connection_with_upgrades(TokioIo::new(stream), service).await);
    });
    TcpStream::connect(address).await.expect("the front")
}

async fn pass(upstream: Arc<Upstream>, mut request: Request<Incoming>) -> Result<Response<Answer>, Infallible> {
    let caller = hyper::upgrade::on(&mut request);
    let (parts, body) = request.into_parts();
    let wants_upgrade = is_upgrade(&parts);
    let request = Request::from_parts(parts, body.map_err(Into::into).boxed_unsync());
    let mut answer = upstream.send(request).await.expect("an answer");
    if wants_upgrade {
        tokio::spawn(join(caller, hyper::upgrade::on(&mut answer)));
    }
    let (mut parts, body) = answer.into_parts();
    pass_answer(&mut parts);
    Ok(Response::from_parts(parts, body))
}

#[tokio::test]
async fn a_caller_who_is_refused_is_not_asked_for_its_body() {
    let (listener, upstream) = upstream().await;
    let mut caller = front(upstream).await;
    write(&mut caller, "PUT /x HTTP/1.1\r\nhost: h\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\n").await;
    let (mut stream, _) = listener.accept().await.expect("a connection");
    assert!(read_head(&mut stream).await.contains("expect: 100-continue"));
    write(&mut stream, "HTTP/1.1 403 Forbidden\r\ncontent-length: 0\r\n\r\n").await;
    let head = read_head(&mut caller).await;
    assert!(head.starts_with("HTTP/1.1 403"), "not a 100: {head}");
}

#[tokio::test]
async fn a_caller_who_is_welcome_is_asked_for_its_body() {
    let (listener, upstream) = upstream().await;
    let mut caller = front(upstream).await;
    write(&mut caller, "PUT /x HTTP/1.1\r\nhost: h\r\nexpect: 100-continue\r\ncontent-length: 5\r\n\r\n").await;
    let (mut stream, _) = listener.accept().await.expect("a connection");
    read_head(&mut stream).await;
    write(&mut stream, "HTTP/1.1 100 Continue\r\n\r\n").await;
    let head = read_head(&mut caller).await;
    assert!(head.starts_with("HTTP/1.1 100"), "{head}");
    write(&mut caller, "hello").await;
    let mut body = [0; 5];
    stream.read_exact(&mut body).await.expect("the body");
    assert_eq!(&body, b"hello");
    write(&mut stream, "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await;
    assert!(read_head(&mut caller).await.starts_with("HTTP/1.1 200"));
}

#[tokio::test]
async fn a_websocket_passes() {
    let (listener, upstream) = upstream().await;
    let mut caller = front(upstream).await;
    write(&mut caller, "GET /ws HTTP/1.1\r\nhost: h\r\nconnection: Upgrade\r\nupgrade: websocket\r\n\r\n").await;
    let (mut stream, _) = listener.accept().await.expect("a connection");
    assert!(read_head(&mut stream).await.contains("upgrade: websocket"));
    write(&mut stream, "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n").await;
    assert!(read_head(&mut caller).await.starts_with("HTTP/1.1 101"));
    carries(&mut caller, &mut stream, b"ping").await;
    carries(&mut stream, &mut caller, b"pong").await;
}

async fn carries(from: &mut TcpStream, to: &mut TcpStream, word: &[u8; 4]) {
    from.write_all(word).await.expect("open");
    let mut heard = [0; 4];
    to.read_exact(&mut heard).await.expect("open");
    assert_eq!(&heard, word);
}
