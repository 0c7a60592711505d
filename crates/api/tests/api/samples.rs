//! Sample queries, and the query that nobody generates.

use opentrail_wire::Operation::*;
use serde_json::{Value, json};

use crate::common::World;
use crate::stores::{create, create_bare};

#[tokio::test]
async fn samples_come_in_pages_the_best_first() {
    let world = World::new().await;
    let first = world.do_it(SearchSampleQueries, json!({"SearchPhrase": "failed console logins"})).await;
    let results = first["SearchResults"].as_array().expect("results");
    assert_eq!((results.len(), &results[0]["Name"]), (10, &json!("Find failed console logins by IP address")));
    assert!(results[0]["SQL"].as_str().is_some_and(|sql| sql.starts_with("SELECT ") && sql.contains("FROM $EDS_ID")));
    let (mut all, mut body) = (Vec::new(), json!({"SearchPhrase": "user", "MaxResults": 7}));
    loop {
        let page = world.do_it(SearchSampleQueries, body.clone()).await;
        all.extend(page["SearchResults"].as_array().expect("results").clone());
        match page.get("NextToken") {
            Some(token) => body["NextToken"] = token.clone(),
            None => break,
        }
    }
    let relevance = |result: &Value| result["Relevance"].as_f64().expect("a number");
    assert!(all.len() > 14 && all.iter().map(relevance).is_sorted_by(|a, b| a >= b), "{}", all.len());
    assert!(all.iter().all(|result| (0.0..=1.0).contains(&relevance(result))));
    let none = world.do_it(SearchSampleQueries, json!({"SearchPhrase": "xyzzy"})).await;
    assert_eq!(none, json!({"SearchResults": []}));
    let foreign = json!({"SearchPhrase": "other", "NextToken": body["NextToken"]});
    assert!(world.call(SearchSampleQueries, foreign).await.contains("InvalidParameterException"));
}

#[tokio::test]
async fn nobody_generates_queries_and_that_is_said() {
    let world = World::new().await;
    let store = create_bare(&world, "store").await;
    let insights = json!([{"FieldSelectors": [{"Field": "eventCategory", "Equals": ["ActivityAuditLog"]}]}]);
    let other = create(&world, "audit", json!({"AdvancedEventSelectors": insights, "MultiRegionEnabled": false})).await;
    let ask = |stores: Value| json!({"EventDataStores": stores, "Prompt": "Who deleted my S3 object?"});
    let answer = world.call(GenerateQuery, ask(json!([store]))).await;
    assert_eq!(
        answer,
        r#"{"__type":"UnsupportedOperationException","message":"OpenTrail does not generate queries from prompts yet; SearchSampleQueries finds queries to begin with, such as `Find who deleted S3 objects`."}"#
    );
    for (stores, expected) in [
        (json!([other]), "InvalidParameterException"),
        (json!(["01234567-89ab-cdef-0123-456789abcdef"]), "EventDataStoreNotFoundException"),
        (json!(["no-store"]), "EventDataStoreARNInvalidException"),
    ] {
        assert!(world.call(GenerateQuery, ask(stores)).await.contains(expected), "{expected}");
    }
    world.do_it(DeleteEventDataStore, json!({"EventDataStore": store})).await;
    assert!(world.call(GenerateQuery, ask(json!([store]))).await.contains("InactiveEventDataStoreException"));
}
