//! A random walk through the lives of what belongs to event data stores: imports, queries and channels, beside a model that is
//! nothing but their rules.

use opentrail_catalog::{QueryCost, QueryEnd, QueryStatus};
use opentrail_wire::Operation::{self, *};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::common::World;
use crate::imports;
use crate::stores::{create, create_bare, only};

/// The most that may be queued or running.
const QUERIES_MAX: usize = 10;

#[derive(Debug, Clone, Copy)]
enum Step {
    Delete,
    Restore,
    Update,
    DeleteOutside,
    RestoreOutside,
    StartImport,
    /// Of the import of this number, if there is one.
    RetryImport(usize),
    StopImport(usize),
    /// The run of the active import says that it copies files.
    ImportRuns,
    /// And that it has come to its end, well or not.
    ImportEnds(bool),
    StartQuery,
    QueryRuns(usize),
    QueryEnds(usize, QueryStatus),
    CancelQuery(usize),
    CreateChannel,
    DeleteChannel,
}

/// What there is.
#[derive(Debug, Default)]
struct Rules {
    is_pending: bool,
    is_outside_pending: bool,
    imports: Vec<(String, &'static str)>,
    queries: Vec<(String, QueryStatus)>,
    channel: Option<String>,
}

const INACTIVE: &str = "InactiveEventDataStoreException";
const NOT_PENDING: &str = "InvalidEventDataStoreStatusException";

fn allowed(is_allowed: bool, code: &'static str) -> Result<(), &'static str> {
    if is_allowed { Ok(()) } else { Err(code) }
}

impl Rules {
    fn active_import(&self) -> Option<usize> {
        self.imports.iter().position(|(_, status)| matches!(*status, "INITIALIZING" | "IN_PROGRESS"))
    }

    /// What a call is answered.
    fn judge(&self, step: Step) -> Result<(), &'static str> {
        let active = allowed(!self.is_pending, INACTIVE);
        let is_importing = self.active_import().is_some();
        match step {
            Step::Delete | Step::Update => {
                active?;
                allowed(!is_importing, "EventDataStoreHasOngoingImportException")
            }
            Step::Restore => allowed(self.is_pending, NOT_PENDING),
            Step::DeleteOutside => {
                allowed(!self.is_outside_pending, INACTIVE)?;
                allowed(self.channel.is_none(), "ChannelExistsForEDSException")
            }
            Step::RestoreOutside => allowed(self.is_outside_pending, NOT_PENDING),
            Step::StartImport => {
                active?;
                allowed(!is_importing, "AccountHasOngoingImportException")
            }
            Step::RetryImport(at) => {
                allowed(self.imports[at].1 != "COMPLETED", "InvalidParameterException")?;
                allowed(self.active_import() != Some(at), "AccountHasOngoingImportException")?;
                active?;
                allowed(!is_importing, "AccountHasOngoingImportException")
            }
            Step::StopImport(at) => allowed(self.active_import() == Some(at), "InvalidParameterException"),
            Step::StartQuery => {
                active?;
                let running = self.queries.iter().filter(|(_, status)| !status.is_end()).count();
                allowed(running < QUERIES_MAX, "MaxConcurrentQueriesException")
            }
            Step::CancelQuery(at) => {
                active?;
                allowed(!self.queries[at].1.is_end(), "InactiveQueryException")
            }
            Step::CreateChannel => {
                allowed(self.channel.is_none(), "ChannelAlreadyExistsException")?;
                allowed(!self.is_outside_pending, INACTIVE)
            }
            Step::DeleteChannel | Step::ImportRuns | Step::ImportEnds(_) | Step::QueryRuns(_) | Step::QueryEnds(..) => {
                Ok(())
            }
        }
    }

    /// Whether there is what the step is about.
    fn can_try(&self, step: Step) -> bool {
        match step {
            Step::RetryImport(at) | Step::StopImport(at) => at < self.imports.len(),
            Step::QueryRuns(at) | Step::QueryEnds(at, _) | Step::CancelQuery(at) => at < self.queries.len(),
            Step::ImportRuns | Step::ImportEnds(_) => self.active_import().is_some(),
            Step::DeleteChannel => self.channel.is_some(),
            _ => true,
        }
    }
}

/// The stores of a walk.
struct Walk {
    world: World,
    events: String,
    outside: String,
    rules: Rules,
}

impl Walk {
    async fn new() -> Self {
        let world = World::new().await;
        let settings = json!({"AdvancedEventSelectors": only("ActivityAuditLog"), "MultiRegionEnabled": false,
            "TerminationProtectionEnabled": false});
        let (events, outside) = (create_bare(&world, "events").await, create(&world, "outside", settings).await);
        Self { world, events, outside, rules: Rules::default() }
    }

