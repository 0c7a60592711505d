//! ListImportFailures: what of an import failed, and what became of it when it was tried again.
//!
//! - Documented: 1 to 1000 a page; place, status, kind and text of each error.
//! - Ours: in the order in which they failed first; kinds of errors are those of S3 (`AccessDenied`, `NoSuchKey`, …), and `InvalidFormat`,
//!   `InvalidEvent` and `FileTooLarge` for files that were read. An import that isn't there is an `InvalidParameterException`, since the
//!   model has no better one.

use opentrail_wire::shapes::{ListImportFailuresRequest, ListImportFailuresResponse};

use crate::error::{ImportError, LakeError};
use crate::imports::view;
use crate::paging::{Paging, page};
use crate::{Api, Caller, Error};

pub(crate) async fn list_import_failures(
    api: &Api,
    caller: &Caller,
    input: ListImportFailuresRequest,
) -> Result<ListImportFailuresResponse, Error> {
    let import = api.find_import(caller, &input.import_id).await.map_err(as_parameter)?;
    let paging = Paging::new("ListImportFailures", caller, &[Some(&import.id)], input.next_token, input.max_results);
    let failures = api.catalog.import_failures(import.number, paging.after()?, None, paging.rows()).await?;
    let (failures, next_token) = page(&paging, failures, |failure| failure.number)?;
    let failures = failures.into_iter().map(|failure| view::failure(&import, failure)).collect();
    Ok(ListImportFailuresResponse { failures: Some(failures), next_token })
}

fn as_parameter(error: Error) -> Error {
    match error {
        Error::Import(ImportError::NotFound(_)) => LakeError::Parameter(error.to_string()).into(),
        other => other,
    }
}
