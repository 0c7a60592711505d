use super::*;

async fn filled() -> World {
    let world = World::new().await;
    world.bucket("trails").await;
    for key in ["a", "a/b", "a/c", "b/d", "c"] {
        world.put(key, "x").await;
    }
    world
}

#[tokio::test]
async fn the_first_version_pages_by_marker() {
    let world = filled().await;
    let all = world.get("/trails").await.expect(200);
    assert_eq!(all.elements("Key"), ["a", "a/b", "a/c", "b/d", "c"]);
    assert_eq!((all.element("IsTruncated"), all.element("MaxKeys")), ("false".to_owned(), "1000".to_owned()));
    let page = world.get("/trails?max-keys=2").await.expect(200);
    assert_eq!(page.elements("Key"), ["a", "a/b"]);
    assert_eq!((page.element("IsTruncated").as_str(), page.element("NextMarker").as_str()), ("true", ""));
    assert_eq!(world.get("/trails?marker=a%2Fbb").await.elements("Key"), ["a/c", "b/d", "c"]);
    let page = world.get("/trails?delimiter=%2F&max-keys=2").await.expect(200);
    assert_eq!((page.elements("Key"), page.element("NextMarker")), (vec!["a".to_owned()], "a/".to_owned()));
    assert!(page.text().contains("<CommonPrefixes><Prefix>a/</Prefix></CommonPrefixes>"), "{}", page.text());
    let rest = world.get("/trails?delimiter=%2F&marker=a%2F").await.expect(200);
    assert_eq!(rest.elements("Key"), ["c"]);
    assert!(rest.text().contains("<Prefix>b/</Prefix>") && !rest.text().contains("<Prefix>a/</Prefix>"));
    assert_eq!(world.get("/trails?prefix=a%2F").await.elements("Key"), ["a/b", "a/c"]);
    assert!(world.get("/trails?max-keys=0").await.expect(200).elements("Key").is_empty());
    world.get("/trails?max-keys=-1").await.expect_error(400, "InvalidArgument");
}

#[tokio::test]
async fn the_second_version_pages_by_token() {
    let world = filled().await;
    let (mut names, mut token) = (Vec::new(), String::new());
    loop {
        let more = if token.is_empty() { String::new() } else { format!("&continuation-token={token}") };
        let page = world.get(&format!("/trails?list-type=2&max-keys=2{more}")).await.expect(200);
        assert_eq!(page.element("KeyCount"), page.elements("Key").len().to_string());
        assert!(!page.text().contains("<Owner>"));
        names.extend(page.elements("Key"));
        token = page.element("NextContinuationToken");
        if page.element("IsTruncated") == "false" {
            break;
        }
    }
    assert_eq!(names, ["a", "a/b", "a/c", "b/d", "c"]);
    assert_eq!(world.get("/trails?list-type=2&start-after=a%2Fc").await.elements("Key"), ["b/d", "c"]);
    assert!(world.get("/trails?list-type=2&fetch-owner=true").await.text().contains("<Owner>"));
    world.get("/trails?list-type=2&continuation-token=%21").await.expect_error(400, "InvalidArgument");
    let versions = world.get("/trails?versions").await.expect(200);
    assert_eq!(versions.elements("VersionId"), ["null"; 5]);
}
