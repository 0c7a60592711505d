//! Dashboards.

use crate::common::{ABROAD, ACCOUNT, HOME, World, caller_of};
use crate::stores::{check, create, create_bare};
use expect_test::expect;
use opentrail_wire::Operation::*;
use serde_json::{Value, json};

fn arn(name: &str) -> String {
    format!("arn:aws:cloudtrail:{HOME}:{ACCOUNT}:dashboard/{name}")
}

/// A table of what a store holds.
fn widget(store: &str) -> Value {
    let id = store.rsplit('/').next().expect("an id");
    json!({
        "QueryStatement": format!("SELECT eventName, count(*) AS n FROM {id} WHERE eventTime > '?' AND eventTime < '?' GROUP BY eventName"),
        "QueryParameters": ["$StartTime$", "$EndTime$"],
        "ViewProperties": {"View": "Table", "Title": "Events", "Height": "2", "Width": "4"},
    })
}

fn every(unit: &str, value: i32) -> Value {
    json!({"Frequency": {"Unit": unit, "Value": value}})
}

#[tokio::test]
async fn a_dashboard_is_made_read_changed_and_deleted() {
    let world = World::new().await;
    let store = create(&world, "events", json!({})).await;
    check(&world, CreateDashboard, json!({"Name": "bare"}), expect![[r#"{"DashboardArn":"arn:aws:cloudtrail:us-east-1:111122223333:dashboard/bare","Name":"bare","Type":"CUSTOM","Widgets":[],"TerminationProtectionEnabled":false}"#]]).await;
    let mut schedule = every("HOURS", 6);
    schedule["Status"] = json!("DISABLED");
    schedule["TimeOfDay"] = json!("10:30");
    let body = json!({
        "Name": "full", "Widgets": [widget(&store), {"QueryStatement": "SELECT 1", "ViewProperties": {}}],
        "RefreshSchedule": schedule, "TagsList": [{"Key": "team"}], "TerminationProtectionEnabled": true,
    });
    check(&world, CreateDashboard, body, expect![[r#"{"DashboardArn":"arn:aws:cloudtrail:us-east-1:111122223333:dashboard/full","Name":"full","Type":"CUSTOM","Widgets":[{"QueryAlias":"widget-<id>","QueryStatement":"SELECT eventName, count(*) AS n FROM <id> WHERE eventTime > '?' AND eventTime < '?' GROUP BY eventName","QueryParameters":["$StartTime$","$EndTime$"],"ViewProperties":{"Height":"2","Title":"Events","View":"Table","Width":"4"}},{"QueryAlias":"widget-<id>","QueryStatement":"SELECT 1","ViewProperties":{}}],"TagsList":[{"Key":"team"}],"RefreshSchedule":{"Frequency":{"Unit":"HOURS","Value":6},"Status":"DISABLED","TimeOfDay":"10:30"},"TerminationProtectionEnabled":true}"#]]).await;
    check(&world, GetDashboard, json!({"DashboardId": "full"}), expect![[r#"{"DashboardArn":"arn:aws:cloudtrail:us-east-1:111122223333:dashboard/full","Type":"CUSTOM","Status":"CREATED","Widgets":[{"QueryAlias":"widget-<id>","QueryStatement":"SELECT eventName, count(*) AS n FROM <id> WHERE eventTime > '?' AND eventTime < '?' GROUP BY eventName","QueryParameters":["$StartTime$","$EndTime$"],"ViewProperties":{"Height":"2","Title":"Events","View":"Table","Width":"4"}},{"QueryAlias":"widget-<id>","QueryStatement":"SELECT 1","ViewProperties":{}}],"RefreshSchedule":{"Frequency":{"Unit":"HOURS","Value":6},"Status":"DISABLED","TimeOfDay":"10:30"},"CreatedTimestamp":1.789319538551E9,"UpdatedTimestamp":1.789319538551E9,"TerminationProtectionEnabled":true}"#]]).await;
    check(&world, DeleteDashboard, json!({"DashboardId": arn("full")}), expect![[r#"{"__type":"ConflictException","message":"The dashboard arn:aws:cloudtrail:us-east-1:111122223333:dashboard/full cannot be deleted because termination protection is enabled. Disable termination protection and try again."}"#]]).await;
    world.clock.advance(std::time::Duration::from_secs(60));
    let update = json!({"DashboardId": arn("full"), "TerminationProtectionEnabled": false, "Widgets": [widget(&store)], "RefreshSchedule": every("DAYS", 1)});
    check(&world, UpdateDashboard, update, expect![[r#"{"DashboardArn":"arn:aws:cloudtrail:us-east-1:111122223333:dashboard/full","Name":"full","Type":"CUSTOM","Widgets":[{"QueryAlias":"widget-<id>","QueryStatement":"SELECT eventName, count(*) AS n FROM <id> WHERE eventTime > '?' AND eventTime < '?' GROUP BY eventName","QueryParameters":["$StartTime$","$EndTime$"],"ViewProperties":{"Height":"2","Title":"Events","View":"Table","Width":"4"}}],"RefreshSchedule":{"Frequency":{"Unit":"DAYS","Value":1},"Status":"ENABLED","TimeOfDay":"00:00"},"TerminationProtectionEnabled":false,"CreatedTimestamp":1.789319538551E9,"UpdatedTimestamp":1.789319598551E9}"#]]).await;
    let shown = world.do_it(GetDashboard, json!({"DashboardId": arn("full")})).await;
    assert_eq!((&shown["Status"], shown["Widgets"].as_array().map(Vec::len)), (&json!("UPDATED"), Some(1)));
    check(&world, ListTags, json!({"ResourceIdList": [arn("full")]}), expect![[r#"{"ResourceTagList":[{"ResourceId":"arn:aws:cloudtrail:us-east-1:111122223333:dashboard/full","TagsList":[{"Key":"team"}]}]}"#]]).await;
    assert_eq!(world.call(AddTags, json!({"ResourceId": arn("full"), "TagsList": [{"Key": "stage"}]})).await, "{}");
    assert_eq!(world.call(RemoveTags, json!({"ResourceId": arn("full"), "TagsList": [{"Key": "team"}]})).await, "{}");
    check(&world, ListTags, json!({"ResourceIdList": [arn("full")]}), expect![[r#"{"ResourceTagList":[{"ResourceId":"arn:aws:cloudtrail:us-east-1:111122223333:dashboard/full","TagsList":[{"Key":"stage"}]}]}"#]]).await;
    assert_eq!(world.call(DeleteDashboard, json!({"DashboardId": "full"})).await, "{}");
    let answer =
        world.same(HOME, &[GetDashboard, UpdateDashboard, DeleteDashboard], json!({"DashboardId": arn("full")})).await;
    expect![[r#"{"__type":"ResourceNotFoundException","message":"The resource arn:aws:cloudtrail:us-east-1:111122223333:dashboard/full does not exist."}"#]].assert_eq(&answer);
}

#[tokio::test]
async fn what_cannot_be_a_dashboard() {
    let world = World::new().await;
    let store = create(&world, "events", json!({})).await;
    let pending = create_bare(&world, "pending").await;
    world.do_it(DeleteEventDataStore, json!({"EventDataStore": pending})).await;
    world.do_it(CreateDashboard, json!({"Name": "taken"})).await;
    let with = |statement: &str, parameters: Value| json!({"Name": "new", "Widgets": [{"QueryStatement": statement, "QueryParameters": parameters, "ViewProperties": {}}]});
    let times = |time: &str| {
        let mut schedule = every("DAYS", 1);
        schedule["TimeOfDay"] = json!(time);
        json!({"Name": "new", "RefreshSchedule": schedule})
    };
    for (body, expected) in [
        (
            json!({"Name": "taken"}),
            expect![[r#"{"__type":"ConflictException","message":"A dashboard with the name taken already exists."}"#]],
        ),
        (
            json!({"Name": "AWSCloudTrail-Overview"}),
            expect![[
                r#"{"__type":"ConflictException","message":"The name AWSCloudTrail-Overview is reserved: only CloudTrail's own dashboards begin with AWSCloudTrail-."}"#
            ]],
        ),
        (
            json!({"Name": "new", "Widgets": vec![widget(&store); 11]}),
            expect![[
                r#"{"__type":"ServiceQuotaExceededException","message":"A dashboard can have at most 10 widgets."}"#
            ]],
        ),
        (
            json!({"Name": "new", "Widgets": [widget(&pending)]}),
            expect![[
                r#"{"__type":"InactiveEventDataStoreException","message":"The event data store arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id> is pending deletion. Restore it first."}"#
            ]],
        ),
        (
            json!({"Name": "new", "Widgets": [widget("01234567-89ab-cdef-0123-456789abcdef")]}),
            expect![[
                r#"{"__type":"EventDataStoreNotFoundException","message":"The event data store arn:aws:cloudtrail:us-east-1:111122223333:eventdatastore/<id> does not exist."}"#
            ]],
        ),
        (
            with("SELECT 1 FROM nothing", json!(["$Period$"])),
            expect![[
                r#"{"__type":"InvalidQueryStatementException","message":"The query statement has 0 parameters, but 1 were specified."}"#
            ]],
        ),
        (
            with("SELECT '?' FROM nothing", json!(["$Period$"])),
            expect![[r#"{"__type":"InvalidQueryStatementException","message":"Table 'nothing' does not exist"}"#]],
        ),
        (
            with("SELECT '?'", json!(["$Color$"])),
            expect![[
                r#"{"__type":"InvalidQueryStatementException","message":"The query parameter $Color$ is not valid."}"#
            ]],
        ),
        (
            with("DELETE FROM x WHERE '?' = ''", json!(["$Period$"])),
            expect![[r#"{"__type":"InvalidQueryStatementException","message":"Table 'x' does not exist"}"#]],
        ),
        (
            json!({"Name": "new", "RefreshSchedule": every("HOURS", 2)}),
            expect![[
                r#"{"__type":"ValidationException","message":"The HOURS of a schedule must be 1, 6, 12 or 24."}"#
            ]],
        ),
        (
            json!({"Name": "new", "RefreshSchedule": every("DAYS", 2)}),
            expect![[r#"{"__type":"ValidationException","message":"The DAYS of a schedule must be 1."}"#]],
        ),
        (
            json!({"Name": "new", "RefreshSchedule": {}}),
            expect![[
                r#"{"__type":"ValidationException","message":"The frequency of a schedule must have a unit, HOURS or DAYS, and a value."}"#
            ]],
        ),
        (
            times("24:00"),
            expect![[
                r#"{"__type":"ValidationException","message":"TimeOfDay must be a time in UTC from 00:00 to 23:59."}"#
            ]],
        ),
        (
            json!({"Name": "AWSCloudTrail-Highlights", "RefreshSchedule": every("HOURS", 12)}),
            expect![[
                r#"{"__type":"ValidationException","message":"The Highlights dashboard must be refreshed every 6 HOURS."}"#
            ]],
        ),
        (
            json!({"Name": "new", "TagsList": [{"Key": "aws:x"}]}),
            expect![[
                r#"{"__type":"InvalidTagParameterException","message":"Tag key aws:x must not start with the reserved prefix aws:."}"#
            ]],
        ),
    ] {
        check(&world, CreateDashboard, body, expected).await;
    }
    let highlights = json!({"Name": "AWSCloudTrail-Highlights", "RefreshSchedule": every("HOURS", 6)});
    let made = world.do_it(CreateDashboard, highlights).await;
    assert_eq!((&made["Type"], made["Widgets"].as_array().map(Vec::len)), (&json!("MANAGED"), Some(10)));
    let widgets = json!({"DashboardId": "AWSCloudTrail-Highlights", "Widgets": [widget(&store)]});
    check(&world, UpdateDashboard, widgets, expect![[r#"{"__type":"ValidationException","message":"CloudTrail chooses the widgets of the Highlights dashboard."}"#]]).await;
}

#[tokio::test]
async fn managed_dashboards_are_always_there() {
    let world = World::new().await;
    world.do_it(CreateDashboard, json!({"Name": "mine"})).await;
    world.do_it(CreateDashboard, json!({"Name": "my-other"})).await;
    let names = async |body: Value| {
        let answer = world.do_it(ListDashboards, body).await;
        let dashboards = answer["Dashboards"].as_array().expect("dashboards").clone();
        let show = |it: &Value| {
            let arn = it["DashboardArn"].as_str().expect("an ARN");
            format!("{} {}", arn.rsplit('/').next().expect("a name"), it["Type"].as_str().expect("a type"))
        };
        dashboards.iter().map(show).collect::<Vec<_>>()
    };
    let all = names(json!({})).await;
    assert_eq!((all.len(), all[0].as_str()), (17, "AWSCloudTrail-Overview MANAGED"));
    assert_eq!(names(json!({"Type": "CUSTOM"})).await, ["mine CUSTOM", "my-other CUSTOM"]);
    assert_eq!(names(json!({"Type": "MANAGED"})).await.len(), 15);
    assert_eq!(names(json!({"NamePrefix": "my-"})).await, ["my-other CUSTOM"]);
    let (mut paged, mut body) = (Vec::new(), json!({"MaxResults": 4}));
    loop {
        let page = world.do_it(ListDashboards, body.clone()).await;
        paged.extend(page["Dashboards"].as_array().expect("dashboards").clone());
        match page.get("NextToken") {
            Some(token) => body["NextToken"] = token.clone(),
            None => break,
        }
    }
    assert_eq!(paged.len(), 17);
    check(&world, ListDashboards, json!({"NextToken": "none-of-ours"}), expect![[r#"{"__type":"ValidationException","message":"The token is not valid. Use it with the parameters of the call that answered it, or call without a token."}"#]]).await;
    let overview = world.do_it(GetDashboard, json!({"DashboardId": "AWSCloudTrail-Overview"})).await;
    assert_eq!((&overview["Type"], &overview["Status"]), (&json!("MANAGED"), &json!("CREATED")));
    let errors = &overview["Widgets"][1];
    let view = json!({"Height": "6", "Title": "Top errors", "View": "Table", "Width": "8"});
    assert_eq!(
        (&errors["QueryAlias"], &errors["ViewProperties"]),
        (&json!("AWSCloudTrail-Overview-top-errors"), &view)
    );
    assert_eq!(errors["QueryParameters"], json!(["$EventDataStoreId$", "$StartTime$", "$EndTime$"]));
    let own = json!({"DashboardId": arn("AWSCloudTrail-Overview")});
    let answer = world.same(HOME, &[UpdateDashboard, DeleteDashboard], own).await;
    expect![[r#"{"__type":"UnsupportedOperationException","message":"The dashboard arn:aws:cloudtrail:us-east-1:111122223333:dashboard/AWSCloudTrail-Overview is managed by CloudTrail and cannot be changed or deleted."}"#]].assert_eq(&answer);
}

#[tokio::test]
async fn dashboards_of_others_are_not_found() {
    let world = World::new().await;
    world.do_it(CreateDashboard, json!({"Name": "mine"})).await;
    let operations = [GetDashboard, UpdateDashboard, DeleteDashboard];
    let named = json!({"DashboardId": arn("mine")});
    assert!(world.same(ABROAD, &operations, named.clone()).await.contains("ResourceNotFoundException"));
    for operation in operations {
        let answer = world.call_as(&caller_of("999999999999", HOME), operation, named.clone()).await;
        assert!(answer.contains("ResourceNotFoundException"), "{answer}");
    }
    for bad in ["no", "a b c", "arn:aws:s3:::bucket"] {
        let answer = world.call(GetDashboard, json!({"DashboardId": bad})).await;
        assert!(
            answer.contains("ResourceNotFoundException") || answer.contains("ValidationException"),
            "{bad}: {answer}"
        );
    }
}

#[tokio::test]
async fn a_hundred_custom_dashboards_and_highlights() {
    let world = World::new().await;
    for n in 0..100 {
        world.do_it(CreateDashboard, json!({"Name": format!("dashboard-{n}")})).await;
    }
    check(&world, CreateDashboard, json!({"Name": "one-more"}), expect![[r#"{"__type":"ServiceQuotaExceededException","message":"An account can have at most 100 custom dashboards in a Region."}"#]]).await;
    world.do_it(CreateDashboard, json!({"Name": "AWSCloudTrail-Highlights"})).await;
}
