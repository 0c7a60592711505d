//! StopImport: stops an import that waits or runs.
//!
//! - Documented: a stopped import can be retried by its id, and goes on where it was.
//! - Ours: it is STOPPED at once, though files that are being read at that moment may still be copied; they are read again by a retry, and
//!   no record is doubled. One that has ended is refused.

use opentrail_wire::shapes::{StopImportRequest, StopImportResponse};

use crate::error::ImportError;
use crate::imports::view;
use crate::{Api, Caller, Error};

pub(crate) async fn stop_import(
    api: &Api,
    caller: &Caller,
    input: StopImportRequest,
) -> Result<StopImportResponse, Error> {
    let import = api.find_import(caller, &input.import_id).await?;
    let mut transaction = api.catalog.begin().await?;
    let is_stopped = transaction.stop_import(&import.id, api.clock.now()).await?;
    let import = transaction.import(&import.id).await?.unwrap_or(import);
    if !is_stopped {
        let (id, status) = (import.id, import.status);
        return Err(ImportError::Status { id, status, needed: "INITIALIZING or IN_PROGRESS" }.into());
    }
    // Commit point: it is stopped, whatever its run does from here on.
    transaction.commit().await?;
    api.copies.stop(&import.id);
    Ok(view::stopped(&import))
}
