//! Each error that the model gives to an operation of the Lake is provoked, or it is said why it can't occur.

mod scenes;

use std::collections::BTreeSet;

use opentrail_wire::Operation::{self, *};
use serde_json::Value;

use crate::common::World;

/// The operations of the Lake.
const OPERATIONS: [Operation; 41] = [
    AddTags,
    CancelQuery,
    CreateChannel,
    CreateDashboard,
    CreateEventDataStore,
    DeleteChannel,
    DeleteDashboard,
    DeleteEventDataStore,
    DeleteResourcePolicy,
    DescribeQuery,
    DisableFederation,
    EnableFederation,
    GenerateQuery,
    GetChannel,
    GetDashboard,
    GetEventConfiguration,
    GetEventDataStore,
    GetImport,
    GetQueryResults,
    GetResourcePolicy,
    ListChannels,
    ListDashboards,
    ListEventDataStores,
    ListImportFailures,
    ListImports,
    ListQueries,
    ListTags,
    PutEventConfiguration,
    PutResourcePolicy,
    RemoveTags,
    RestoreEventDataStore,
    SearchSampleQueries,
    StartDashboardRefresh,
    StartEventDataStoreIngestion,
    StartImport,
    StartQuery,
    StopEventDataStoreIngestion,
    StopImport,
    UpdateChannel,
    UpdateDashboard,
    UpdateEventDataStore,
];

/// Why errors don't occur: for the operations that are named, or for all but those that provoke them below.
const REASONS: [(&[Operation], &[&str], &str); 18] = [
    (
        &[],
        &[
            "NoManagementAccountSLRExists",
            "NotOrganizationMasterAccount",
            "OrganizationNotInAllFeaturesMode",
            "CloudTrailAccessNotEnabled",
            "InsufficientDependencyServiceAccessPermission",
            "InsufficientIAMAccessPermission",
        ],
        "there are no organizations, and whoever asks for one is told that none is in use",
    ),
    (
        &[DisableFederation, EnableFederation, RestoreEventDataStore],
        &["OrganizationsNotInUse"],
        "no event data store is an organization's",
    ),
    (&[], &["UnsupportedOperation"], "all operations are built"),
    (&[GenerateQuery], &["GenerateResponse"], "no prompt is tried: whoever asks is told that none is made a query of"),
    (&[], &["OperationNotPermitted"], "what a caller may not do is AccessDenied, or not there for him"),
    (&[], &["Throttling"], "no rate is limited but by the journal, for all operations alike"),
    (&[], &["Kms", "InvalidKmsKeyId"], "there is no key service: a key is refused as missing or as not for us"),
    (
        &[CreateDashboard, UpdateDashboard, GetQueryResults, StartQuery, StartImport],
        &["InsufficientEncryptionPolicy"],
        "nothing is encrypted with keys whose policies could be in the way",
    ),
    (
        &[],
        &["ConcurrentModification", "AccessDenied"],
        "federation is a change of ours alone, with a role that nobody assumes",
    ),
    (
        &[
            AddTags,
            RemoveTags,
            CancelQuery,
            CreateEventDataStore,
            DeleteEventDataStore,
            UpdateEventDataStore,
            DeleteResourcePolicy,
            PutResourcePolicy,
            PutEventConfiguration,
            StartEventDataStoreIngestion,
            StopEventDataStoreIngestion,
            UpdateDashboard,
        ],
        &["Conflict"],
        "a change is done when it is answered, and one waits for the other",
    ),
    (
        &[
            CancelQuery,
            DeleteEventDataStore,
            DisableFederation,
            GetEventDataStore,
            GetImport,
            GetQueryResults,
            ListImports,
            ListQueries,
            RestoreEventDataStore,
            StartEventDataStoreIngestion,
            StopEventDataStoreIngestion,
        ],
        &["InvalidParameter"],
        "there is no rule for its parameters but the model's constraints, which the protocol answers for",
    ),
    (&[ListTags], &["InvalidToken"], "all tags are one page, and what the token says is not looked at"),
    (
        &[AddTags, RemoveTags, ListTags],
        &["InvalidTrailName"],
        "an ARN with a name that no trail can have is no ARN of a trail",
    ),
    (&[RestoreEventDataStore], &["EventDataStoreMaxLimitExceeded"], "one whose deletion is pending counts as before"),
    (
        &[DeleteResourcePolicy, GetResourcePolicy, PutResourcePolicy],
        &["ResourceNotFound"],
        "the ARN of a resource that is not there is not valid",
    ),
    (
        &[StartImport],
        &["InvalidEventDataStoreStatus"],
        "only while its deletion is pending it takes none, and is inactive then",
    ),
    (
        &[PutEventConfiguration],
        &["InvalidEventDataStoreStatus"],
        "only while its deletion is pending it can't be configured, and is inactive then",
    ),
    (
        &[CancelQuery, DescribeQuery, GetQueryResults],
        &["EventDataStoreARNInvalid"],
        "the event data store is that of the query, whose id alone is looked at",
    ),
];

/// Provokes errors and notes which.
struct Audit {
    world: World,
    provoked: BTreeSet<(&'static str, String)>,
    wrong: Vec<String>,
}

impl Audit {
    async fn expect(&mut self, code: &str, operation: Operation, body: Value) {
        let answer = self.world.code(operation, body.clone()).await;
        let answer = answer.strip_suffix("Exception").unwrap_or(&answer).to_owned();
        if answer != code {
            self.wrong.push(format!("{} {body}: {answer} instead of {code}", operation.name()));
        }
        self.provoked.insert((operation.name(), answer));
    }

    async fn expect_all(&mut self, code: &str, operations: &[Operation], body: Value) {
        for operation in operations {
            self.expect(code, *operation, body.clone()).await;
        }
    }

    /// What is neither provoked nor given a reason, and reasons that are not true.
    fn findings(mut self) -> Vec<String> {
        for operation in OPERATIONS {
            for shape in operation.errors() {
                let name = shape.name().strip_suffix("Exception").unwrap_or_else(|| shape.name());
                let is_provoked = self.provoked.contains(&(operation.name(), name.to_owned()));
                let reason = REASONS.iter().find(|(operations, names, _)| {
                    names.contains(&name) && (operations.is_empty() || operations.contains(&operation))
                });
                match (is_provoked, reason) {
                    (false, None) => self.wrong.push(format!("{} never answered {name}", operation.name())),
                    (true, Some((operations, _, reason))) if !operations.is_empty() => {
                        self.wrong.push(format!("{} answered {name}, though {reason}", operation.name()));
                    }
                    _ => {}
                }
            }
        }
        self.wrong
    }
}

#[tokio::test]
async fn each_modelled_error_is_provoked_or_cannot_occur() {
    let world = World::new().await;
    let things = scenes::Things::make(&world).await;
    let mut audit = Audit { world, provoked: BTreeSet::new(), wrong: Vec::new() };
    scenes::stores(&mut audit, &things).await;
    scenes::more_stores(&mut audit, &things).await;
    scenes::configurations(&mut audit, &things).await;
    scenes::channels(&mut audit, &things).await;
    scenes::dashboards(&mut audit, &things).await;
    scenes::tags_and_policies(&mut audit, &things).await;
    scenes::queries(&mut audit, &things).await;
    scenes::samples(&mut audit, &things).await;
    scenes::imports(&mut audit, &things).await;
    scenes::orphans(&mut audit, &things).await;
    let findings = audit.findings();
    assert!(findings.is_empty(), "{}", findings.join("\n"));
}
