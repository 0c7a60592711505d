use super::*;

#[tokio::test]
async fn an_object_comes_back_as_it_was_put() {
    let world = World::new().await;
    world.bucket("trails").await;
    let headers = [
        ("content-type", "application/json"),
        ("content-encoding", "aws-chunked,gzip"),
        ("x-amz-meta-signature-algorithm", "SHA256withRSA"),
        ("cache-control", "no-store"),
        ("x-amz-tagging", "a=b%20c&d="),
    ];
    let put = world.send("PUT", "/trails/a/b.json.gz", &headers, "hello").await.expect(200);
    assert_eq!(put.header("etag"), "\"5d41402abc4b2a76b9719d911017c592\"");
    assert_eq!(put.header("x-amz-server-side-encryption"), "AES256");
    let get = world.get("/trails/a/b.json.gz").await.expect(200);
    assert_eq!(get.text(), "hello");
    assert_eq!(get.header("content-type"), "application/json");
    assert_eq!(get.header("content-encoding"), "gzip");
    assert_eq!(get.header("x-amz-meta-signature-algorithm"), "SHA256withRSA");
    assert_eq!(get.header("cache-control"), "no-store");
    assert_eq!(get.header("content-length"), "5");
    assert_eq!(get.header("x-amz-tagging-count"), "2");
    assert_eq!(get.header("last-modified"), "Sun, 13 Sep 2026 17:19:17 GMT");
    let head = world.send("HEAD", "/trails/a/b.json.gz", &[], "").await.expect(200);
    assert_eq!(head.header("content-length"), "5");
    assert!(head.body.is_empty());
    let signed = world.get("/trails/a/b.json.gz?response-content-type=text%2Fplain&response-content-encoding=").await;
    assert_eq!(signed.expect(200).header("content-type"), "text/plain");
    assert_eq!(world.get("/trails/a/b.json.gz?tagging").await.expect(200).elements("Value"), ["b c", ""]);
    let missing = world.get("/trails/a").await.expect_error(404, "NoSuchKey");
    assert_eq!(missing.element("Message"), "The specified key does not exist.");
    assert_eq!(missing.element("Key"), "a");
}

#[tokio::test]
async fn empty_large_and_oddly_named_objects_are_kept() {
    let world = World::new().await;
    world.bucket("trails").await;
    let long = "k".repeat(1024);
    let large: Vec<u8> = (0..5_000_000_u32).map(|number| (number % 251) as u8).collect();
    for (key, body) in [
        ("a", Vec::new()),
        ("a/b", b"x".to_vec()),
        ("AWSLogs/", Vec::new()),
        ("%20%2B%26%3C%F0%9F%98%80//..", b"odd".to_vec()),
        (&long, b"long".to_vec()),
        ("large", large),
    ] {
        world.put(key, body.clone()).await;
        assert_eq!(world.get(&format!("/trails/{key}")).await.expect(200).body, body, "{key}");
    }
    world.send("PUT", &format!("/trails/{long}k"), &[], "").await.expect_error(400, "KeyTooLongError");
    let names = world.get("/trails?list-type=2&encoding-type=url").await.expect(200).elements("Key");
    assert!(names.contains(&"%20%2B%26%3C%F0%9F%98%80//..".to_owned()), "{names:?}");
    assert_eq!(names.len(), 6);
}

#[tokio::test]
async fn ranges_are_cut_as_rfc_9110_says() {
    let world = World::new().await;
    world.bucket("trails").await;
    world.put("digits", "0123456789").await;
    for (range, status, body, content_range) in [
        ("bytes=2-4", 206, "234", "bytes 2-4/10"),
        ("bytes=7-", 206, "789", "bytes 7-9/10"),
        ("bytes=-3", 206, "789", "bytes 7-9/10"),
        ("bytes=8-100", 206, "89", "bytes 8-9/10"),
        ("bytes=-100", 206, "0123456789", "bytes 0-9/10"),
        ("bytes=0-1,4-5", 200, "0123456789", ""),
        ("lines=1-2", 200, "0123456789", ""),
    ] {
        let answer = world.send("GET", "/trails/digits", &[("range", range)], "").await.expect(status);
        assert_eq!((answer.text().as_str(), answer.header("content-range")), (body, content_range), "{range}");
    }
    world.send("GET", "/trails/digits", &[("range", "bytes=10-")], "").await.expect_error(416, "InvalidRange");
}

#[tokio::test]
async fn conditions_decide_reads_and_writes() {
    let world = World::new().await;
    world.bucket("trails").await;
    let etag = world.put("a", "one").await.header("etag").to_owned();
    let get = async |name: &str, value: &str| world.send("GET", "/trails/a", &[(name, value)], "").await;
    get("if-match", &etag).await.expect(200);
    get("if-match", "\"other\"").await.expect_error(412, "PreconditionFailed");
    let unchanged = get("if-none-match", &etag).await.expect(304);
    assert!(unchanged.body.is_empty() && unchanged.call.error.is_none());
    get("if-none-match", "\"other\"").await.expect(200);
    get("if-modified-since", "Sun, 13 Sep 2026 17:19:17 GMT").await.expect(304);
    get("if-modified-since", "Sun, 13 Sep 2026 17:19:16 GMT").await.expect(200);
    get("if-unmodified-since", "Sun, 13 Sep 2026 17:19:16 GMT").await.expect_error(412, "PreconditionFailed");
    let put = async |key: &str, name: &str, value: &str| {
        world.send("PUT", &format!("/trails/{key}"), &[(name, value)], "two").await
    };
    put("a", "if-none-match", "*").await.expect_error(412, "PreconditionFailed");
    put("b", "if-none-match", "*").await.expect(200);
    put("c", "if-match", &etag).await.expect_error(404, "NoSuchKey");
    put("a", "if-match", "\"other\"").await.expect_error(412, "PreconditionFailed");
    assert_eq!(world.get("/trails/a").await.text(), "one");
    put("a", "if-match", &etag).await.expect(200);
    assert_eq!(world.get("/trails/a").await.text(), "two");
}