    fn call(&self, step: Step) -> Option<(Operation, Value)> {
        let (events, outside) = (json!({"EventDataStore": self.events}), json!({"EventDataStore": self.outside}));
        let import = |at: usize| json!({"ImportId": self.rules.imports[at].0});
        Some(match step {
            Step::Delete => (DeleteEventDataStore, events),
            Step::Restore => (RestoreEventDataStore, events),
            Step::Update => (UpdateEventDataStore, json!({"EventDataStore": self.events, "RetentionPeriod": 30})),
            Step::DeleteOutside => (DeleteEventDataStore, outside),
            Step::RestoreOutside => (RestoreEventDataStore, outside),
            Step::StartImport => (StartImport, imports::request(&self.events)),
            Step::RetryImport(at) => (StartImport, import(at)),
            Step::StopImport(at) => (StopImport, import(at)),
            Step::StartQuery => {
                let id = self.events.rsplit('/').next().expect("an id");
                (StartQuery, json!({"QueryStatement": format!("SELECT 1 FROM {id}")}))
            }
            Step::CancelQuery(at) => (CancelQuery, json!({"QueryId": self.rules.queries[at].0})),
            Step::CreateChannel => {
                let to = json!([{"Type": "EVENT_DATA_STORE", "Location": self.outside}]);
                (CreateChannel, json!({"Name": "channel", "Source": "Custom", "Destinations": to}))
            }
            Step::DeleteChannel => (DeleteChannel, json!({"Channel": self.rules.channel})),
            Step::ImportRuns | Step::ImportEnds(_) | Step::QueryRuns(_) | Step::QueryEnds(..) => return None,
        })
    }

    async fn take(&mut self, step: Step) {
        let expected = self.rules.judge(step);
        let mut answer = Value::Null;
        match self.call(step) {
            Some((operation, body)) => {
                answer = serde_json::from_str(&self.world.call(operation, body).await).expect("JSON");
                assert_eq!(answer.get("__type").and_then(Value::as_str), expected.err(), "{step:?}: {answer}");
            }
            None => self.run(step).await,
        }
        if expected.is_ok() {
            self.done(step, &answer);
        }
    }

    /// What those do that copy and query.
    async fn run(&mut self, step: Step) {
        let catalog = self.world.api.catalog.clone();
        let now = self.world.api.clock.now();
        match step {
            Step::ImportRuns => {
                let (id, _) = &self.rules.imports[self.rules.active_import().expect("there is one")];
                let import = catalog.import(id).await.expect("read").expect("there");
                let mut transaction = catalog.begin().await.expect("a transaction");
                assert!(transaction.begin_import(import.this_run(), now).await.expect("noted"));
                transaction.commit().await.expect("committed");
            }
            Step::ImportEnds(is_well) => {
                let (id, _) = &self.rules.imports[self.rules.active_import().expect("there is one")];
                imports::end(&self.world, id, if is_well { &[] } else { &["k"] }).await;
            }
            Step::QueryRuns(at) => {
                let (id, status) = &self.rules.queries[at];
                let mut transaction = catalog.begin().await.expect("a transaction");
                let is_begun = transaction.begin_query(id).await.expect("noted");
                assert_eq!(is_begun, *status == QueryStatus::Queued);
                transaction.commit().await.expect("committed");
            }
            Step::QueryEnds(at, end) => {
                let (id, status) = &self.rules.queries[at];
                let end = QueryEnd { status: end, error: None, cost: QueryCost::default(), rows: 0 };
                let mut transaction = catalog.begin().await.expect("a transaction");
                assert_eq!(transaction.end_query(id, &end).await.expect("noted"), !status.is_end());
                transaction.commit().await.expect("committed");
            }
            _ => unreachable!("it is a call"),
        }
    }

