//! What upstreams do wrong, and what is told of it.

use std::time::Duration;

use http::Request;
use http_body_util::{BodyExt, StreamBody};
use hyper::body::Frame;
use opentrail_proxy::{BodyError, SendError, Upstream};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

use crate::support::{get, options, read_head, spawn, text, upstream, write};

#[tokio::test]
async fn nobody_listens() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}", listener.local_addr().expect("bound"));
    drop(listener);
    let upstream = Upstream::new(&options(url), spawn()).expect("valid");
    assert!(upstream.health().is_up(), "until it is tried");
    let error = upstream.send(get("/")).await.expect_err("nobody");
    assert!(matches!(error, SendError::Unreachable(_)) && error.is_unsent(), "{error:?}");
    assert!(!upstream.health().is_up());
    assert_eq!(upstream.health().failures(), 1);
}

#[tokio::test]
async fn it_comes_back() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("bound");
    drop(listener);
    let upstream = Upstream::new(&options(format!("http://{address}")), spawn()).expect("valid");
    upstream.send(get("/")).await.expect_err("nobody");
    let listener = TcpListener::bind(address).await.expect("the same port");
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        read_head(&mut stream).await;
        write(&mut stream, "HTTP/1.1 204 No Content\r\n\r\n").await;
    });
    upstream.send(get("/")).await.expect("an answer");
    assert!(upstream.health().is_up());
}

#[tokio::test]
async fn it_says_nothing() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let mut options = options(format!("http://{}", listener.local_addr().expect("bound")));
    options.silence_timeout = Duration::from_millis(50);
    let upstream = Upstream::new(&options, spawn()).expect("valid");
    let error = upstream.send(get("/")).await.expect_err("silence");
    assert!(matches!(error, SendError::Silent(_)) && !error.is_unsent(), "{error:?}");
}

#[tokio::test]
async fn it_falls_silent_in_the_middle() {
    let (listener, _) = upstream().await;
    let mut options = options(format!("http://{}", listener.local_addr().expect("bound")));
    options.silence_timeout = Duration::from_millis(50);
    let upstream = Upstream::new(&options, spawn()).expect("valid");
    let served = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        read_head(&mut stream).await;
        write(&mut stream, "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf").await;
        stream
    });
    let answer = upstream.send(get("/")).await.expect("a head");
    let error = text(answer.into_body()).await.expect_err("silence");
    assert!(error.to_string().contains("silent for 50ms"), "{error}");
    drop(served.await);
}

#[tokio::test]
async fn it_may_listen_for_as_long_as_it_is_spoken_to() {
    let (listener, _) = upstream().await;
    let mut options = options(format!("http://{}", listener.local_addr().expect("bound")));
    options.silence_timeout = Duration::from_millis(200);
    let upstream = Upstream::new(&options, spawn()).expect("valid");
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        read_head(&mut stream).await;
        write(&mut stream, "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n").await;
        // The end of a chunked body.
        let mut heard = Vec::new();
        while !heard.ends_with(b"\r\n0\r\n\r\n") {
            heard.push(stream.read_u8().await.expect("open"));
        }
        write(&mut stream, "ok").await;
    });
    let spoken = futures::stream::unfold(0, |number| async move {
        tokio::time::sleep(Duration::from_millis(50)).await;
        let frame: Result<_, BodyError> = Ok(Frame::data(bytes::Bytes::from_static(b"word")));
        (number < 8).then_some((frame, number + 1))
    });
    let body = BodyExt::boxed_unsync(StreamBody::new(spoken));
    let answer = upstream.send(Request::post("/").header("host", "h").body(body).expect("valid")).await;
    assert_eq!(text(answer.expect("a head").into_body()).await.expect("whole"), "ok");
}

#[tokio::test]
async fn it_breaks_off_before_the_head_and_nothing_is_sent_twice() {
    let (listener, upstream) = upstream().await;
    let served = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        read_head(&mut stream).await;
        listener
    });
    let error = upstream.send(get("/")).await.expect_err("cut");
    assert!(matches!(error, SendError::Cut(_)), "{error:?}");
    drop(served.await.expect("no panic"));
    assert_eq!(upstream.health().connections(), 1, "the request went out, so that it may have been done");
}

#[tokio::test]
async fn it_breaks_off_in_the_middle() {
    let (listener, upstream) = upstream().await;
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        read_head(&mut stream).await;
        write(&mut stream, "HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nhalf").await;
    });
    let answer = upstream.send(get("/")).await.expect("a head");
    text(answer.into_body()).await.expect_err("not whole");
}

#[tokio::test]
async fn a_kept_connection_that_was_closed_is_no_failure() {
    let (listener, upstream) = upstream().await;
    let served = tokio::spawn(async move {
        for _ in 0..2 {
            let (mut stream, _) = listener.accept().await.expect("a connection");
            read_head(&mut stream).await;
            write(&mut stream, "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok").await;
        }
    });
    for _ in 0..2 {
        let answer = upstream.send(get("/")).await.expect("an answer");
        assert_eq!(text(answer.into_body()).await.expect("whole"), "ok");
    }
    served.await.expect("both were served");
    assert_eq!(upstream.health().failures(), 0);
}

#[tokio::test]
async fn a_body_that_fails_is_the_callers_fault() {
    let (listener, upstream) = upstream().await;
    let _accepted = tokio::spawn(async move { listener.accept().await.map(|(stream, _)| stream) });
    let frames: [Result<Frame<bytes::Bytes>, BodyError>; 2] =
        [Ok(Frame::data("half".into())), Err("the caller went away".into())];
    let body = BodyExt::boxed_unsync(StreamBody::new(futures::stream::iter(frames)));
    let request = Request::put("/").header("host", "h").body(body).expect("valid");
    let error = upstream.send(request).await.expect_err("cut short");
    assert!(matches!(error, SendError::Body(_)), "{error:?}");
}
