use std::collections::BTreeMap;

use super::*;
use crate::{Bucket, Options};

fn object(key: &str) -> Object {
    Object {
        key: key.to_owned(),
        etag: "e".to_owned(),
        bytes: 3,
        modified_at: Timestamp::from_ms(5),
        bodies: vec![BodyRef { id: "aa01".to_owned(), bytes: 3 }],
        attributes: Attributes::default(),
    }
}

async fn filled(keys: &[String]) -> (Catalog, i64) {
    let catalog = Catalog::open_in_memory(Options::default()).await.expect("opens");
    let mut tx = catalog.begin().await.expect("begins");
    let bucket = Bucket {
        id: 0,
        name: "b".to_owned(),
        account: "111122223333".to_owned(),
        region: "us-east-1".to_owned(),
        created_at: Timestamp::EPOCH,
        policy: None,
    };
    let id = tx.insert_bucket(&bucket).await.expect("inserted");
    for key in keys {
        tx.put_object(id, &object(key)).await.expect("put");
    }
    tx.commit().await.expect("commits");
    (catalog, id)
}

#[tokio::test]
async fn an_object_is_put_replaced_and_deleted() {
    let (catalog, bucket) = filled(&["a".to_owned(), "a/b".to_owned()]).await;
    assert_eq!(catalog.object(bucket, "a").await.expect("read"), Some(object("a")));
    let mut tx = catalog.begin().await.expect("begins");
    let newer = Object { etag: "f".to_owned(), ..object("a") };
    assert_eq!(tx.put_object(bucket, &newer).await.expect("put"), Some(object("a")));
    assert_eq!(tx.delete_object(bucket, "a/b").await.expect("deleted"), Some(object("a/b")));
    assert_eq!(tx.delete_object(bucket, "a/b").await.expect("deleted"), None);
    tx.keep_body("aa01").await.expect("kept");
    tx.keep_body("ab01").await.expect("kept");
    tx.drop_body("ab01").await.expect("dropped");
    tx.commit().await.expect("commits");
    assert_eq!(catalog.object(bucket, "a").await.expect("read"), Some(newer));
    assert!(catalog.body_is_kept("aa01").await.expect("read"));
    assert_eq!(catalog.bodies_kept("aa").await.expect("read"), ["aa01"]);
    assert!(catalog.bodies_kept("ab").await.expect("read").is_empty());
}

#[test]
fn successors_come_after_all_that_begin_so() {
    assert_eq!(successor(b"a/"), b"a0");
    assert_eq!(successor(b""), [0xff]);
    assert_eq!(successor("\u{10ffff}".as_bytes()), [0xf4, 0x8f, 0xbf, 0xc0]);
}

/// What a listing answers, by reading all keys.
fn naive(keys: &[String], listing: Listing<'_>) -> (Vec<String>, bool) {
    let mut names = BTreeMap::new();
    for key in keys.iter().filter(|key| key.starts_with(listing.prefix)) {
        let name = common_prefix(key, listing.prefix, listing.delimiter).unwrap_or(key);
        names.insert(name.as_bytes().to_vec(), name.to_owned());
    }
    let after = listing.after.map(|after| common_prefix(after, listing.prefix, listing.delimiter).unwrap_or(after));
    let names: Vec<String> =
        names.into_values().filter(|name| after.is_none_or(|after| name.as_bytes() > after.as_bytes())).collect();
    let cut = names.len() > listing.count_max && listing.count_max > 0;
    (names.into_iter().take(listing.count_max).collect(), cut)
}

#[tokio::test]
async fn listings_equal_those_of_a_naive_model() {
    use opentrail_stdx::{Entropy, SeededEntropy};
    let entropy = SeededEntropy::new(11);
    let entropy: &dyn Entropy = &entropy;
    let alphabet = ["a", "b", "/", "//", "é", "\u{10ffff}", "a/", "-", "%", "\u{1}"];
    let text = |most: u64| -> String {
        (0..entropy.below(most + 1)).map(|_| alphabet[entropy.below(alphabet.len() as u64) as usize]).collect()
    };
    for _ in 0..30 {
        let mut keys: Vec<String> = (0..entropy.below(150)).map(|_| text(6)).filter(|key| !key.is_empty()).collect();
        keys.sort();
        keys.dedup();
        let (catalog, bucket) = filled(&keys).await;
        for _ in 0..40 {
            let (prefix, after, delimiter) = (text(2), text(4), text(1));
            let listing = Listing {
                prefix: &prefix,
                after: Some(after.as_str()).filter(|_| entropy.below(2) == 0),
                delimiter: Some(delimiter.as_str()).filter(|delimiter| !delimiter.is_empty()),
                count_max: entropy.below(12) as usize,
            };
            let page = catalog.list_objects(bucket, listing).await.expect("lists");
            let names: Vec<String> = page.entries.iter().map(|entry| entry.name().to_owned()).collect();
            assert_eq!((names, page.is_truncated), naive(&keys, listing), "{listing:?} of {keys:?}");
        }
    }
}