    /// What the step changes.
    fn done(&mut self, step: Step, answer: &Value) {
        let text = |name: &str| answer[name].as_str().expect("a text").to_owned();
        let active = self.rules.active_import();
        match step {
            Step::Delete => self.rules.is_pending = true,
            Step::Restore => self.rules.is_pending = false,
            Step::DeleteOutside => self.rules.is_outside_pending = true,
            Step::RestoreOutside => self.rules.is_outside_pending = false,
            Step::StartImport => self.rules.imports.push((text("ImportId"), "INITIALIZING")),
            Step::RetryImport(at) => self.rules.imports[at].1 = "INITIALIZING",
            Step::StopImport(at) => self.rules.imports[at].1 = "STOPPED",
            Step::ImportRuns => self.rules.imports[active.expect("there is one")].1 = "IN_PROGRESS",
            Step::ImportEnds(is_well) => {
                self.rules.imports[active.expect("there is one")].1 = if is_well { "COMPLETED" } else { "FAILED" };
            }
            Step::StartQuery => self.rules.queries.push((text("QueryId"), QueryStatus::Queued)),
            Step::QueryRuns(at) if self.rules.queries[at].1 == QueryStatus::Queued => {
                self.rules.queries[at].1 = QueryStatus::Running;
            }
            Step::QueryEnds(at, end) if !self.rules.queries[at].1.is_end() => self.rules.queries[at].1 = end,
            Step::CancelQuery(at) => self.rules.queries[at].1 = QueryStatus::Cancelled,
            Step::CreateChannel => self.rules.channel = Some(text("ChannelArn")),
            Step::DeleteChannel => self.rules.channel = None,
            Step::Update | Step::QueryRuns(_) | Step::QueryEnds(..) => {}
        }
    }

    /// What is shown is what the rules say, and no state is one that may not be.
    async fn check(&self) {
        let Rules { is_pending, is_outside_pending, imports, queries, channel } = &self.rules;
        for (arn, is_pending) in [(&self.events, is_pending), (&self.outside, is_outside_pending)] {
            let shown = self.world.do_it(GetEventDataStore, json!({"EventDataStore": arn})).await;
            assert_eq!(shown["Status"] == "PENDING_DELETION", *is_pending);
        }
        let listed = self.world.do_it(ListImports, json!({})).await;
        let shown: Vec<_> =
            listed["Imports"].as_array().expect("a list").iter().map(|it| &it["ImportStatus"]).collect();
        assert_eq!(shown, imports.iter().map(|(_, status)| *status).collect::<Vec<_>>());
        let active = self.world.api.catalog.active_imports().await.expect("read");
        assert!(active.len() <= 1 && (active.is_empty() || !is_pending), "an import writes to what is not there");
        assert!(channel.is_none() || !is_outside_pending, "a channel leads to what is not there");
        for (id, status) in queries {
            assert_eq!(self.world.api.catalog.query(id).await.expect("read").map(|query| query.status), Some(*status));
        }
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let end = prop_oneof![Just(QueryStatus::Finished), Just(QueryStatus::Failed), Just(QueryStatus::TimedOut)];
    let step = prop_oneof![
        1 => Just(Step::Delete),
        2 => Just(Step::Restore),
        1 => Just(Step::Update),
        1 => Just(Step::DeleteOutside),
        1 => Just(Step::RestoreOutside),
        3 => Just(Step::StartImport),
        3 => (0..4_usize).prop_map(Step::RetryImport),
        2 => (0..4_usize).prop_map(Step::StopImport),
        2 => Just(Step::ImportRuns),
        3 => any::<bool>().prop_map(Step::ImportEnds),
        4 => Just(Step::StartQuery),
        2 => (0..12_usize).prop_map(Step::QueryRuns),
        2 => (0..12_usize, end).prop_map(|(at, end)| Step::QueryEnds(at, end)),
        2 => (0..12_usize).prop_map(Step::CancelQuery),
        2 => Just(Step::CreateChannel),
        1 => Just(Step::DeleteChannel),
    ];
    prop::collection::vec(step, 1..60)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn what_belongs_to_stores_lives_by_its_rules(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let mut walk = Walk::new().await;
            for step in steps {
                if walk.rules.can_try(step) {
                    walk.take(step).await;
                    walk.check().await;
                }
            }
        });
    }
}