#[tokio::test]
async fn digests_are_verified_kept_and_given_back() {
    let world = World::new().await;
    world.bucket("trails").await;
    let put = async |name: &str, value: &str| world.send("PUT", "/trails/a", &[(name, value)], "123456789").await;
    put("content-md5", "AAAAAAAAAAAAAAAAAAAAAA==").await.expect_error(400, "BadDigest");
    put("content-md5", "?").await.expect_error(400, "InvalidDigest");
    put("x-amz-checksum-crc32", "AAAAAA==").await.expect_error(400, "BadDigest");
    put("x-amz-checksum-crc32", "AAAA").await.expect_error(400, "InvalidRequest");
    world.get("/trails/a").await.expect_error(404, "NoSuchKey");
    put("x-amz-checksum-sha256", "FeKw08M4kTuTzpJXmFNWWlKVS2aI8T96q26UZWSHyW0=").await.expect_error(400, "BadDigest");
    let kept = put("x-amz-checksum-crc32", "y/Q5Jg==").await.expect(200);
    assert_eq!(kept.header("x-amz-checksum-crc32"), "y/Q5Jg==");
    let plain = world.get("/trails/a").await.expect(200);
    assert_eq!(plain.header("x-amz-checksum-crc32"), "");
    let asked = world.send("GET", "/trails/a", &[("x-amz-checksum-mode", "ENABLED")], "").await.expect(200);
    assert_eq!(asked.header("x-amz-checksum-crc32"), "y/Q5Jg==");
    assert_eq!(asked.header("x-amz-checksum-type"), "FULL_OBJECT");
}

#[tokio::test]
async fn objects_are_copied_and_deleted() {
    let world = World::new().await;
    world.bucket("trails").await;
    world.bucket("other").await;
    world.send("PUT", "/trails/a%20b", &[("x-amz-meta-x", "1"), ("content-type", "text/x")], "body").await.expect(200);
    let copy = async |to: &str, more: (&str, &str)| {
        world.send("PUT", to, &[("x-amz-copy-source", "/trails/a%20b"), more], "").await
    };
    let done = copy("/other/c", ("x-amz-metadata-directive", "COPY")).await.expect(200);
    assert!(done.text().contains("841a2d689ad86bd1611447453c22c6fc"), "{}", done.text());
    let get = world.get("/other/c").await.expect(200);
    assert_eq!((get.text().as_str(), get.header("x-amz-meta-x"), get.header("content-type")), ("body", "1", "text/x"));
    copy("/other/d", ("x-amz-metadata-directive", "REPLACE")).await.expect(200);
    assert_eq!(world.get("/other/d").await.header("x-amz-meta-x"), "");
    copy("/trails/a%20b", ("x-amz-metadata-directive", "COPY")).await.expect_error(400, "InvalidRequest");
    copy("/other/e", ("x-amz-copy-source-if-match", "\"no\"")).await.expect_error(412, "PreconditionFailed");
    let wish = "<Delete><Object><Key>c</Key></Object><Object><Key>never</Key></Object><Object><Key>d</Key><VersionId>null</VersionId></Object></Delete>";
    let deleted = world.send("POST", "/other?delete", &[], wish).await.expect(200);
    assert_eq!(deleted.elements("Key"), ["c", "never", "d"]);
    world.put("odd%01", "x").await;
    // XML can't carry every key that a URL can.
    world.send("DELETE", "/trails/odd%01", &[], "").await.expect(204);
    let odd = "<Delete><Object><Key>odd&#x9;</Key></Object><Object><Key>&lt;&amp;&#xe9;</Key></Object></Delete>";
    let deleted = world.send("POST", "/trails?delete", &[], odd).await.expect(200);
    assert_eq!(deleted.elements("Deleted").len(), 2, "{}", deleted.text());
    world.get("/trails/odd%01").await.expect_error(404, "NoSuchKey");
    world.send("DELETE", "/other", &[], "").await.expect(204);
}

#[tokio::test]
async fn a_client_that_expects_to_continue_and_has_nothing_to_send_is_hung_up_on() {
    let world = World::new().await;
    world.bucket("trails").await;
    let put = async |body: &'static str| world.send("PUT", "/trails/a", &[("expect", "100-continue")], body).await;
    assert_eq!(put("").await.expect(200).header("connection"), "close");
    assert_eq!(put("x").await.expect(200).header("connection"), "");
}

#[tokio::test]
async fn an_upload_must_be_as_long_as_it_says() {
    let world = World::new().await;
    world.bucket("trails").await;
    let put = async |name: &str, value: &str| world.send("PUT", "/trails/a", &[(name, value)], "12345").await;
    put("x-amz-decoded-content-length", "6").await.expect_error(400, "IncompleteBody");
    put("x-amz-decoded-content-length", "5368709121").await.expect_error(400, "EntityTooLarge");
    put("x-amz-decoded-content-length", "long").await.expect(400);
    world.get("/trails/a").await.expect_error(404, "NoSuchKey");
    put("x-amz-decoded-content-length", "5").await.expect(200);
}
