use super::*;

async fn begin(world: &World, key: &str) -> String {
    let begun = world.send("POST", &format!("/trails/{key}?uploads"), &[], "").await.expect(200);
    begun.element("UploadId")
}

async fn part(world: &World, key: &str, id: &str, number: u32, body: Vec<u8>) -> String {
    let uri = format!("/trails/{key}?partNumber={number}&uploadId={id}");
    world.send("PUT", &uri, &[], body).await.expect(200).header("etag").replace('"', "&quot;")
}

fn wish(parts: &[(u32, &str)]) -> String {
    let parts: String = parts
        .iter()
        .map(|(number, etag)| format!("<Part><PartNumber>{number}</PartNumber><ETag>{etag}</ETag></Part>"))
        .collect();
    format!("<CompleteMultipartUpload>{parts}</CompleteMultipartUpload>")
}

#[tokio::test]
async fn parts_become_one_object() {
    let world = World::new().await;
    world.bucket("trails").await;
    let id = begin(&world, "big").await;
    let first: Vec<u8> = vec![1; 5 << 20];
    let one = part(&world, "big", &id, 1, first.clone()).await;
    part(&world, "big", &id, 3, b"thrown away".to_vec()).await;
    let three = part(&world, "big", &id, 3, b"tail".to_vec()).await;
    let unused = part(&world, "big", &id, 9, b"unused".to_vec()).await;
    let uploads = world.get("/trails?uploads").await.expect(200);
    assert_eq!((uploads.element("Key").as_str(), uploads.element("UploadId")), ("big", id.clone()));
    let parts = world.get(&format!("/trails/big?uploadId={id}&max-parts=2")).await.expect(200);
    assert_eq!(
        (parts.elements("PartNumber"), parts.element("IsTruncated").as_str()),
        (vec!["1".to_owned(), "3".to_owned()], "true")
    );
    let complete = async |wish: String| world.send("POST", &format!("/trails/big?uploadId={id}"), &[], wish).await;
    complete(wish(&[(3, &three), (1, &one)])).await.expect_error(400, "InvalidPartOrder");
    complete(wish(&[(1, &one), (2, &three)])).await.expect_error(400, "InvalidPart");
    complete(wish(&[(3, &three), (9, &unused)])).await.expect_error(400, "EntityTooSmall");
    complete(wish(&[])).await.expect_error(400, "MalformedXML");
    let done = complete(wish(&[(1, &one), (3, &three)])).await.expect(200);
    assert!(done.element("ETag").trim_matches(['"', '&']).contains("-2"), "{}", done.text());
    complete(wish(&[(1, &one), (3, &three)])).await.expect_error(404, "NoSuchUpload");
    let whole = [first, b"tail".to_vec()].concat();
    assert_eq!(world.get("/trails/big").await.expect(200).body, whole);
    let second = world.get("/trails/big?partNumber=2").await.expect(206);
    assert_eq!((second.text().as_str(), second.header("x-amz-mp-parts-count")), ("tail", "2"));
    let edge = world.send("GET", "/trails/big", &[("range", "bytes=5242878-5242881")], "").await.expect(206);
    assert_eq!(edge.body.as_ref(), [1, 1, b't', b'a']);
    let plain = world.send("PUT", "/trails/plain", &[], whole).await.expect(200);
    let asked = world.send("HEAD", "/trails/big", &[("x-amz-checksum-mode", "ENABLED")], "").await.expect(200);
    assert_eq!(asked.header("x-amz-checksum-crc64nvme"), plain.header("x-amz-checksum-crc64nvme"));
    assert_eq!(world.catalog.bodies_kept("").await.expect("read").len(), 3);
}

#[tokio::test]
async fn uploads_are_given_up_and_parts_copied() {
    let world = World::new().await;
    world.bucket("trails").await;
    world.put("source", "0123456789").await;
    let id = begin(&world, "a").await;
    let copied = world
        .send(
            "PUT",
            &format!("/trails/a?partNumber=1&uploadId={id}"),
            &[("x-amz-copy-source", "trails/source"), ("x-amz-copy-source-range", "bytes=2-4")],
            "",
        )
        .await
        .expect(200);
    let etag = copied.element("ETag");
    world.send("POST", &format!("/trails/a?uploadId={id}"), &[], wish(&[(1, &etag)])).await.expect(200);
    assert_eq!(world.get("/trails/a").await.text(), "234");
    let id = begin(&world, "b").await;
    part(&world, "b", &id, 1, b"x".to_vec()).await;
    world.send("DELETE", &format!("/trails/b?uploadId={id}"), &[], "").await.expect(204);
    world.send("DELETE", &format!("/trails/b?uploadId={id}"), &[], "").await.expect_error(404, "NoSuchUpload");
    world
        .send("PUT", &format!("/trails/b?partNumber=1&uploadId={id}"), &[], "x")
        .await
        .expect_error(404, "NoSuchUpload");
    world
        .send("PUT", &format!("/trails/b?partNumber=0&uploadId={id}"), &[], "x")
        .await
        .expect_error(400, "InvalidArgument");
    assert_eq!(world.catalog.bodies_kept("").await.expect("read").len(), 2);
}
