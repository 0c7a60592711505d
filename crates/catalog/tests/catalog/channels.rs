//! Channels, dashboards and their policies through the public doors.

use std::collections::BTreeMap;

use opentrail_catalog::{Catalog, ChannelIngestion, Error, Options, StoredChannel};
use opentrail_model::{Channel, Dashboard, RefreshEvery, RefreshSchedule, Widget};
use opentrail_stdx::Timestamp;

const ID: &str = "00000000-0000-4000-8000-0000000000";

fn channel(n: u8, name: &str, source: &str) -> Channel {
    Channel {
        arn: format!("arn:aws:cloudtrail:us-east-1:123456789012:channel/{ID}{n:02x}").parse().expect("valid"),
        name: name.to_owned(),
        source: source.to_owned(),
        destinations: vec![
            format!("arn:aws:cloudtrail:us-east-1:123456789012:eventdatastore/{ID}ff").parse().expect("valid"),
        ],
        tags: Vec::new(),
        created_at: Timestamp::from_ms(5),
    }
}

async fn memory() -> Catalog {
    Catalog::open_in_memory(Options::default()).await.expect("opens")
}

async fn insert(catalog: &Catalog, channel: &Channel) -> Result<StoredChannel, Error> {
    let mut transaction = catalog.begin().await?;
    transaction.insert_channel(channel).await?;
    transaction.commit().await?;
    Ok(catalog.channel(&channel.arn).await?.expect("was inserted"))
}

#[tokio::test]
async fn channels_are_kept_changed_and_deleted_with_their_policies() {
    let catalog = memory().await;
    let mut stored = insert(&catalog, &channel(1, "one", "Custom")).await.expect("inserts");
    assert_eq!(stored.channel, channel(1, "one", "Custom"));
    for taken in [channel(2, "one", "GitHub"), channel(2, "two", "Custom")] {
        assert!(matches!(insert(&catalog, &taken).await, Err(Error::Conflict)));
    }
    let (account, region) = (stored.channel.arn.account.clone(), stored.channel.arn.region.clone());
    assert_eq!(catalog.channels_of(&account, &region).await.expect("reads"), std::slice::from_ref(&stored));

    let first = stored.clone();
    stored.channel.name = "renamed".to_owned();
    let mut transaction = catalog.begin().await.expect("begins");
    transaction.update_channel(&stored).await.expect("updates");
    assert!(matches!(transaction.update_channel(&first).await, Err(Error::Conflict)));
    let arn = stored.channel.arn.to_string();
    transaction.put_resource_policy(&arn, "{}").await.expect("puts");
    transaction.note_channel_ingestion(stored.id, Timestamp::from_ms(9), "e", None).await.expect("notes");
    transaction.commit().await.expect("commits");
    assert_eq!(catalog.channel(&stored.channel.arn).await.expect("reads").expect("is there").version, 2);

    let mut transaction = catalog.begin().await.expect("begins");
    transaction.delete_channel(&stored).await.expect("deletes");
    transaction.note_channel_ingestion(stored.id, Timestamp::from_ms(10), "f", None).await.expect("notes nothing");
    transaction.commit().await.expect("commits");
    assert_eq!(catalog.channels_of(&account, &region).await.expect("reads"), []);
    assert_eq!(catalog.resource_policy(&arn).await.expect("reads"), None);
    assert_eq!(catalog.channel_ingestion(stored.id).await.expect("reads"), ChannelIngestion::default());
    assert!(insert(&catalog, &channel(3, "one", "Custom")).await.expect("inserts").id > stored.id);
}

