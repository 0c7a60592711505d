//! Refreshes of dashboards, by callers and by schedules.

use std::time::Duration;

use opentrail_catalog::{Query, QueryCost, QueryEnd, QueryStatus};
use opentrail_wire::Operation::*;
use serde_json::{Value, json};

use crate::common::{ACCOUNT, HOME, World};
use crate::stores::create_bare;

const HOUR: Duration = Duration::from_secs(60 * 60);

fn dashboard_arn(name: &str) -> String {
    format!("arn:aws:cloudtrail:{HOME}:{ACCOUNT}:dashboard/{name}")
}

fn widget(store: &str) -> Value {
    json!({"QueryStatement": format!("SELECT date_trunc('?', eventTime) FROM {store} WHERE eventTime > '?' AND eventTime < '?'"),
        "QueryParameters": ["$Period$", "$StartTime$", "$EndTime$"], "ViewProperties": {}})
}

/// A store's ARN and id, and the aliases of a dashboard of two widgets, of which the second can't be run.
async fn with_dashboard(world: &World, more: Value) -> (String, String, Vec<String>) {
    let arn = create_bare(world, "store").await;
    let id = arn.rsplit('/').next().expect("an id").to_owned();
    let bad = json!({"QueryStatement": "SELECT 1, 2", "ViewProperties": {}});
    let mut body = json!({"Name": "mine", "Widgets": [widget(&id), bad]});
    body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
    let made = world.do_it(CreateDashboard, body).await;
    *world.queries.refused.lock() = Some("SELECT 1, 2".to_owned());
    let widgets = made["Widgets"].as_array().expect("widgets");
    (arn, id, widgets.iter().map(|it| it["QueryAlias"].as_str().expect("an alias").to_owned()).collect())
}

fn begun(world: &World) -> Vec<Query> {
    std::mem::take(&mut *world.queries.begun.lock())
}

async fn end(world: &World, id: &str, status: QueryStatus, error: Option<&str>) {
    let mut transaction = world.api.catalog.begin().await.expect("a transaction");
    let end = QueryEnd { status, error: error.map(str::to_owned), cost: QueryCost::default(), rows: 0 };
    assert!(transaction.end_query(id, &end).await.expect("ended"));
    transaction.commit().await.expect("committed");
}

async fn code(world: &World, body: Value) -> String {
    let answer: Value = serde_json::from_str(&world.call(StartDashboardRefresh, body).await).expect("JSON");
    answer["__type"].as_str().unwrap_or("no error").to_owned()
}

/// The dashboard's latest refresh, and why it failed.
async fn latest(world: &World) -> (Value, Value) {
    let shown = world.do_it(GetDashboard, json!({"DashboardId": "mine"})).await;
    (shown["LastRefreshId"].clone(), shown["LastRefreshFailureReason"].clone())
}

