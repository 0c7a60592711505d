//! boto3 over a loopback socket, where there is a Python that has it (`OPENTRAIL_PYTHON`).

use std::convert::Infallible;
use std::process::Command;

use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use tokio::net::TcpListener;

use super::*;

const SCRIPT: &str = r#"
import sys, io, socket, boto3
resolve = socket.getaddrinfo
socket.getaddrinfo = lambda host, *rest, **more: resolve("127.0.0.1" if host.endswith("localhost") else host, *rest, **more)
from botocore.config import Config
from botocore.exceptions import ClientError
for style in ("path", "virtual"):
    host = "127.0.0.1" if style == "path" else "localhost"
    s3 = boto3.client("s3", endpoint_url=f"http://{host}:{sys.argv[1]}", region_name="us-east-1",
        aws_access_key_id="AKIAIOSFODNN7EXAMPLE", aws_secret_access_key="x",
        config=Config(s3={"addressing_style": style}, retries={"max_attempts": 0}))
    b = "boto-" + style
    s3.create_bucket(Bucket=b)
    for key in ("a", "a/b", "odd key+&<>\u00e9\x01", "k" * 1024):
        s3.put_object(Bucket=b, Key=key, Body=key.encode(), Metadata={"Name": "value"})
        got = s3.get_object(Bucket=b, Key=key)
        assert got["Body"].read() == key.encode() and got["Metadata"] == {"name": "value"}, got
    names = [it["Key"] for page in s3.get_paginator("list_objects_v2").paginate(Bucket=b, PaginationConfig={"PageSize": 2}) for it in page["Contents"]]
    assert len(names) == 4 and names == sorted(names, key=lambda name: name.encode()), names
    assert s3.list_objects(Bucket=b, Marker="a/a", MaxKeys=1)["Contents"][0]["Key"] == "a/b"
    data = bytes(range(256)) * (9 << 12)
    s3.upload_fileobj(io.BytesIO(data), b, "big")
    head = s3.head_object(Bucket=b, Key="big")
    assert head["ETag"].endswith('-2"') and head["ContentLength"] == len(data), head
    assert s3.get_object(Bucket=b, Key="big")["Body"].read() == data
    s3.copy_object(Bucket=b, Key="copy", CopySource={"Bucket": b, "Key": "big"})
    try:
        s3.put_object(Bucket=b, Key="a", Body=b"", IfNoneMatch="*")
        raise AssertionError("overwritten")
    except ClientError as error:
        assert error.response["Error"]["Code"] == "PreconditionFailed", error.response
    try:
        s3.get_object(Bucket=b, Key="none")
        raise AssertionError("found")
    except s3.exceptions.NoSuchKey:
        pass
    for size in (0, 1, 0, 1):
        assert s3.put_object(Bucket=b, Key="copy", Body=b"x" * size)["ETag"]
    assert s3.get_bucket_location(Bucket=b)["LocationConstraint"] is None
    s3.delete_object(Bucket=b, Key="odd key+&<>\u00e9\x01")
    keys = [{"Key": it["Key"]} for it in s3.list_objects_v2(Bucket=b)["Contents"]]
    assert len(s3.delete_objects(Bucket=b, Delete={"Objects": keys})["Deleted"]) == 5
    s3.delete_bucket(Bucket=b)
print("boto3 is content")
"#;

async fn serve(service: S3Service) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = service.clone();
            let answer = service_fn(move |request| {
                let service = service.clone();
                async move { Ok::<_, Infallible>(service.call(request, caller(Some(OWNER))).await.0) }
            });
            tokio::spawn(async move {
                let _ = auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), answer).await;
            });
        }
    });
    port
}

#[tokio::test(flavor = "multi_thread")]
async fn boto3_is_content() {
    let Ok(python) = std::env::var("OPENTRAIL_PYTHON") else {
        eprintln!("skipped: OPENTRAIL_PYTHON names no Python with boto3");
        return;
    };
    let world = World::new().await;
    let port = serve(world.service.clone()).await;
    let output = tokio::task::spawn_blocking(move || {
        Command::new(python).args(["-c", SCRIPT, &port.to_string()]).output().expect("Python runs")
    });
    let output = output.await.expect("it ended");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
