use super::*;

fn policy(effect: &str, principal: &str, action: &str, resource: &str) -> String {
    format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"{effect}","Principal":{principal},"Action":"{action}","Resource":"{resource}"}}]}}"#
    )
}

#[tokio::test]
async fn strangers_need_a_policy_and_owners_none() {
    let world = World::new().await;
    world.bucket("trails").await;
    world.put("a", "x").await;
    let stranger = || caller(Some(STRANGER));
    let denied = world.send_as(stranger(), "GET", "/trails/a", &[], "").await.expect_error(403, "AccessDenied");
    assert!(denied.element("Message").contains("is not authorized to perform: s3:GetObject"), "{}", denied.text());
    world.send_as(caller(None), "GET", "/trails/a", &[], "").await.expect_error(403, "AccessDenied");
    world.send_as(user(OWNER, "ann"), "GET", "/trails/a", &[], "").await.expect(200);
    let allow = policy("Allow", &format!(r#"{{"AWS":"{STRANGER}"}}"#), "s3:GetObject", "arn:aws:s3:::trails/*");
    world.send("PUT", "/trails?policy", &[], allow.clone()).await.expect(204);
    assert_eq!(world.get("/trails?policy").await.expect(200).text(), allow);
    world.send_as(stranger(), "GET", "/trails/a", &[], "").await.expect(200);
    // Who may not list is not told what isn't there.
    world.send_as(stranger(), "GET", "/trails/none", &[], "").await.expect_error(403, "AccessDenied");
    world.send_as(stranger(), "PUT", "/trails/a", &[], "y").await.expect_error(403, "AccessDenied");
    world.send_as(caller(None), "GET", "/trails/a", &[], "").await.expect_error(403, "AccessDenied");
    let wish = "<Delete><Object><Key>a</Key></Object></Delete>";
    let tried = world.send_as(stranger(), "POST", "/trails?delete", &[], wish).await.expect(200);
    assert_eq!(tried.element("Code"), "AccessDenied");
    world.send("DELETE", "/trails?policy", &[], "").await.expect(204);
    world.send_as(stranger(), "GET", "/trails/a", &[], "").await.expect_error(403, "AccessDenied");
}

#[tokio::test]
async fn a_denial_binds_the_owner_but_not_from_mending_it() {
    let world = World::new().await;
    world.bucket("trails").await;
    world.put("a", "x").await;
    let deny = policy("Deny", "\"*\"", "s3:*", "arn:aws:s3:::trails/*");
    world.send("PUT", "/trails?policy", &[], deny).await.expect(204);
    let denied = world.get("/trails/a").await.expect_error(403, "AccessDenied");
    assert!(denied.element("Message").contains("with an explicit deny in a resource-based policy"));
    let deny = policy("Deny", "\"*\"", "s3:*", "arn:aws:s3:::trails");
    world.send("PUT", "/trails?policy", &[], deny).await.expect(204);
    world.get("/trails?acl").await.expect_error(403, "AccessDenied");
    world.send_as(user(OWNER, "ann"), "DELETE", "/trails?policy", &[], "").await.expect_error(403, "AccessDenied");
    world.send("DELETE", "/trails?policy", &[], "").await.expect(204);
    world.get("/trails?acl").await.expect(200);
}

#[tokio::test]
async fn malformed_policies_are_refused() {
    let world = World::new().await;
    world.bucket("trails").await;
    for text in ["", "{", "[]", &policy("Allow", "\"*\"", "s3:GetObject", "arn:aws:s3:::other/*")] {
        world.send("PUT", "/trails?policy", &[], text.to_owned()).await.expect_error(400, "MalformedPolicy");
    }
    let public = policy("Allow", "\"*\"", "s3:GetObject", "arn:aws:s3:::trails/*");
    world.send("PUT", "/trails?policy", &[], public).await.expect(204);
    assert_eq!(world.get("/trails?policyStatus").await.expect(200).element("IsPublic"), "true");
    world.put("a", "x").await;
    world.send_as(caller(None), "GET", "/trails/a", &[], "").await.expect(200);
    world
        .send_as(caller(None), "GET", "/trails/a?response-content-type=a", &[], "")
        .await
        .expect_error(400, "InvalidRequest");
    world
        .send("GET", "/trails/a", &[("x-amz-expected-bucket-owner", STRANGER)], "")
        .await
        .expect_error(403, "AccessDenied");
}
