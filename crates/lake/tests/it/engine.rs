//! What the engine does when nothing fails.

use opentrail_journal::{Category, JournalReader, Origin, Position};
use opentrail_lake::{Asked, Lookup};
use opentrail_model::{AccountId, Filter, View};

use crate::world::{ACCOUNT, DAY, HOUR, MINUTE, OTHER, World, all_pages, record, start};

fn account() -> AccountId {
    ACCOUNT.parse().unwrap()
}

#[tokio::test]
async fn records_are_found_at_once_and_stay() {
    let mut world = World::new(1).await;
    for round in 0..12 {
        world.record_calls(ACCOUNT, 2);
        world.record_calls(OTHER, 1);
        world.clock.advance(MINUTE);
        world.tick().await;
        assert_eq!(*world.lake().await.consumed().borrow(), world.journal.end());
        world.check(&format!("round {round}")).await;
    }
    let snapshot = world.lake().await.metrics().snapshot();
    assert!(snapshot.flushes >= 4 && snapshot.merges >= 1, "{snapshot:?}");
    assert_eq!(snapshot.stores, 2);
    assert_eq!(snapshot.records + snapshot.tail_records, 36);
    world.check_end("no fault").await;
}

#[tokio::test]
async fn only_management_insights_and_imports_go_to_history() {
    let mut world = World::new(2).await;
    for (number, category) in
        (0..).zip([Category::Management, Category::Data, Category::NetworkActivity, Category::Insight])
    {
        world.append(ACCOUNT, Origin::Call, category, record(number, start()));
        world.append(ACCOUNT, Origin::Import, category, record(10 + number, start()));
    }
    world.tick().await;
    assert_eq!(world.kept.len(), 6);
    world.check_end("categories").await;
}

#[tokio::test]
async fn imports_that_are_there_already_are_not_kept_twice() {
    let mut world = World::new(3).await;
    let (import, management) = (Origin::Import, Category::Management);
    let old = start().minus(DAY * 3);
    let text = |number, at| String::from_utf8(record(number, at).to_vec()).unwrap();
    world.append(ACCOUNT, Origin::Call, management, record(1, start()));
    world.append(ACCOUNT, import, management, record(2, old));
    // Twice in one pass, with other spaces, from our own records, and in another account.
    world.append(ACCOUNT, import, management, record(2, old));
    world.append(ACCOUNT, import, management, text(2, old).replace(", ", ",").into());
    world.append(ACCOUNT, import, management, record(1, start()));
    world.append(OTHER, import, management, record(2, old));
    // The same id, but not the same.
    world.append(ACCOUNT, import, management, text(2, old).replace("ec2", "s3").into());
    assert_eq!(world.kept.len(), 4);
    world.tick().await;
    world.check("in the tail").await;
    world.pass(MINUTE * 6).await;
    assert_eq!(world.lake().await.metrics().snapshot().tail_records, 0);
    // And again, now that the first ones are in segments; one without an id or a time, too.
    for _ in 0..2 {
        world.append(ACCOUNT, import, management, record(2, old));
        world.append(ACCOUNT, import, management, record(1, start()));
        let nameless = r#"{"eventName":"Odd"}"#.into();
        world.append(ACCOUNT, import, management, nameless);
        world.pass(MINUTE * 6).await;
    }
    assert_eq!(world.kept.len(), 5);
    world.check("in segments").await;
    let lake = world.lake().await;
    let records = [record(2, old), record(3, old), text(2, old).replace("ec2", "s3").into()];
    let mut asked = Vec::new();
    for record in &records {
        let view = View::parse(record).unwrap();
        asked.push((record, view.instant(), view.event_id.map(|id| id.into_owned())));
    }
    let region = "us-east-1";
    let asked = asked.iter().map(|(record, time, id)| Asked { record, time: *time, event_id: id.as_deref(), region });
    assert_eq!(lake.is_known(&account(), asked).unwrap(), [true, false, true]);
    let snapshot = lake.metrics().snapshot();
    assert_eq!((snapshot.duplicates, snapshot.colliding.count, snapshot.undated.count), (8, 1, 1));
    world.check_end("imports").await;
}

#[tokio::test]
async fn late_records_go_to_their_own_day() {
    let mut world = World::new(4).await;
    for days in [0_u32, 5, 2, 5, 0] {
        let number = world.journal.end().0;
        world.append(ACCOUNT, Origin::Call, Category::Management, record(number, start().minus(DAY * days)));
        world.tick().await;
    }
    world.pass(MINUTE * 6).await;
    let days: Vec<_> = world.catalog.segments().await.unwrap().into_iter().map(|row| (row.day, row.records)).collect();
    assert_eq!(days, [("2026-11-17".to_owned(), 2), ("2026-11-20".to_owned(), 1), ("2026-11-22".to_owned(), 2)]);
    world.check_end("late").await;
}

