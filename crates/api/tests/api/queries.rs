//! Queries: starting, describing, listing, cancelling them, and reading their results.

use std::time::Duration;

use opentrail_catalog::{QueryCost, QueryEnd, QueryStatus};
use opentrail_wire::Operation::*;
use serde_json::{Value, json};

use crate::common::{ACCOUNT, World, caller_of};
use crate::stores::create_bare;

/// A world with a store: its ARN and its id.
async fn with_store() -> (World, String, String) {
    let world = World::new().await;
    let arn = create_bare(&world, "store").await;
    let id = arn.rsplit('/').next().expect("an id").to_owned();
    (world, arn, id)
}

async fn start(world: &World, store: &str) -> String {
    let answer = world.do_it(StartQuery, json!({"QueryStatement": format!("SELECT 1 FROM {store}")})).await;
    answer["QueryId"].as_str().expect("an id").to_owned()
}

async fn end(world: &World, id: &str, status: QueryStatus, rows: u64) {
    let cost = QueryCost { events_matched: 5, events_scanned: 6, bytes_scanned: 7, execution_ms: 8 };
    let error = (status == QueryStatus::Failed).then(|| "line 1:1: no".to_owned());
    let mut transaction = world.api.catalog.begin().await.expect("a transaction");
    let end = QueryEnd { status, error, cost, rows };
    assert!(transaction.end_query(id, &end).await.expect("ended"));
    transaction.commit().await.expect("committed");
}

#[tokio::test]
async fn a_query_is_started_described_listed_and_read() {
    let (world, arn, store) = with_store().await;
    let id = start(&world, &store).await;
    assert_eq!(world.queries.begun.lock().first().map(|query| query.stores.clone()), Some(vec![arn.clone()]));
    let described = world.do_it(DescribeQuery, json!({"QueryId": id})).await;
    assert_eq!(
        described,
        json!({"QueryId": id, "QueryString": format!("SELECT 1 FROM {store}"), "QueryStatus": "QUEUED",
            "QueryStatistics": {"EventsMatched": 1, "EventsScanned": 2, "BytesScanned": 3, "ExecutionTimeInMillis": 4,
            "CreationTime": 1_789_319_538.551}})
    );
    let results = world.do_it(GetQueryResults, json!({"QueryId": id})).await;
    assert_eq!((&results["QueryStatus"], &results["QueryResultRows"]), (&json!("QUEUED"), &json!([])));

    end(&world, &id, QueryStatus::Finished, 3).await;
    *world.queries.rows.lock() = (0..3).map(|n| vec![Some(n.to_string()), (n == 1).then(String::new)]).collect();
    let first = world.do_it(GetQueryResults, json!({"QueryId": id, "MaxQueryResults": 2})).await;
    assert_eq!(first["QueryResultRows"], json!([[{"a": "0"}, {}], [{"a": "1"}, {"a": ""}]]));
    assert_eq!(first["QueryStatistics"], json!({"ResultsCount": 2, "TotalResultsCount": 3, "BytesScanned": 7}));
    let token = first["NextToken"].as_str().expect("a token");
    let second = world.do_it(GetQueryResults, json!({"QueryId": id, "NextToken": token})).await;
    assert_eq!((&second["QueryResultRows"], &second["NextToken"]), (&json!([[{"a": "2"}, {}]]), &Value::Null));

    let other = start(&world, &store).await;
    let foreign = json!({"QueryId": other, "NextToken": token});
    assert_eq!(world.code(GetQueryResults, foreign).await, "InvalidNextTokenException");
    let listed = world.do_it(ListQueries, json!({"EventDataStore": arn, "MaxResults": 1})).await;
    assert_eq!(listed["Queries"][0]["QueryId"], json!(other));
    let rest = json!({"EventDataStore": arn, "MaxResults": 1, "NextToken": listed["NextToken"]});
    let rest = world.do_it(ListQueries, rest).await;
    assert_eq!((&rest["Queries"][0]["QueryId"], &rest["NextToken"]), (&json!(id), &Value::Null));
    let finished = world.do_it(ListQueries, json!({"EventDataStore": store, "QueryStatus": "FINISHED"})).await;
    assert_eq!(finished["Queries"].as_array().map(Vec::len), Some(1));
    world.clock.advance(Duration::from_secs(8 * 24 * 60 * 60));
    assert_eq!(world.do_it(ListQueries, json!({"EventDataStore": store})).await["Queries"], json!([]));
}