#[tokio::test]
async fn a_refresh_asks_every_widget_under_its_id() {
    let world = World::new().await;
    let (store, id, aliases) = with_dashboard(&world, json!({})).await;
    assert_eq!(latest(&world).await, (Value::Null, Value::Null));
    let values = json!({"$StartTime$": "2024-11-05T10:45:24.00Z", "$Period$": "day"});
    let started =
        world.do_it(StartDashboardRefresh, json!({"DashboardId": "mine", "QueryParameterValues": values})).await;
    let refresh = started["RefreshId"].as_str().expect("an id");
    assert!((10..=20).contains(&refresh.len()) && refresh.bytes().all(|digit| digit.is_ascii_digit()), "{refresh}");
    let queries = begun(&world);
    assert_eq!(queries.len(), 1, "the other one cannot be run");
    let statement = format!(
        "SELECT date_trunc('day', eventTime) FROM {id} WHERE eventTime > '2024-11-05T10:45:24.00Z' \
         AND eventTime < '2026-09-13T17:12:18.551Z'"
    );
    assert_eq!((queries[0].statement.as_str(), &queries[0].stores[..]), (statement.as_str(), &[store.clone()][..]));
    let described = |alias: &str| world.do_it(DescribeQuery, json!({"QueryAlias": alias, "RefreshId": refresh}));
    let (good, bad) = (described(&aliases[0]).await, described(&aliases[1]).await);
    assert_eq!((&good["QueryId"], &good["QueryStatus"]), (&json!(queries[0].id), &json!("QUEUED")));
    assert_eq!((&bad["QueryStatus"], &bad["ErrorMessage"]), (&json!("FAILED"), &json!("line 1:1: no")));
    assert_eq!(latest(&world).await, (json!(refresh), Value::Null), "the reason is that of schedules");

    assert_eq!(code(&world, json!({"DashboardId": "mine"})).await, "ServiceQuotaExceededException");
    end(&world, &queries[0].id, QueryStatus::Finished, None).await;
    let again = world.do_it(StartDashboardRefresh, json!({"DashboardId": dashboard_arn("mine")})).await;
    assert_ne!(again["RefreshId"], json!(refresh));
    let second = begun(&world);
    assert!(second[0].statement.contains("'2026-09-12T17:12:18.551Z'"), "the last day: {}", second[0].statement);
    assert_eq!(described(&aliases[0]).await["QueryId"], json!(queries[0].id), "a refresh keeps its queries");
    let last = world.do_it(DescribeQuery, json!({"QueryAlias": aliases[0]})).await;
    assert_eq!(last["QueryId"], json!(second[0].id));
    let answer = world.call(DescribeQuery, json!({"QueryAlias": aliases[0], "RefreshId": "1234567890"})).await;
    assert!(answer.contains("QueryIdNotFoundException"), "{answer}");
}

#[tokio::test]
async fn what_is_known_of_refreshes_goes_with_the_dashboard() {
    let world = World::new().await;
    with_dashboard(&world, json!({})).await;
    world.do_it(StartDashboardRefresh, json!({"DashboardId": "mine"})).await;
    world.do_it(DeleteDashboard, json!({"DashboardId": "mine"})).await;
    world.do_it(CreateDashboard, json!({"Name": "mine"})).await;
    assert_eq!(latest(&world).await, (Value::Null, Value::Null));
    world.do_it(StartDashboardRefresh, json!({"DashboardId": "mine"})).await;
    assert!(latest(&world).await.0.is_string(), "one without widgets is refreshed at once");
}

#[tokio::test]
async fn queries_of_refreshes_leave_callers_their_ten() {
    let world = World::new().await;
    let (_, id, aliases) = with_dashboard(&world, json!({})).await;
    world.do_it(StartDashboardRefresh, json!({"DashboardId": "mine"})).await;
    for _ in 0..9 {
        world.do_it(StartQuery, json!({"QueryStatement": format!("SELECT 1 FROM {id}")})).await;
    }
    let parameters = json!(["hour", "2024-01-01", "2024-01-02"]);
    let by_alias = json!({"QueryAlias": aliases[0], "QueryParameters": parameters});
    world.do_it(StartQuery, by_alias.clone()).await;
    assert!(world.call(StartQuery, by_alias).await.contains("MaxConcurrentQueriesException"));
    let few = json!({"QueryAlias": aliases[0], "QueryParameters": ["hour"]});
    assert!(world.call(StartQuery, few).await.contains("InvalidQueryStatementException"));
}

