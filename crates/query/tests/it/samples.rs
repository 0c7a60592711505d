//! Every question of the catalogue over stores of generated records, against answers by plain loops over the same records.
#![allow(clippy::unwrap_used, reason = "tests unwrap")]

mod events;
mod naive;
mod others;
mod records;
mod resources;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use opentrail_catalog::Catalog;
use opentrail_journal::{Category, Entry, Envelope, MemoryJournal, Origin};
use opentrail_lake::{Engine, LakeParts, Options};
use opentrail_model::{EventDataStore, uuid_number};
use opentrail_query::{StoreTables, prepare, value};
use opentrail_samples::{Kind, Question, dashboards, questions};
use opentrail_stdx::disk::sim::SimDisk;
use opentrail_stdx::{Clock, ManualClock, Timestamp};
use serde_json::{Value, json};

use self::naive::{Answers, Rec, Row};
use self::records::NOW;

const ACCOUNT: &str = "111122223333";

/// A store for each kind: its id, the category of its selector, the journal's category, its records.
fn stores() -> [(Kind, &'static str, &'static str, Category, Vec<Value>); 4] {
    [
        (Kind::Events, "00000000-0000-4000-8000-000000000001", "Management", Category::Management, records::events()),
        (Kind::Insights, "00000000-0000-4000-8000-000000000002", "Insight", Category::Insight, records::insights()),
        (
            Kind::ConfigurationItems,
            "00000000-0000-4000-8000-000000000003",
            "ConfigurationItem",
            Category::Other,
            records::items(),
        ),
        (
            Kind::ActivityAuditLog,
            "00000000-0000-4000-8000-000000000004",
            "ActivityAuditLog",
            Category::ActivityAuditLog,
            records::audit_events(),
        ),
    ]
}

fn settings(id: &str, category: &str) -> EventDataStore {
    let selector = json!({"field_selectors": [{"field": "eventCategory", "equals": [category]}]});
    let at = NOW.as_ms() - 1_000_000_000;
    let settings = json!({
        "arn": format!("arn:aws:cloudtrail:us-east-1:{ACCOUNT}:eventdatastore/{id}"), "name": category, "selectors": {"advanced": [selector]},
        "is_multi_region": true, "is_organization": false, "retention_days": 366, "billing_mode": "EXTENDABLE_RETENTION_PRICING",
        "is_termination_protected": false, "is_ingesting": true, "created_at": at, "updated_at": at,
    });
    serde_json::from_value(settings).unwrap()
}

/// The stores as they are a moment before the questions are asked.
async fn tables() -> (Engine, Vec<EventDataStore>) {
    let (journal, clock) = (Arc::new(MemoryJournal::default()), Arc::new(ManualClock::at(NOW)));
    let catalog = Catalog::open_in_memory(opentrail_catalog::Options::default()).await.unwrap();
    let options = Options { in_background: false, cores: 1, ..Options::default() };
    let parts = LakeParts {
        journal: Arc::clone(&journal) as _,
        catalog: catalog.clone(),
        disk: Arc::new(SimDisk::new(1)),
        dir: PathBuf::from("data/lake"),
        clock: Arc::clone(&clock) as _,
        options,
    };
    let mut all = Vec::new();
    for (_, id, category, _, _) in stores() {
        let settings = settings(id, category);
        let mut transaction = catalog.begin().await.unwrap();
        transaction.insert_event_data_store(&settings, 0).await.unwrap();
        transaction.commit().await.unwrap();
        all.push(settings);
    }
    let mut engine = Engine::open(parts).await.unwrap();
    for (_, id, _, category, records) in stores() {
        for record in records {
            let envelope = Envelope {
                account: ACCOUNT.to_owned(),
                region: "us-east-1".to_owned(),
                category,
                origin: Origin::Store(uuid_number(id).unwrap()),
                arrived_at: clock.now(),
            };
            journal.append(Entry { envelope, record: record.to_string().into() });
        }
    }
    while engine.tick().await.unwrap().is_behind {}
    (engine, all)
}

