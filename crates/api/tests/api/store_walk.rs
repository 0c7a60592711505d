//! A random walk through the life of an event data store, beside a model that is nothing but its rules.

use std::time::Duration;

use crate::common::World;
use crate::stores::{create, only};
use opentrail_wire::Operation::{self, *};
use proptest::prelude::*;
use serde_json::{Value, json};

/// A store as far as its life is concerned.
#[derive(Debug, Clone)]
struct Rules {
    can_stop: bool,
    is_protected: bool,
    is_federated: bool,
    is_ingesting: bool,
    is_pending: bool,
}

#[derive(Debug, Clone, Copy)]
enum Step {
    Delete,
    Restore,
    Start,
    Stop,
    Protect(bool),
    Federate,
    Unfederate,
    Retag,
    Wait,
}

const OK: Result<(), &str> = Ok(());

impl Rules {
    /// What the step is answered, and what it does.
    fn take(&mut self, step: Step) -> Result<(), &'static str> {
        let inactive = if self.is_pending { Err("InactiveEventDataStoreException") } else { OK };
        let status = |is_right: bool| if is_right { OK } else { Err("InvalidEventDataStoreStatusException") };
        let category = if self.can_stop { OK } else { Err("InvalidEventDataStoreCategoryException") };
        match step {
            Step::Delete => {
                inactive?;
                if self.is_protected {
                    return Err("EventDataStoreTerminationProtectedException");
                }
                if self.is_federated {
                    return Err("EventDataStoreFederationEnabledException");
                }
                self.is_pending = true;
            }
            Step::Restore => {
                status(self.is_pending)?;
                self.is_pending = false;
            }
            Step::Start => {
                status(!self.is_pending)?;
                category?;
                status(!self.is_ingesting)?;
                self.is_ingesting = true;
            }
            Step::Stop => {
                status(!self.is_pending)?;
                category?;
                status(self.is_ingesting)?;
                self.is_ingesting = false;
            }
            Step::Protect(is_protected) => {
                inactive?;
                self.is_protected = is_protected;
            }
            Step::Federate => {
                inactive?;
                if self.is_federated {
                    return Err("EventDataStoreFederationEnabledException");
                }
                self.is_federated = true;
            }
            Step::Unfederate => {
                inactive?;
                self.is_federated = false;
            }
            Step::Retag => inactive?,
            Step::Wait => {}
        }
        OK
    }

    fn status(&self) -> &'static str {
        match (self.is_pending, self.is_ingesting) {
            (true, _) => "PENDING_DELETION",
            (false, true) => "ENABLED",
            (false, false) => "STOPPED_INGESTION",
        }
    }
}

impl Step {
    fn call(self, arn: &str) -> Option<(Operation, Value)> {
        let named = json!({"EventDataStore": arn});
        Some(match self {
            Self::Delete => (DeleteEventDataStore, named),
            Self::Restore => (RestoreEventDataStore, named),
            Self::Start => (StartEventDataStoreIngestion, named),
            Self::Stop => (StopEventDataStoreIngestion, named),
            Self::Protect(is_protected) => {
                (UpdateEventDataStore, json!({"EventDataStore": arn, "TerminationProtectionEnabled": is_protected}))
            }
            Self::Federate => {
                let role = "arn:aws:iam::111122223333:role/lake";
                (EnableFederation, json!({"EventDataStore": arn, "FederationRoleArn": role}))
            }
            Self::Unfederate => (DisableFederation, named),
            Self::Retag => (AddTags, json!({"ResourceId": arn, "TagsList": [{"Key": "k"}]})),
            Self::Wait => return None,
        })
    }
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => Just(Step::Delete),
        2 => Just(Step::Restore),
        2 => Just(Step::Start),
        2 => Just(Step::Stop),
        2 => any::<bool>().prop_map(Step::Protect),
        1 => Just(Step::Federate),
        1 => Just(Step::Unfederate),
        1 => Just(Step::Retag),
        1 => Just(Step::Wait),
    ];
    prop::collection::vec(step, 1..40)
}

async fn walk(can_stop: bool, steps: &[Step]) {
    let world = World::new().await;
    let category = if can_stop { "Management" } else { "Insight" };
    let arn = create(&world, "walker", json!({"AdvancedEventSelectors": only(category)})).await;
    let mut rules = Rules { can_stop, is_protected: true, is_federated: false, is_ingesting: true, is_pending: false };
    for (at, step) in steps.iter().enumerate() {
        world.clock.advance(Duration::from_secs(3600));
        let end = world.journal.0.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1;
        let expected = rules.take(*step);
        if let Some((operation, body)) = step.call(&arn) {
            let answer: Value = serde_json::from_str(&world.call(operation, body).await).expect("JSON");
            assert_eq!(answer.get("__type").and_then(Value::as_str), expected.err(), "step {at}, {step:?}: {answer}");
        }
        let shown = world.do_it(GetEventDataStore, json!({"EventDataStore": arn})).await;
        assert_eq!(shown["Status"], rules.status(), "step {at}, {step:?}");
        assert_eq!(shown["TerminationProtectionEnabled"], rules.is_protected, "step {at}, {step:?}");
        assert_eq!(shown["FederationStatus"] == "ENABLED", rules.is_federated, "step {at}, {step:?}");
        // What the lake will go by says the same, from a position that the journal is about to reach.
        let revisions = world.api.catalog.event_data_store_revisions().await.expect("reads");
        let last = revisions.last().expect("there is one");
        assert_eq!(last.store.as_ref().map(|store| store.status().as_str()), Some(rules.status()));
        assert!(last.effective_from <= end + 1 && revisions.is_sorted_by_key(|it| it.effective_from));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn a_store_lives_by_its_rules(can_stop in any::<bool>(), steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(walk(can_stop, &steps));
    }
}
