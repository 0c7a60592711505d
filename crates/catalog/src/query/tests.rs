use super::*;
use crate::Options;

fn query(id: &str, at: i64) -> Query {
    Query {
        number: 0,
        id: id.to_owned(),
        account: "111122223333".parse().expect("valid"),
        region: "us-east-1".parse().expect("valid"),
        statement: "SELECT 1".to_owned(),
        alias: Some("mine".to_owned()),
        refresh_id: None,
        stores: vec!["arn:a".to_owned(), "arn:b".to_owned()],
        status: QueryStatus::Queued,
        error: None,
        created_at: Timestamp::from_secs(at),
        cost: QueryCost::default(),
        rows: 0,
        delivery_uri: Some("s3://b".to_owned()),
        delivery: Some(QueryDelivery::Pending),
    }
}

fn list(store: &str) -> QueryList {
    let from = Timestamp::from_secs(0);
    QueryList { store: store.to_owned(), from, to: None, status: None, before: None, limit: 10 }
}

#[tokio::test]
async fn a_query_lives_and_is_forgotten() {
    let catalog = Catalog::open_in_memory(Options::default()).await.expect("a catalog");
    let (first, second) = (query("q1", 10), query("q2", 20));
    let mut transaction = catalog.begin().await.expect("a transaction");
    transaction.insert_query(&first).await.expect("inserted");
    transaction.insert_query(&Query { stores: vec!["arn:a".to_owned()], ..second.clone() }).await.expect("inserted");
    assert_eq!(transaction.active_queries(&first.account, &first.region).await.expect("counted"), 2);
    transaction.commit().await.expect("committed");

    assert_eq!(catalog.query("q1").await.expect("read"), Some(Query { number: 1, ..first.clone() }));
    assert_eq!(catalog.query("q3").await.expect("read"), None);
    let last = catalog.query_of_alias(&first.account, &first.region, "mine", None).await.expect("read");
    assert_eq!(last.map(|query| query.id), Some("q2".to_owned()));
    let ids = |queries: Vec<Query>| queries.into_iter().map(|query| query.id).collect::<Vec<_>>();
    assert_eq!(ids(catalog.queries(&list("arn:a")).await.expect("read")), ["q2", "q1"]);
    assert_eq!(ids(catalog.queries(&list("arn:b")).await.expect("read")), ["q1"]);
    let older = QueryList { before: Some(2), ..list("arn:a") };
    assert_eq!(ids(catalog.queries(&older).await.expect("read")), ["q1"]);
    let late = QueryList { from: Timestamp::from_secs(11), ..list("arn:a") };
    assert_eq!(ids(catalog.queries(&late).await.expect("read")), ["q2"]);

    let end = QueryEnd {
        status: QueryStatus::Finished,
        error: None,
        cost: QueryCost { events_matched: 1, events_scanned: 2, bytes_scanned: 3, execution_ms: 4 },
        rows: 5,
    };
    let mut transaction = catalog.begin().await.expect("a transaction");
    assert!(transaction.begin_query("q1").await.expect("begun"));
    assert!(!transaction.begin_query("q1").await.expect("only once"));
    assert!(transaction.end_query("q1", &end).await.expect("ended"));
    let again = QueryEnd { status: QueryStatus::Cancelled, ..end.clone() };
    assert!(!transaction.end_query("q1", &again).await.expect("an end stays"));
    transaction.set_query_delivery("q1", QueryDelivery::Success).await.expect("noted");
    transaction.commit().await.expect("committed");
    let ended = catalog.query("q1").await.expect("read").expect("there");
    assert_eq!((ended.status, ended.cost, ended.rows), (QueryStatus::Finished, end.cost, 5));
    assert_eq!(ended.delivery, Some(QueryDelivery::Success));
    assert_eq!(ids(catalog.unfinished_queries().await.expect("read")), ["q2"]);

    let mut transaction = catalog.begin().await.expect("a transaction");
    let forgotten = transaction.forget_queries(Timestamp::from_secs(99)).await.expect("forgotten");
    assert_eq!(forgotten, ["q1"], "what has not ended is kept");
    transaction.commit().await.expect("committed");
    assert_eq!(ids(catalog.queries(&list("arn:a")).await.expect("read")), ["q2"]);
}

#[test]
fn names_are_read_back() {
    for status in QueryStatus::ALL {
        assert_eq!(QueryStatus::parse(status.as_str()), Some(status));
    }
    for delivery in QueryDelivery::ALL {
        assert_eq!(QueryDelivery::parse(delivery.as_str()), Some(delivery));
    }
}