#[tokio::test]
async fn what_is_past_its_time_is_gone_at_once_and_its_files_soon() {
    let mut world = World::new(5).await;
    world.step = HOUR;
    world.record_calls(ACCOUNT, 3);
    world.append(ACCOUNT, Origin::Import, Category::Management, record(77, start().minus(DAY * 15)));
    world.append(ACCOUNT, Origin::Import, Category::Management, record(78, start().minus(DAY * 21)));
    world.pass(HOUR).await;
    assert_eq!(world.lake().await.metrics().snapshot().expired_on_arrival, 1);
    assert_eq!(all_pages(&world.lake().await, &account(), &Filter::All, 9).len(), 4);
    world.pass(DAY * 5 - HOUR * 2).await;
    assert_eq!(all_pages(&world.lake().await, &account(), &Filter::All, 9).len(), 4);
    world.clock.advance(HOUR);
    assert_eq!(all_pages(&world.lake().await, &account(), &Filter::All, 9).len(), 3, "before any tick");
    world.pass(DAY * 5).await;
    world.check("all are past their time").await;
    assert_eq!(all_pages(&world.lake().await, &account(), &Filter::All, 9).len(), 0);
    assert!(world.files().is_empty(), "{:?}", world.files());
    world.check_end("expired").await;
}

#[tokio::test]
async fn a_segment_is_trimmed_while_it_expires() {
    let mut world = World::new(10).await;
    world.step = HOUR;
    for hours in [0_u32, 1, 3, 6, 9] {
        let number = world.journal.end().0;
        world.append(ACCOUNT, Origin::Call, Category::Management, record(number, start().minus(HOUR * hours)));
    }
    world.pass(HOUR * 2).await;
    let mut left = Vec::new();
    // From the hour in which the first is past its time on.
    world.pass(DAY * 10 - HOUR * 11).await;
    for _ in 0..11 {
        world.pass(HOUR).await;
        left.push(world.catalog.segments().await.unwrap().iter().map(|row| row.records).sum::<u64>());
        world.check("while it expires").await;
    }
    // Each goes two hours after its time, or with one that does.
    assert_eq!(left, [5, 4, 4, 4, 3, 3, 3, 1, 0, 0, 0]);
    assert!(world.files().is_empty(), "{:?}", world.files());
    world.check_end("trimmed").await;
}

#[tokio::test]
async fn a_quiet_day_becomes_one_segment() {
    let mut world = World::new(6).await;
    for _ in 0..2 {
        world.record_calls(ACCOUNT, 7);
        world.pass(MINUTE * 6).await;
    }
    assert_eq!(world.catalog.segments().await.unwrap().len(), 2);
    world.pass(HOUR * 2).await;
    let rows = world.catalog.segments().await.unwrap();
    assert_eq!(rows.iter().map(|row| row.records).collect::<Vec<_>>(), [14]);
    world.check_end("quiet").await;
}

#[tokio::test]
async fn consuming_stops_when_too_much_waits_and_goes_on() {
    let mut world = World::new(7).await;
    world.options.read_bytes_max = 2000;
    world.record_calls(ACCOUNT, 60);
    world.disk.set_full(true);
    for _ in 0..40 {
        world.clock.advance(MINUTE);
        let _ = world.engine().await.tick().await;
    }
    let snapshot = world.lake().await.metrics().snapshot();
    assert!(snapshot.tail_records >= 18 && snapshot.tail_records < 18 + 12, "{snapshot:?}");
    assert!(snapshot.lag_records > 20 && snapshot.oldest_unconsumed_at.is_some(), "{snapshot:?}");
    world.check("a full disk").await;
    world.disk.set_full(false);
    world.pass(MINUTE * 30).await;
    let snapshot = world.lake().await.metrics().snapshot();
    assert_eq!((snapshot.lag_records, snapshot.oldest_unconsumed_at), (0, None));
    world.check_end("space again").await;
}

#[tokio::test]
async fn pages_stay_valid_while_records_arrive_and_move_to_segments() {
    let mut world = World::new(8).await;
    world.record_calls(ACCOUNT, 20);
    world.tick().await;
    let expected = all_pages(&world.lake().await, &account(), &Filter::All, 1000);
    let mut lookup = Lookup { filter: Filter::All, from: None, to: None, after: None, limit: 3 };
    let mut found = Vec::new();
    loop {
        let page = world.lake().await.lookup(&account(), &lookup).unwrap();
        found.extend(page.events);
        world.record_calls(ACCOUNT, 4);
        world.pass(MINUTE * 2).await;
        let Some(next) = page.next else { break };
        lookup.after = Some(next);
    }
    assert_eq!(found, expected);
}

#[tokio::test]
async fn the_journal_is_kept_for_what_is_in_no_segment() {
    let mut world = World::new(9).await;
    world.journal.trim(Position(0)).await.unwrap();
    world.record_calls(ACCOUNT, 3);
    world.tick().await;
    let mut transaction = world.catalog.begin().await.unwrap();
    transaction.register_cursor("delivery", 3).await.unwrap();
    transaction.commit().await.unwrap();
    assert_eq!(world.catalog.least_cursor().await.unwrap(), 0);
    world.pass(MINUTE * 6).await;
    assert_eq!(world.catalog.least_cursor().await.unwrap(), 3);
    // Records that no store wants hold nothing back either.
    world.append(ACCOUNT, Origin::Call, Category::Data, record(9, start()));
    world.pass(MINUTE * 6).await;
    assert_eq!(world.catalog.cursor(opentrail_lake::PRODUCT).await.unwrap(), 4);
}
