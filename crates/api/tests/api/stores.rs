//! Event data stores: making, reading, listing, changing, deleting and restoring them.

use crate::common::{ABROAD, ACCOUNT, HOME, World, caller_of};
use expect_test::{Expect, expect};
use opentrail_wire::Operation::{self, *};
use serde_json::{Value, json};

/// One selector for a category, as a request has it.
pub(crate) fn only(category: &str) -> Value {
    json!([{"FieldSelectors": [{"Field": "eventCategory", "Equals": [category]}]}])
}

/// Makes a store with these settings beside its name and answers its ARN.
pub(crate) async fn create(world: &World, name: &str, more: Value) -> String {
    let mut body = json!({"Name": name});
    body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    let answer = world.do_it(CreateEventDataStore, body).await;
    answer["EventDataStoreArn"].as_str().expect("an ARN").to_owned()
}

/// Makes a store that nothing protects.
pub(crate) async fn create_bare(world: &World, name: &str) -> String {
    create(world, name, json!({"TerminationProtectionEnabled": false})).await
}

pub(crate) async fn check(world: &World, operation: Operation, body: Value, expected: Expect) {
    let answer = world.call(operation, body).await;
    // Ids are random: they are not what is looked at.
    expected.assert_eq(&without_ids(&answer));
}

/// The text with `<id>` for each UUID.
fn without_ids(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        match rest.get(..36).filter(|head| opentrail_model::lake_arn::is_uuid(head)) {
            Some(_) => {
                shown.push_str("<id>");
                rest = &rest[36..];
            }
            None => {
                let length = rest.chars().next().map_or(0, char::len_utf8);
                shown.push_str(&rest[..length]);
                rest = &rest[length..];
            }
        }
    }
    shown
}

/// A well-formed ARN of nothing.
pub(crate) const NOWHERE: &str =
    "arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/01234567-89ab-cdef-0123-456789abcdef";