#[tokio::test]
async fn what_is_wrong_with_a_refresh_is_told() {
    let world = World::new().await;
    let (store, id, _) = with_dashboard(&world, json!({})).await;
    let mine = |values: Value| json!({"DashboardId": "mine", "QueryParameterValues": values});
    let overview = |values: Value| json!({"DashboardId": "AWSCloudTrail-Overview", "QueryParameterValues": values});
    let nowhere = "01234567-89ab-cdef-0123-456789abcdef";
    for (body, expected) in [
        (json!({"DashboardId": "nothing"}), "ResourceNotFoundException"),
        (mine(json!({"$Color$": "red"})), "ValidationException"),
        (mine(json!({"$EventDataStoreId$": id})), "ValidationException"),
        (overview(json!({})), "ValidationException"),
        (overview(json!({"$EventDataStoreId$": nowhere})), "EventDataStoreNotFoundException"),
        (overview(json!({"$EventDataStoreId$": "no-store"})), "EventDataStoreNotFoundException"),
        (
            json!({"DashboardId": "AWSCloudTrail-InsightsEvents", "QueryParameterValues": {"$EventDataStoreId$": id}}),
            "ValidationException",
        ),
    ] {
        assert_eq!(code(&world, body.clone()).await, expected, "{body}");
    }
    world.do_it(DeleteEventDataStore, json!({"EventDataStore": store})).await;
    assert_eq!(code(&world, json!({"DashboardId": "mine"})).await, "InactiveEventDataStoreException");
    assert_eq!(code(&world, overview(json!({"$EventDataStoreId$": id}))).await, "InactiveEventDataStoreException");
    assert_eq!(begun(&world), [], "nothing of it was asked");
}

#[tokio::test]
async fn managed_dashboards_are_asked_of_the_store_that_is_named() {
    let world = World::new().await;
    let arn = create_bare(&world, "store").await;
    let id = arn.rsplit('/').next().expect("an id");
    let names = world.do_it(ListDashboards, json!({"Type": "MANAGED"})).await;
    let body = |name: &Value| json!({"DashboardId": name, "QueryParameterValues": {"$EventDataStoreId$": id}});
    let mut asked = 0;
    for dashboard in names["Dashboards"].as_array().expect("dashboards") {
        if dashboard["DashboardArn"].as_str().is_some_and(|arn| !arn.ends_with("InsightsEvents")) {
            world.do_it(StartDashboardRefresh, body(&dashboard["DashboardArn"])).await;
            let queries = begun(&world);
            assert!(queries.iter().all(|query| query.statement.contains(id) && !query.statement.contains('?')));
            asked += queries.len();
        }
    }
    assert!(asked > 90, "{asked}");
    let parameters = json!([id, "2024-01-01", "2024-01-02"]);
    let body = json!({"QueryAlias": "AWSCloudTrail-Overview-top-errors", "QueryParameters": parameters});
    world.do_it(StartQuery, body).await;
    assert!(begun(&world)[0].statement.contains(&format!("FROM {id}\nWHERE eventTime > '2024-01-01'")));
    // Highlights finds its store by itself.
    world.do_it(CreateDashboard, json!({"Name": "AWSCloudTrail-Highlights"})).await;
    world.do_it(StartDashboardRefresh, json!({"DashboardId": "AWSCloudTrail-Highlights"})).await;
    assert!(begun(&world).iter().all(|query| query.stores == [arn.clone()]));
}

async fn allow(world: &World, resource: &str, action: &str, dashboard: &str) {
    let statement = json!({"Effect": "Allow", "Principal": {"Service": "cloudtrail.amazonaws.com"}, "Action": action, "Resource": resource,
        "Condition": {"StringEquals": {"AWS:SourceArn": dashboard, "AWS:SourceAccount": ACCOUNT}}});
    let policy = json!({"Version": "2012-10-17", "Statement": [statement]}).to_string();
    world.do_it(PutResourcePolicy, json!({"ResourceArn": resource, "ResourcePolicy": policy})).await;
}