#[tokio::test]
async fn ten_queries_at_once() {
    let (world, _, store) = with_store().await;
    let mut ids = Vec::new();
    for _ in 0..10 {
        ids.push(start(&world, &store).await);
    }
    let eleventh = json!({"QueryStatement": format!("SELECT 1 FROM {store}")});
    assert_eq!(world.code(StartQuery, eleventh.clone()).await, "MaxConcurrentQueriesException");
    let cancelled = world.do_it(CancelQuery, json!({"QueryId": ids[3]})).await;
    assert_eq!(cancelled, json!({"QueryId": ids[3], "QueryStatus": "CANCELLED"}));
    assert_eq!(*world.queries.cancelled.lock(), [ids[3].clone()]);
    assert_eq!(world.code(CancelQuery, json!({"QueryId": ids[3]})).await, "InactiveQueryException");
    world.do_it(StartQuery, eleventh).await;
}

#[tokio::test]
async fn what_is_wrong_is_refused() {
    let (world, arn, store) = with_store().await;
    let nowhere = "01234567-89ab-cdef-0123-456789abcdef";
    let good = format!("SELECT 1 FROM {store}");
    let cases = [
        (StartQuery, json!({}), "InvalidParameterException"),
        (StartQuery, json!({"QueryAlias": "none"}), "InvalidParameterException"),
        (StartQuery, json!({"QueryStatement": good, "QueryParameters": ["x"]}), "InvalidParameterException"),
        (StartQuery, json!({"QueryStatement": "SELECT"}), "InvalidQueryStatementException"),
        (StartQuery, json!({"QueryStatement": "SELECT 1 FROM events"}), "InvalidQueryStatementException"),
        (StartQuery, json!({"QueryStatement": format!("SELECT 1 FROM {nowhere}")}), "EventDataStoreNotFoundException"),
        (
            StartQuery,
            json!({"QueryStatement": good, "DeliveryS3Uri": "s3://192.168.0.1"}),
            "InvalidS3BucketNameException",
        ),
        (StartQuery, json!({"QueryStatement": good, "DeliveryS3Uri": "s3://missing"}), "S3BucketDoesNotExistException"),
        (DescribeQuery, json!({}), "InvalidParameterException"),
        (DescribeQuery, json!({"QueryId": nowhere}), "QueryIdNotFoundException"),
        (DescribeQuery, json!({"QueryAlias": "none"}), "QueryIdNotFoundException"),
        (GetQueryResults, json!({"QueryId": nowhere}), "QueryIdNotFoundException"),
        (CancelQuery, json!({"QueryId": nowhere}), "QueryIdNotFoundException"),
        (ListQueries, json!({"EventDataStore": arn, "StartTime": 2, "EndTime": 1}), "InvalidDateRangeException"),
        (ListQueries, json!({"EventDataStore": arn, "QueryStatus": "DONE"}), "InvalidQueryStatusException"),
        (ListQueries, json!({"EventDataStore": arn, "NextToken": "none"}), "InvalidNextTokenException"),
    ];
    for (operation, body, expected) in cases {
        assert_eq!(world.code(operation, body.clone()).await, expected, "{body}");
    }
}

#[tokio::test]
async fn queries_are_their_accounts_and_go_with_their_store() {
    let (world, arn, store) = with_store().await;
    let id = start(&world, &store).await;
    end(&world, &id, QueryStatus::Failed, 0).await;
    let failed = world.do_it(GetQueryResults, json!({"QueryId": id})).await;
    assert_eq!((&failed["QueryStatus"], &failed["ErrorMessage"]), (&json!("FAILED"), &json!("line 1:1: no")));
    let stranger = caller_of("444455556666", "us-east-1");
    let answer = world.call_as(&stranger, DescribeQuery, json!({"QueryId": id})).await;
    assert!(answer.contains("QueryIdNotFoundException"), "{answer}");
    let abroad = caller_of(ACCOUNT, "eu-west-1");
    let answer = world.call_as(&abroad, DescribeQuery, json!({"QueryId": id})).await;
    assert!(answer.contains("QueryIdNotFoundException"), "{answer}");

    world.do_it(DeleteEventDataStore, json!({"EventDataStore": arn})).await;
    for (operation, body) in [
        (StartQuery, json!({"QueryStatement": format!("SELECT 1 FROM {store}")})),
        (DescribeQuery, json!({"QueryId": id})),
        (GetQueryResults, json!({"QueryId": id})),
        (ListQueries, json!({"EventDataStore": arn})),
    ] {
        assert_eq!(world.code(operation, body).await, "InactiveEventDataStoreException");
    }
}
