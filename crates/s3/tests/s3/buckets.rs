use super::*;

#[tokio::test]
async fn a_bucket_is_made_found_and_removed() {
    let world = World::new().await;
    let made = world.send("PUT", "/trails", &[], "").await.expect(200);
    assert_eq!(made.header("location"), "/trails");
    world.send("PUT", "/trails", &[], "").await.expect(200);
    let head = world.send("HEAD", "/trails", &[], "").await.expect(200);
    assert_eq!(head.header("x-amz-bucket-region"), "us-east-1");
    let location = world.get("/trails?location").await.expect(200);
    assert!(location.text().contains("<LocationConstraint"), "{}", location.text());
    assert_eq!(location.element("LocationConstraint"), "");
    assert_eq!(world.get("/").await.expect(200).elements("Name"), ["trails"]);
    world.put("a", "x").await;
    let full = world.send("DELETE", "/trails", &[], "").await.expect_error(409, "BucketNotEmpty");
    assert_eq!(full.element("Message"), "The bucket you tried to delete is not empty");
    world.send("DELETE", "/trails/a", &[], "").await.expect(204);
    world.send("DELETE", "/trails", &[], "").await.expect(204);
    let gone = world.get("/trails").await.expect_error(404, "NoSuchBucket");
    assert_eq!(gone.element("BucketName"), "trails");
    world.send("HEAD", "/trails", &[], "").await.expect(404);
}

#[tokio::test]
async fn names_and_regions_are_checked() {
    let world = World::new().await;
    for name in ["Trails", "ab", "192.168.0.1", "a..b", "xn--a"] {
        world.send("PUT", &format!("/{name}"), &[], "").await.expect_error(400, "InvalidBucketName");
    }
    let in_region = |region: &str| {
        format!(
            "<CreateBucketConfiguration><LocationConstraint>{region}</LocationConstraint></CreateBucketConfiguration>"
        )
    };
    world.send("PUT", "/west", &[], in_region("eu-west-1")).await.expect(200);
    assert_eq!(world.get("/west?location").await.element("LocationConstraint"), "");
    assert!(world.get("/west?location").await.text().contains(">eu-west-1<"));
    world.send("PUT", "/west", &[], in_region("eu-west-1")).await.expect_error(409, "BucketAlreadyOwnedByYou");
    world.send_as(caller(Some(STRANGER)), "PUT", "/west", &[], "").await.expect_error(409, "BucketAlreadyExists");
    world.send("PUT", "/east", &[], in_region("no region!")).await.expect_error(400, "InvalidLocationConstraint");
    let elsewhere = Caller { region: "eu-west-1".to_owned(), ..caller(Some(OWNER)) };
    world.send_as(elsewhere, "PUT", "/east", &[], "").await.expect_error(400, "IllegalLocationConstraintException");
    world.send_as(caller(None), "PUT", "/east", &[], "").await.expect_error(403, "AccessDenied");
}

#[tokio::test]
async fn what_was_never_put_is_answered_as_s3_does() {
    let world = World::new().await;
    world.bucket("trails").await;
    let refused = [
        ("cors", "NoSuchCORSConfiguration"),
        ("website", "NoSuchWebsiteConfiguration"),
        ("lifecycle", "NoSuchLifecycleConfiguration"),
        ("replication", "ReplicationConfigurationNotFoundError"),
        ("object-lock", "ObjectLockConfigurationNotFoundError"),
        ("tagging", "NoSuchTagSet"),
        ("publicAccessBlock", "NoSuchPublicAccessBlockConfiguration"),
        ("policy", "NoSuchBucketPolicy"),
        ("policyStatus", "NoSuchBucketPolicy"),
    ];
    for (name, code) in refused {
        world.get(&format!("/trails?{name}")).await.expect_error(404, code);
    }
    let given = [
        ("versioning", "VersioningConfiguration"),
        ("accelerate", "AccelerateConfiguration"),
        ("requestPayment", "<Payer>BucketOwner</Payer>"),
        ("logging", "BucketLoggingStatus"),
        ("notification", "NotificationConfiguration"),
        ("encryption", "<SSEAlgorithm>AES256</SSEAlgorithm>"),
        ("ownershipControls", "BucketOwnerEnforced"),
        ("acl", "<Permission>FULL_CONTROL</Permission>"),
    ];
    for (name, text) in given {
        let answer = world.get(&format!("/trails?{name}")).await.expect(200);
        assert!(answer.text().contains(text), "{name}: {}", answer.text());
    }
}

#[tokio::test]
async fn documents_are_kept_given_back_and_taken_away() {
    let world = World::new().await;
    world.bucket("trails").await;
    let tags = "<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>";
    world.send("PUT", "/trails?tagging", &[], tags).await.expect(204);
    assert_eq!(world.get("/trails?tagging").await.expect(200).text(), tags);
    world.send("DELETE", "/trails?tagging", &[], "").await.expect(204);
    world.get("/trails?tagging").await.expect_error(404, "NoSuchTagSet");
    world.send("PUT", "/trails?tagging", &[], "<Tagging>").await.expect_error(400, "MalformedXML");
    world
        .send("PUT", "/trails?tagging", &[("content-md5", "AAAAAAAAAAAAAAAAAAAAAA==")], tags)
        .await
        .expect_error(400, "BadDigest");
    let enabled = "<VersioningConfiguration><Status>Enabled</Status></VersioningConfiguration>";
    world.send("PUT", "/trails?versioning", &[], enabled).await.expect_error(501, "NotImplemented");
    world
        .send("PUT", "/trails?acl", &[("x-amz-acl", "public-read")], "")
        .await
        .expect_error(400, "AccessControlListNotSupported");
    world.send("PATCH", "/trails", &[], "").await.expect_error(405, "MethodNotAllowed");
}