#[tokio::test]
async fn schedules_refresh_when_their_time_has_come() {
    let world = World::new().await;
    let schedule = json!({"Frequency": {"Unit": "HOURS", "Value": 6}, "TimeOfDay": "01:00", "Status": "ENABLED"});
    let (store, _, _) = with_dashboard(&world, json!({"RefreshSchedule": schedule})).await;
    let tick = || world.api.refresh_due();
    // It is 17:12; 19:00 is next.
    world.clock.advance(HOUR);
    tick().await.expect("done");
    assert_eq!(latest(&world).await, (Value::Null, Value::Null));
    world.clock.advance(HOUR);
    tick().await.expect("done");
    let (id, reason) = latest(&world).await;
    let reason = reason.as_str().expect("a reason").to_owned();
    assert!(id.is_null() && reason.contains("cloudtrail:StartDashboardRefresh"), "{reason}");
    assert!(reason.contains(&dashboard_arn("mine")), "{reason}");

    allow(&world, &dashboard_arn("mine"), "cloudtrail:StartDashboardRefresh", &dashboard_arn("mine")).await;
    allow(&world, &store, "cloudtrail:StartQuery", &dashboard_arn("other")).await;
    world.clock.advance(HOUR);
    tick().await.expect("done");
    assert_eq!(latest(&world).await.1, json!(reason), "not tried again before its next time");
    world.clock.advance(HOUR * 5);
    tick().await.expect("done");
    assert!(
        latest(&world).await.1.as_str().is_some_and(|it| it.contains("cloudtrail:StartQuery")),
        "of another dashboard"
    );

    allow(&world, &store, "cloudtrail:StartQuery", &dashboard_arn("mine")).await;
    // Several times passed while nobody looked: one refresh makes up for them.
    world.clock.advance(HOUR * 20);
    tick().await.expect("done");
    tick().await.expect("done");
    let queries = begun(&world);
    assert_eq!(queries.len(), 1);
    let (refresh, reason) = latest(&world).await;
    assert_eq!((refresh.is_string(), reason), (true, json!("line 1:1: no")), "one of its widgets is wrong");
    world.clock.advance(HOUR * 6);
    tick().await.expect("done");
    assert!(latest(&world).await.1.as_str().is_some_and(|it| it.contains("is being refreshed")));
    end(&world, &queries[0].id, QueryStatus::Failed, Some("out of luck")).await;
    world.do_it(UpdateDashboard, json!({"DashboardId": "mine", "RefreshSchedule": {"Frequency": {"Unit": "DAYS", "Value": 1}, "Status": "DISABLED"}})).await;
    world.clock.advance(HOUR * 48);
    tick().await.expect("done");
    assert_eq!((begun(&world), latest(&world).await.0), (vec![], refresh), "it is switched off");
}

#[tokio::test]
async fn highlights_needs_a_store_of_management_events() {
    let world = World::new().await;
    let body =
        json!({"Name": "AWSCloudTrail-Highlights", "RefreshSchedule": {"Frequency": {"Unit": "HOURS", "Value": 6}}});
    world.do_it(CreateDashboard, body).await;
    let named = json!({"DashboardId": "AWSCloudTrail-Highlights"});
    assert_eq!(code(&world, named.clone()).await, "EventDataStoreNotFoundException");
    allow(
        &world,
        &dashboard_arn("AWSCloudTrail-Highlights"),
        "cloudtrail:StartDashboardRefresh",
        &dashboard_arn("AWSCloudTrail-Highlights"),
    )
    .await;
    world.clock.advance(HOUR * 6);
    world.api.refresh_due().await.expect("done");
    let shown = world.do_it(GetDashboard, named.clone()).await;
    assert!(shown["LastRefreshFailureReason"].as_str().is_some_and(|it| it.contains("management events")), "{shown}");
    let store = create_bare(&world, "store").await;
    allow(&world, &store, "cloudtrail:StartQuery", &dashboard_arn("*")).await;
    world.clock.advance(HOUR * 6);
    world.api.refresh_due().await.expect("done");
    let shown = world.do_it(GetDashboard, named).await;
    assert!(
        shown["LastRefreshFailureReason"].as_str().is_some_and(|it| it.contains("StartQuery")),
        "StringEquals knows no *"
    );
    allow(&world, &store, "cloudtrail:StartQuery", &dashboard_arn("AWSCloudTrail-Highlights")).await;
    world.clock.advance(HOUR * 6);
    world.api.refresh_due().await.expect("done");
    assert_eq!(begun(&world).len(), 10);
}