async fn rows(engine: &Engine, stores: &[EventDataStore], statement: &str) -> Result<Vec<Row>, String> {
    let mut tables = StoreTables::new();
    for store in stores {
        tables.add(store.arn.id(), engine.lake().snapshot(store));
    }
    let prepared = prepare(statement, &tables, NOW.as_ms()).map_err(|error| error.to_string())?;
    let mut rows = Vec::new();
    for batch in prepared.collect().await.map_err(|error| error.to_string())? {
        for row in 0..batch.num_rows() {
            let cells = batch.columns().iter().zip(prepared.columns());
            rows.push(cells.map(|(array, (_, of))| value::text(array, row, of)).collect());
        }
    }
    Ok(rows)
}

/// What is known without SQL.
fn answers(records: &BTreeMap<&'static str, Vec<Value>>) -> BTreeMap<&'static str, Vec<Row>> {
    let week_ago = Timestamp::from_ms(NOW.as_ms() - 7 * 24 * 60 * 60 * 1000).iso();
    let of = |id: &str| -> Vec<Rec<'_>> {
        let all = records[id].iter().map(Rec);
        all.filter(|record| record.0["eventTime"].as_str().unwrap() > week_ago.as_str()).collect()
    };
    let mut answers = Answers { records: Vec::new(), rows: BTreeMap::new() };
    for (kind, id, ..) in stores() {
        answers.records = of(id);
        match kind {
            Kind::Events => {
                events::answer(&mut answers);
                resources::answer(&mut answers);
            }
            Kind::Insights => others::insights(&mut answers),
            Kind::ConfigurationItems => others::items(&mut answers),
            Kind::ActivityAuditLog => others::audit_events(&mut answers),
        }
    }
    answers.rows
}

fn id_of(kind: Kind) -> &'static str {
    stores().into_iter().find(|(of, ..)| *of == kind).unwrap().1
}

/// The statement of a widget with its parameters filled in, for the same range and period as the sample.
fn filled(question: &Question) -> String {
    let widget = question.widget();
    let (from, to) = (Timestamp::from_ms(NOW.as_ms() - 7 * 24 * 60 * 60 * 1000).iso(), NOW.iso());
    let value = |parameter: &String| match parameter.as_str() {
        "$Period$" => "day".to_owned(),
        "$EventDataStoreId$" => id_of(question.of).to_owned(),
        "$StartTime$" => from.clone(),
        _ => to.clone(),
    };
    let values = widget.parameters.iter().map(value).chain([String::new()]);
    widget.text.split('?').zip(values).flat_map(|(part, value)| [part.to_owned(), value]).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_question_gets_the_answer_that_plain_loops_find() {
    let records: BTreeMap<_, _> = stores().into_iter().map(|(_, id, _, _, records)| (id, records)).collect();
    let mut known = answers(&records);
    let (engine, all) = tables().await;
    let widgets: BTreeSet<&str> = dashboards().iter().flat_map(|it| it.widgets()).map(|it| it.question.id).collect();
    let mut wrong = Vec::new();
    for question in questions() {
        let Some(expected) = known.remove(question.id) else {
            wrong.push(format!("{}: nobody knows the answer", question.id));
            continue;
        };
        if expected.is_empty() {
            wrong.push(format!("{}: the records give no answer", question.id));
        }
        let sample = question.sample().replace("$EDS_ID", id_of(question.of));
        let widget = widgets.contains(question.id).then(|| filled(question));
        for statement in [Some(sample), widget].into_iter().flatten() {
            match rows(&engine, &all, &statement).await {
                Err(error) => wrong.push(format!("{}: {error}\n{statement}", question.id)),
                Ok(found) if found != expected => {
                    let first = found.iter().zip(&expected).find(|(a, b)| a != b);
                    wrong.push(format!("{}: {} rows, not {}; {first:?}", question.id, found.len(), expected.len()));
                }
                Ok(_) => {}
            }
        }
    }
    assert!(known.is_empty(), "answers without a question: {:?}", known.keys());
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