#[tokio::test]
async fn defaults_are_the_documented_ones() {
    let world = World::new().await;
    check(&world, CreateEventDataStore, json!({"Name": "my-store"}), expect![[r#"{"EventDataStoreArn":"arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id>","Name":"my-store","Status":"CREATED","AdvancedEventSelectors":[{"Name":"Default management events","FieldSelectors":[{"Field":"eventCategory","Equals":["Management"]}]}],"MultiRegionEnabled":true,"OrganizationEnabled":false,"RetentionPeriod":366,"TerminationProtectionEnabled":true,"CreatedTimestamp":1.789319538551E9,"UpdatedTimestamp":1.789319538551E9,"BillingMode":"EXTENDABLE_RETENTION_PRICING"}"#]]).await;
    check(&world, ListEventDataStores, json!({}), expect![[r#"{"EventDataStores":[{"EventDataStoreArn":"arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id>","Name":"my-store"}]}"#]]).await;
    let listed = world.do_it(ListEventDataStores, json!({})).await;
    let arn = listed["EventDataStores"][0]["EventDataStoreArn"].as_str().expect("an ARN");
    check(&world, GetEventDataStore, json!({"EventDataStore": arn}), expect![[r#"{"EventDataStoreArn":"arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id>","Name":"my-store","Status":"ENABLED","AdvancedEventSelectors":[{"Name":"Default management events","FieldSelectors":[{"Field":"eventCategory","Equals":["Management"]}]}],"MultiRegionEnabled":true,"OrganizationEnabled":false,"RetentionPeriod":366,"TerminationProtectionEnabled":true,"CreatedTimestamp":1.789319538551E9,"UpdatedTimestamp":1.789319538551E9,"BillingMode":"EXTENDABLE_RETENTION_PRICING","FederationStatus":"DISABLED","PartitionKeys":[{"Name":"day","Type":"string"}]}"#]]).await;
    let id = arn.rsplit('/').next().expect("an id");
    check(&world, GetEventDataStore, json!({"EventDataStore": id}), expect![[r#"{"EventDataStoreArn":"arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id>","Name":"my-store","Status":"ENABLED","AdvancedEventSelectors":[{"Name":"Default management events","FieldSelectors":[{"Field":"eventCategory","Equals":["Management"]}]}],"MultiRegionEnabled":true,"OrganizationEnabled":false,"RetentionPeriod":366,"TerminationProtectionEnabled":true,"CreatedTimestamp":1.789319538551E9,"UpdatedTimestamp":1.789319538551E9,"BillingMode":"EXTENDABLE_RETENTION_PRICING","FederationStatus":"DISABLED","PartitionKeys":[{"Name":"day","Type":"string"}]}"#]]).await;
}

#[tokio::test]
async fn all_settings_are_kept() {
    let world = World::new().await;
    let body = json!({
        "Name": "my.store_1-x", "MultiRegionEnabled": false, "OrganizationEnabled": false, "RetentionPeriod": 7,
        "TerminationProtectionEnabled": false, "StartIngestion": false, "BillingMode": "FIXED_RETENTION_PRICING",
        "TagsList": [{"Key": "team", "Value": "blue"}, {"Key": "bare"}],
        "AdvancedEventSelectors": [
            {"Name": "writes", "FieldSelectors": [
                {"Field": "readOnly", "Equals": ["false"]}, {"Field": "eventCategory", "Equals": ["Management"]},
                {"Field": "eventName", "NotStartsWith": ["Delete"]},
            ]},
            {"FieldSelectors": [
                {"Field": "eventCategory", "Equals": ["Data"]}, {"Field": "resources.type", "Equals": ["AWS::S3::Object"]},
            ]},
        ],
    });
    check(&world, CreateEventDataStore, body, expect![[r#"{"EventDataStoreArn":"arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id>","Name":"my.store_1-x","Status":"CREATED","AdvancedEventSelectors":[{"Name":"writes","FieldSelectors":[{"Field":"readOnly","Equals":["false"]},{"Field":"eventCategory","Equals":["Management"]},{"Field":"eventName","NotStartsWith":["Delete"]}]},{"FieldSelectors":[{"Field":"eventCategory","Equals":["Data"]},{"Field":"resources.type","Equals":["AWS::S3::Object"]}]}],"MultiRegionEnabled":false,"OrganizationEnabled":false,"RetentionPeriod":7,"TerminationProtectionEnabled":false,"TagsList":[{"Key":"team","Value":"blue"},{"Key":"bare"}],"CreatedTimestamp":1.789319538551E9,"UpdatedTimestamp":1.789319538551E9,"BillingMode":"FIXED_RETENTION_PRICING"}"#]]).await;
    let arn = world.do_it(ListEventDataStores, json!({})).await["EventDataStores"][0]["EventDataStoreArn"].clone();
    check(&world, GetEventDataStore, json!({"EventDataStore": arn}), expect![[r#"{"EventDataStoreArn":"arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id>","Name":"my.store_1-x","Status":"STOPPED_INGESTION","AdvancedEventSelectors":[{"Name":"writes","FieldSelectors":[{"Field":"readOnly","Equals":["false"]},{"Field":"eventCategory","Equals":["Management"]},{"Field":"eventName","NotStartsWith":["Delete"]}]},{"FieldSelectors":[{"Field":"eventCategory","Equals":["Data"]},{"Field":"resources.type","Equals":["AWS::S3::Object"]}]}],"MultiRegionEnabled":false,"OrganizationEnabled":false,"RetentionPeriod":7,"TerminationProtectionEnabled":false,"CreatedTimestamp":1.789319538551E9,"UpdatedTimestamp":1.789319538551E9,"BillingMode":"FIXED_RETENTION_PRICING","FederationStatus":"DISABLED","PartitionKeys":[{"Name":"day","Type":"string"}]}"#]]).await;
    let fixed = json!({"Name": "fixed", "BillingMode": "FIXED_RETENTION_PRICING"});
    assert_eq!(world.do_it(CreateEventDataStore, fixed).await["RetentionPeriod"], 2557);
}

#[tokio::test]
async fn what_cannot_be_made() {
    let world = World::new().await;
    create(&world, "taken", json!({})).await;
    for (body, expected) in [
        (
            json!({"Name": "taken"}),
            expect![[
                r#"{"__type":"EventDataStoreAlreadyExistsException","message":"An event data store with the name taken already exists in this Region."}"#
            ]],
        ),
        (
            json!({"Name": "org-store", "OrganizationEnabled": true}),
            expect![[
                r#"{"__type":"OrganizationsNotInUseException","message":"Your account is not a member of an organization."}"#
            ]],
        ),
        (
            json!({"Name": "too-long", "RetentionPeriod": 3654}),
            expect![[
                r#"{"__type":"InvalidParameterException","message":"1 validation error detected: Value '3654' at 'retentionPeriod' failed to satisfy constraint: Member must have value less than or equal to 3653"}"#
            ]],
        ),
        (
            json!({"Name": "too-long", "RetentionPeriod": 2558, "BillingMode": "FIXED_RETENTION_PRICING"}),
            expect![[
                r#"{"__type":"InvalidParameterException","message":"The retention period must be between 7 and 2557 days for the billing mode FIXED_RETENTION_PRICING."}"#
            ]],
        ),
        (
            json!({"Name": "no-selectors", "AdvancedEventSelectors": []}),
            expect![[
                r#"{"__type":"InvalidEventSelectorsException","message":"Specify between 1 and 5 selectors, with at most 500 values, for your event data store."}"#
            ]],
        ),
        (
            json!({"Name": "two-kinds", "AdvancedEventSelectors": [
                only("Insight")[0], only("Management")[0],
            ]}),
            expect![[
                r#"{"__type":"InvalidEventSelectorsException","message":"A selector of this eventCategory must be the only one."}"#
            ]],
        ),
        (
            json!({"Name": "channels", "AdvancedEventSelectors": only("ActivityAuditLog")}),
            expect![[
                r#"{"__type":"InvalidParameterException","message":"An event data store for events from outside of AWS cannot be a multi-Region event data store. Set MultiRegionEnabled to false."}"#
            ]],
        ),
        (
            json!({"Name": "insights", "AdvancedEventSelectors": only("Insight"), "StartIngestion": false}),
            expect![[
                r#"{"__type":"InvalidParameterException","message":"StartIngestion can be false only for CloudTrail events and configuration items."}"#
            ]],
        ),
        (
            json!({"Name": "encrypted", "KmsKeyId": "alias/mine"}),
            expect![[
                r#"{"__type":"InsufficientEncryptionPolicyException","message":"Insufficient permissions to access KMS key alias/mine."}"#
            ]],
        ),
        (
            json!({"Name": "encrypted", "KmsKeyId": "mine"}),
            expect![[r#"{"__type":"KmsKeyNotFoundException","message":"The KMS key mine does not exist."}"#]],
        ),
        (
            json!({"Name": "tagged", "TagsList": [{"Key": "aws:mine"}]}),
            expect![[
                r#"{"__type":"InvalidTagParameterException","message":"Tag key aws:mine must not start with the reserved prefix aws:."}"#
            ]],
        ),
        (
            json!({"Name": "tagged", "TagsList": (0..51).map(|n| json!({"Key": format!("k{n}")})).collect::<Vec<_>>()}),
            expect![[
                r#"{"__type":"InvalidTagParameterException","message":"The number of tags per resource has exceeded the permissible limit. The limit is 50."}"#
            ]],
        ),
        (
            json!({"Name": "no"}),
            expect![[
                r#"{"__type":"ValidationException","message":"1 validation error detected: Value 'no' at 'name' failed to satisfy constraint: Member must have length greater than or equal to 3"}"#
            ]],
        ),
        (
            json!({"Name": "a b c"}),
            expect![[
                r#"{"__type":"ValidationException","message":"1 validation error detected: Value 'a b c' at 'name' failed to satisfy constraint: Member must satisfy regular expression pattern: ^[a-zA-Z0-9._\\-]+$"}"#
            ]],
        ),
    ] {
        check(&world, CreateEventDataStore, body, expected).await;
    }
    assert_eq!(world.do_it(ListEventDataStores, json!({})).await["EventDataStores"].as_array().map(Vec::len), Some(1));
}

#[tokio::test]
async fn every_kind_of_store_can_be_made() {
    let world = World::new().await;
    for category in ["Management", "Insight", "ConfigurationItem", "Evidence"] {
        create(&world, category, json!({"AdvancedEventSelectors": only(category)})).await;
    }
    let channels = json!({"AdvancedEventSelectors": only("ActivityAuditLog"), "MultiRegionEnabled": false});
    create(&world, "ActivityAuditLog", channels).await;
}

#[tokio::test]
async fn ten_in_a_region_pending_ones_included() {
    let world = World::new().await;
    for n in 0..9 {
        create(&world, &format!("store{n}"), json!({})).await;
    }
    let last = create_bare(&world, "last").await;
    world.do_it(DeleteEventDataStore, json!({"EventDataStore": last})).await;
    check(&world, CreateEventDataStore, json!({"Name": "one-more"}), expect![[r#"{"__type":"EventDataStoreMaxLimitExceededException","message":"User: 111122223333 already has 10 event data stores in us-east-1."}"#]]).await;
    check(&world, CreateEventDataStore, json!({"Name": "last"}), expect![[r#"{"__type":"EventDataStoreAlreadyExistsException","message":"An event data store with the name last already exists in this Region."}"#]]).await;
    let abroad = world.call_in(ABROAD, CreateEventDataStore, json!({"Name": "last"})).await;
    assert!(abroad.contains(r#""Status":"CREATED""#), "{abroad}");
}

#[tokio::test]
async fn pages_follow_each_other() {
    let world = World::new().await;
    for n in 0..5 {
        create(&world, &format!("store{n}"), json!({})).await;
    }
    let mut body = json!({"MaxResults": 2});
    let mut names = Vec::new();
    let mut pages = 0;
    loop {
        let page = world.do_it(ListEventDataStores, body.clone()).await;
        pages += 1;
        let stores = page["EventDataStores"].as_array().expect("stores");
        names.extend(stores.iter().map(|store| store["Name"].as_str().expect("a name").to_owned()));
        match page.get("NextToken") {
            Some(token) => body["NextToken"] = token.clone(),
            None => break,
        }
    }
    assert_eq!((pages, names), (3, (0..5).map(|n| format!("store{n}")).collect()));
    let first = world.do_it(ListEventDataStores, json!({"MaxResults": 2})).await;
    let abroad = world.call_in(ABROAD, ListEventDataStores, json!({"NextToken": first["NextToken"]})).await;
    assert!(abroad.contains("InvalidNextTokenException"), "{abroad}");
    for (body, expected) in [
        (
            json!({"NextToken": "none-of-ours"}),
            expect![[
                r#"{"__type":"InvalidNextTokenException","message":"The token is not valid. Use it with the parameters of the call that answered it, or call without a token."}"#
            ]],
        ),
        (
            json!({"MaxResults": 0}),
            expect![[
                r#"{"__type":"InvalidMaxResultsException","message":"1 validation error detected: Value '0' at 'maxResults' failed to satisfy constraint: Member must have value greater than or equal to 1"}"#
            ]],
        ),
        (
            json!({"MaxResults": 1001}),
            expect![[
                r#"{"__type":"InvalidMaxResultsException","message":"1 validation error detected: Value '1001' at 'maxResults' failed to satisfy constraint: Member must have value less than or equal to 1000"}"#
            ]],
        ),
    ] {
        check(&world, ListEventDataStores, body, expected).await;
    }
}

const ON_A_STORE: [Operation; 8] = [
    GetEventDataStore,
    UpdateEventDataStore,
    DeleteEventDataStore,
    RestoreEventDataStore,
    StartEventDataStoreIngestion,
    StopEventDataStoreIngestion,
    EnableFederation,
    DisableFederation,
];

/// A request about a store that each of those operations takes.
fn about(store: &str) -> Value {
    json!({"EventDataStore": store, "Name": "new-name", "FederationRoleArn": "arn:aws:iam::111122223333:role/lake"})
}

#[tokio::test]
async fn stores_that_are_not_there() {
    let world = World::new().await;
    let arn = create(&world, "my-store", json!({})).await;
    let foreign = arn.replace(ACCOUNT, "999999999999");
    let not_found = world.same(HOME, &ON_A_STORE, about(NOWHERE)).await;
    expect![[r#"{"__type":"EventDataStoreNotFoundException","message":"The event data store arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/01234567-89ab-cdef-0123-456789abcdef does not exist."}"#]].assert_eq(&not_found);
    let by_id = world.same(HOME, &ON_A_STORE, about("01234567-89ab-cdef-0123-456789abcdef")).await;
    assert_eq!(by_id, not_found);
    let abroad = world.same(ABROAD, &ON_A_STORE, about(&arn)).await;
    assert!(abroad.contains("EventDataStoreNotFoundException"), "{abroad}");
    for bad in ["abc", "my-store", "arn:aws:s3:::bucket", &arn[..arn.len() - 1], &foreign] {
        let answer = world.same(HOME, &ON_A_STORE, about(bad)).await;
        assert!(answer.contains("EventDataStoreARNInvalidException"), "{bad}: {answer}");
    }
    let other = caller_of("999999999999", HOME);
    for operation in ON_A_STORE {
        let answer = world.call_as(&other, operation, about(&arn)).await;
        assert!(answer.contains("EventDataStoreARNInvalidException"), "{answer}");
    }
}

#[tokio::test]
async fn what_is_given_is_changed_and_the_rest_is_kept() {
    let world = World::new().await;
    let arn = create(&world, "my-store", json!({"TagsList": [{"Key": "a"}]})).await;
    world.clock.advance(std::time::Duration::from_millis(1500));
    let body = json!({"EventDataStore": arn, "Name": "renamed", "RetentionPeriod": 30});
    check(&world, UpdateEventDataStore, body, expect![[r#"{"EventDataStoreArn":"arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id>","Name":"renamed","Status":"ENABLED","AdvancedEventSelectors":[{"Name":"Default management events","FieldSelectors":[{"Field":"eventCategory","Equals":["Management"]}]}],"MultiRegionEnabled":true,"OrganizationEnabled":false,"RetentionPeriod":30,"TerminationProtectionEnabled":true,"CreatedTimestamp":1.789319538551E9,"UpdatedTimestamp":1.789319540051E9,"BillingMode":"EXTENDABLE_RETENTION_PRICING"}"#]]).await;
    let all = json!({
        "EventDataStore": arn, "MultiRegionEnabled": false, "OrganizationEnabled": false,
        "TerminationProtectionEnabled": false, "BillingMode": "EXTENDABLE_RETENTION_PRICING",
        "AdvancedEventSelectors": [{"Name": "n", "FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}, {"Field": "readOnly", "Equals": ["true"]}]}],
    });
    check(&world, UpdateEventDataStore, all, expect![[r#"{"EventDataStoreArn":"arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id>","Name":"renamed","Status":"ENABLED","AdvancedEventSelectors":[{"Name":"n","FieldSelectors":[{"Field":"eventCategory","Equals":["Management"]},{"Field":"readOnly","Equals":["true"]}]}],"MultiRegionEnabled":false,"OrganizationEnabled":false,"RetentionPeriod":30,"TerminationProtectionEnabled":false,"CreatedTimestamp":1.789319538551E9,"UpdatedTimestamp":1.789319540051E9,"BillingMode":"EXTENDABLE_RETENTION_PRICING"}"#]]).await;
    // The same again changes nothing, and leaves no revision.
    let before = world.api.catalog.event_data_store_revisions().await.expect("reads").len();
    world.do_it(UpdateEventDataStore, json!({"EventDataStore": arn, "Name": "renamed"})).await;
    assert_eq!(world.api.catalog.event_data_store_revisions().await.expect("reads").len(), before);
}

#[tokio::test]
async fn what_cannot_be_changed() {
    let world = World::new().await;
    let arn = create(&world, "my-store", json!({})).await;
    create(&world, "other", json!({})).await;
    let pending = create_bare(&world, "pending").await;
    world.do_it(DeleteEventDataStore, json!({"EventDataStore": pending})).await;
    for (more, expected) in [
        (
            json!({}),
            expect![[
                r#"{"__type":"InvalidParameterException","message":"You must specify at least one setting of the event data store to update."}"#
            ]],
        ),
        (
            json!({"Name": "other"}),
            expect![[
                r#"{"__type":"EventDataStoreAlreadyExistsException","message":"An event data store with the name other already exists in this Region."}"#
            ]],
        ),
        (
            json!({"Name": "pending"}),
            expect![[
                r#"{"__type":"EventDataStoreAlreadyExistsException","message":"An event data store with the name pending already exists in this Region."}"#
            ]],
        ),
        (
            json!({"OrganizationEnabled": true}),
            expect![[
                r#"{"__type":"OrganizationsNotInUseException","message":"Your account is not a member of an organization."}"#
            ]],
        ),
        (
            json!({"BillingMode": "FIXED_RETENTION_PRICING"}),
            expect![[
                r#"{"__type":"InvalidParameterException","message":"The billing mode cannot be changed from EXTENDABLE_RETENTION_PRICING to FIXED_RETENTION_PRICING."}"#
            ]],
        ),
        (
            json!({"RetentionPeriod": 6}),
            expect![[
                r#"{"__type":"InvalidParameterException","message":"1 validation error detected: Value '6' at 'retentionPeriod' failed to satisfy constraint: Member must have value greater than or equal to 7"}"#
            ]],
        ),
        (
            json!({"AdvancedEventSelectors": only("Insight")}),
            expect![[
                r#"{"__type":"InvalidEventSelectorsException","message":"The event category of an event data store cannot be changed."}"#
            ]],
        ),
        (
            json!({"AdvancedEventSelectors": []}),
            expect![[
                r#"{"__type":"InvalidEventSelectorsException","message":"Specify between 1 and 5 selectors, with at most 500 values, for your event data store."}"#
            ]],
        ),
        (
            json!({"KmsKeyId": "alias/mine"}),
            expect![[
                r#"{"__type":"InsufficientEncryptionPolicyException","message":"Insufficient permissions to access KMS key alias/mine."}"#
            ]],
        ),
        (
            json!({"EventDataStore": pending, "Name": "x-y"}),
            expect![[
                r#"{"__type":"InactiveEventDataStoreException","message":"The event data store arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id> is pending deletion. Restore it first."}"#
            ]],
        ),
    ] {
        let mut body = json!({"EventDataStore": arn});
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        check(&world, UpdateEventDataStore, body, expected).await;
    }
    let fixed = create(&world, "fixed", json!({"BillingMode": "FIXED_RETENTION_PRICING"})).await;
    let extended = json!({"EventDataStore": fixed, "BillingMode": "EXTENDABLE_RETENTION_PRICING"});
    let answer = world.do_it(UpdateEventDataStore, extended).await;
    assert_eq!(
        (&answer["BillingMode"], &answer["RetentionPeriod"]),
        (&json!("EXTENDABLE_RETENTION_PRICING"), &json!(2557))
    );
}

#[tokio::test]
async fn a_deleted_store_rests_for_seven_days() {
    let world = World::new().await;
    let arn = create(&world, "my-store", json!({})).await;
    let named = json!({"EventDataStore": arn});
    check(&world, RestoreEventDataStore, named.clone(), expect![[r#"{"__type":"InvalidEventDataStoreStatusException","message":"The event data store arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id> has the status ENABLED; this operation needs PENDING_DELETION."}"#]]).await;
    check(&world, DeleteEventDataStore, named.clone(), expect![[r#"{"__type":"EventDataStoreTerminationProtectedException","message":"The event data store arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id> cannot be deleted because termination protection is enabled. Disable termination protection and try again."}"#]]).await;
    world.do_it(UpdateEventDataStore, json!({"EventDataStore": arn, "TerminationProtectionEnabled": false})).await;
    let role = "arn:aws:iam::111122223333:role/lake";
    world.do_it(EnableFederation, json!({"EventDataStore": arn, "FederationRoleArn": role})).await;
    assert!(world.queries.defined.lock().iter().any(|id| arn.ends_with(id)), "other engines can find it");
    check(&world, DeleteEventDataStore, named.clone(), expect![[r#"{"__type":"EventDataStoreFederationEnabledException","message":"Lake query federation is enabled for the event data store arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id>."}"#]]).await;
    world.do_it(DisableFederation, named.clone()).await;
    assert!(world.queries.defined.lock().is_empty());
    assert_eq!(world.call(DeleteEventDataStore, named.clone()).await, "{}");
    for operation in [DeleteEventDataStore, UpdateEventDataStore, EnableFederation, DisableFederation] {
        let answer = world.call(operation, about(&arn)).await;
        assert!(answer.contains("InactiveEventDataStoreException"), "{operation}: {answer}");
    }
    for operation in [StartEventDataStoreIngestion, StopEventDataStoreIngestion] {
        let answer = world.call(operation, about(&arn)).await;
        assert!(answer.contains("InvalidEventDataStoreStatusException"), "{operation}: {answer}");
    }
    assert_eq!(world.do_it(GetEventDataStore, named.clone()).await["Status"], "PENDING_DELETION");

    let due = async || world.api.catalog.event_data_stores_to_remove(world.api.clock.now()).await.expect("reads").len();
    world.clock.advance(std::time::Duration::from_secs(7 * 24 * 60 * 60 - 1));
    assert_eq!(due().await, 0);
    world.clock.advance(std::time::Duration::from_secs(1));
    assert_eq!(due().await, 1);
    check(&world, RestoreEventDataStore, named.clone(), expect![[r#"{"EventDataStoreArn":"arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id>","Name":"my-store","Status":"ENABLED","AdvancedEventSelectors":[{"Name":"Default management events","FieldSelectors":[{"Field":"eventCategory","Equals":["Management"]}]}],"MultiRegionEnabled":true,"OrganizationEnabled":false,"RetentionPeriod":366,"TerminationProtectionEnabled":false,"CreatedTimestamp":1.789319538551E9,"UpdatedTimestamp":1.789924338551E9,"BillingMode":"EXTENDABLE_RETENTION_PRICING"}"#]]).await;
    assert_eq!(due().await, 0);
    assert_eq!(world.do_it(GetEventDataStore, named).await["Status"], "ENABLED");
}

#[tokio::test]
async fn revisions_say_from_where_on() {
    let world = World::new().await;
    let set = |end| world.journal.0.store(end, std::sync::atomic::Ordering::SeqCst);
    let arn = create_bare(&world, "my-store").await;
    let named = json!({"EventDataStore": arn});
    for (end, operation) in [
        (110, StopEventDataStoreIngestion),
        (120, StartEventDataStoreIngestion),
        (130, DeleteEventDataStore),
        (140, RestoreEventDataStore),
    ] {
        set(end);
        world.do_it(operation, named.clone()).await;
    }
    let revisions = world.api.catalog.event_data_store_revisions().await.expect("reads");
    let shown: Vec<_> = revisions
        .iter()
        .map(|it| (it.effective_from, it.store.as_ref().map_or("gone", |store| store.status().as_str())))
        .collect();
    let expected =
        [(100, "ENABLED"), (111, "STOPPED_INGESTION"), (120, "ENABLED"), (131, "PENDING_DELETION"), (140, "ENABLED")];
    assert_eq!(shown, expected, "a store still takes in the record of its own stop");
}
