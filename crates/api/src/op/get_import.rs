//! GetImport: an import and how far it is.
//!
//! - Documented: the numbers may lag behind.
//! - Ours: an import that ended more than seven days ago is forgotten. A failed entry is a file, or the prefix if it could not be listed; it
//!   counts until it has succeeded.

use opentrail_wire::shapes::{GetImportRequest, GetImportResponse};

use crate::imports::view;
use crate::{Api, Caller, Error};

pub(crate) async fn get_import(
    api: &Api,
    caller: &Caller,
    input: GetImportRequest,
) -> Result<GetImportResponse, Error> {
    Ok(view::got(&api.find_import(caller, &input.import_id).await?))
}