#[tokio::test]
async fn changes_of_what_decides_about_events_are_counted() {
    let dir = tempfile::tempdir().expect("a folder");
    let catalog = Catalog::open(&dir.path().join("catalog.db"), Options::default()).await.expect("opens");
    let mut version = catalog.rules_version();
    let mut grows = || {
        let before = std::mem::replace(&mut version, catalog.rules_version());
        version > before
    };
    let stored = insert(&catalog, &channel(1, "one", "Custom")).await.expect("inserts");
    assert!(grows());
    let mut transaction = catalog.begin().await.expect("begins");
    transaction.note_channel_ingestion(stored.id, Timestamp::from_ms(1), "e", None).await.expect("notes");
    transaction.commit().await.expect("commits");
    assert!(!grows(), "how events went decides nothing");

    let arn = stored.channel.arn.to_string();
    let mut transaction = catalog.begin().await.expect("begins");
    transaction.put_resource_policy(&arn, "{}").await.expect("puts");
    assert!(!grows(), "nothing has changed before the commit");
    transaction.commit().await.expect("commits");
    assert!(grows());
    // One that was given up may have been kept, for all that is known of it. The connection comes back behind it.
    let mut transaction = catalog.begin().await.expect("begins");
    transaction.delete_channel(&stored).await.expect("deletes");
    drop(transaction);
    drop(catalog.begin().await.expect("begins"));
    assert!(grows());
}

#[tokio::test]
async fn an_error_keeps_the_latest_success() {
    let catalog = memory().await;
    let id = insert(&catalog, &channel(1, "one", "Custom")).await.expect("inserts").id;
    let note = async |ms: i64, event: &str, error: Option<&str>| {
        let mut transaction = catalog.begin().await.expect("begins");
        transaction.note_channel_ingestion(id, Timestamp::from_ms(ms), event, error).await.expect("notes");
        transaction.commit().await.expect("commits");
        catalog.channel_ingestion(id).await.expect("reads")
    };
    let failed = note(1, "a", Some("InvalidData")).await;
    assert_eq!((failed.success_at, failed.error_code.as_deref()), (None, Some("InvalidData")));
    let succeeded = note(2, "b", None).await;
    assert_eq!((succeeded.success_at, succeeded.error_code), (Some(Timestamp::from_ms(2)), None));
    let failed = note(3, "c", Some("InvalidData")).await;
    let expected = ChannelIngestion {
        success_at: Some(Timestamp::from_ms(2)),
        success_event_id: Some("b".to_owned()),
        error_code: Some("InvalidData".to_owned()),
        attempt_at: Some(Timestamp::from_ms(3)),
        attempt_event_id: Some("c".to_owned()),
    };
    assert_eq!(failed, expected);
}

#[tokio::test]
async fn dashboards_come_back_as_they_were_put() {
    let catalog = memory().await;
    let dashboard = Dashboard {
        arn: "arn:aws:cloudtrail:us-east-1:123456789012:dashboard/mine".parse().expect("valid"),
        widgets: vec![Widget {
            alias: "widget-1".to_owned(),
            statement: "SELECT 1".to_owned(),
            parameters: Some(vec!["$StartTime$".to_owned()]),
            view: BTreeMap::from([("View".to_owned(), "Table".to_owned())]),
        }],
        schedule: Some(RefreshSchedule {
            every: RefreshEvery::Hours(6),
            is_enabled: true,
            time_of_day: "00:30".to_owned(),
        }),
        is_termination_protected: true,
        tags: Vec::new(),
        created_at: Timestamp::from_ms(1),
        updated_at: Timestamp::from_ms(2),
    };
    let mut transaction = catalog.begin().await.expect("begins");
    transaction.insert_dashboard(&dashboard).await.expect("inserts");
    assert!(matches!(transaction.insert_dashboard(&dashboard).await, Err(Error::Conflict)));
    let stored = transaction.dashboard(&dashboard.arn).await.expect("reads").expect("is there");
    transaction.update_dashboard(&stored).await.expect("updates");
    assert!(matches!(transaction.update_dashboard(&stored).await, Err(Error::Conflict)));
    transaction.commit().await.expect("commits");
    let stored = catalog.dashboard(&dashboard.arn).await.expect("reads").expect("is there");
    assert_eq!(stored.dashboard, dashboard);
    let (account, region) = (&dashboard.arn.account, &dashboard.arn.region);
    assert_eq!(catalog.dashboards_of(account, region).await.expect("reads"), std::slice::from_ref(&stored));
    let mut transaction = catalog.begin().await.expect("begins");
    transaction.delete_dashboard(&stored).await.expect("deletes");
    assert_eq!(transaction.dashboards_of(account, region).await.expect("reads"), []);
    transaction.commit().await.expect("commits");
}
