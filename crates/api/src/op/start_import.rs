//! StartImport: begins to copy log files from a bucket into an event data store, or tries again what failed or was stopped.
//!
//! - Documented: a new import names one event data store of CloudTrail events and a source, a retry the import alone; one import of an
//!   account is in progress in a Region; in a bucket with other services' logs only the CloudTrail prefix is looked into, and another is
//!   to be named; dates in the names of prefixes and files are compared with the range; selectors and Regions are not.
//! - Ours: the event data store may also be one whose ingestion is stopped. The source is asked at once whether it can be listed. The role
//!   must be of the caller's account and need not exist: a bucket of ours lets in whom its policy lets in; one of the configuration is
//!   read with the credentials there, for the server's own account alone. Of what lies beside the CloudTrail prefix network activity
//!   events can be copied. Unlike CloudTrail's, an import doubles no record that the event data store has.

use opentrail_catalog::{Import, ImportStatistics, ImportStatus};
use opentrail_stdx::Timestamp;
use opentrail_wire::shapes::{StartImportRequest, StartImportResponse};

use crate::error::{ImportError, LakeError};
use crate::imports::source::check_form;
use crate::imports::{check_destination, view};
use crate::stores::store_of;
use crate::{Api, Caller, Error};

pub(crate) async fn start_import(
    api: &Api,
    caller: &Caller,
    input: StartImportRequest,
) -> Result<StartImportResponse, Error> {
    let import = match input.import_id.clone() {
        Some(id) => retry(api, caller, input, &id).await?,
        None => start(api, caller, input).await?,
    };
    api.copies.begin(&import);
    Ok(view::started(&import))
}

async fn start(api: &Api, caller: &Caller, input: StartImportRequest) -> Result<Import, Error> {
    let parameter = |message: &str| Error::from(LakeError::Parameter(message.to_owned()));
    let (Some([destination]), Some(source)) = (input.destinations.as_deref(), input.import_source) else {
        return Err(parameter(
            "You must specify Destinations and ImportSource for a new import, or an ImportId to retry.",
        ));
    };
    let instant = |at: opentrail_wire::Timestamp| Timestamp::from_ms(at.as_millis());
    let (from, to) = (input.start_event_time.map(instant), input.end_event_time.map(instant));
    if from.zip(to).is_some_and(|(from, to)| from >= to) {
        return Err(parameter("The start event time must be before the end event time."));
    }
    let stored = api.own_store(caller, destination).await?;
    check_destination(&stored.store)?;
    check_form(caller, &source.s3)?;
    let now = api.clock.now();
    let import = Import {
        number: 0,
        id: api.entropy.uuid(),
        account: caller.account().clone(),
        region: caller.region.clone(),
        store: stored.store.arn,
        location_uri: source.s3.s3_location_uri,
        bucket_region: source.s3.s3_bucket_region,
        role_arn: source.s3.s3_bucket_access_role_arn,
        from,
        to,
        status: ImportStatus::Initializing,
        created_at: now,
        updated_at: now,
        run: 0,
        after_key: None,
        is_listed: false,
        statistics: ImportStatistics::default(),
    };
    commit(api, caller, &import).await
}

async fn retry(api: &Api, caller: &Caller, input: StartImportRequest, id: &str) -> Result<Import, Error> {
    let alone = StartImportRequest { import_id: input.import_id.clone(), ..StartImportRequest::default() };
    if input != alone {
        let message = "An ImportId retries an import as it was asked for; you cannot specify other parameters with it.";
        return Err(LakeError::Parameter(message.to_owned()).into());
    }
    let import = api.find_import(caller, id).await?;
    if import.status == ImportStatus::Completed {
        let id = import.id;
        return Err(ImportError::Status { id, status: import.status, needed: "FAILED or STOPPED" }.into());
    }
    commit(api, caller, &import).await
}

/// Asks the source, then makes the import active. One without a number is new.
async fn commit(api: &Api, caller: &Caller, import: &Import) -> Result<Import, Error> {
    let ongoing = || ImportError::Ongoing { account: import.account.clone(), region: import.region.clone() };
    if import.number != 0 && import.status.is_active() {
        return Err(ongoing().into());
    }
    api.check_source(import).await?;
    let mut transaction = api.catalog.begin().await?;
    let stored = store_of(&mut transaction, caller, &import.store.to_string()).await?;
    check_destination(&stored.store)?;
    if transaction.has_active_import(&import.account, &import.region).await? {
        return Err(ongoing().into());
    }
    if import.number == 0 {
        transaction.insert_import(import).await?;
    } else {
        // None is active, so that this one has ended; and one that is complete stays so.
        transaction.retry_import(import, api.clock.now()).await?;
    }
    let active = transaction.import(&import.id).await?;
    // Commit point: from here on it is active. After a crash the next start goes on with it.
    transaction.commit().await?;
    active.ok_or_else(|| ImportError::NotFound(import.id.clone()).into())
}
