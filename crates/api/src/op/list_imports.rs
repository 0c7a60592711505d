//! ListImports: the imports of the account in the called Region, of one event data store or in one status if that is asked.
//!
//! - Documented: 1 to 1000 a page.
//! - Ours: in the order in which they were started; those that ended more than seven days ago are forgotten.

use opentrail_catalog::{Import, ImportStatus};
use opentrail_wire::shapes::{ListImportsRequest, ListImportsResponse};

use crate::error::LakeError;
use crate::imports::view;
use crate::paging::{Paging, page};
use crate::stores::store_arn;
use crate::{Api, Caller, Error};

pub(crate) async fn list_imports(
    api: &Api,
    caller: &Caller,
    input: ListImportsRequest,
) -> Result<ListImportsResponse, Error> {
    let destination = input.destination.as_deref().map(|reference| store_arn(caller, reference)).transpose()?;
    let status = input.import_status.as_ref().map(|status| status.as_str());
    let wanted = status
        .map(|name| ImportStatus::parse(name).ok_or(name))
        .transpose()
        .map_err(|name| LakeError::Parameter(format!("{name} is not an import status.")))?;
    let is_wanted = |import: &Import| {
        destination.as_ref().is_none_or(|arn| import.store == *arn)
            && wanted.is_none_or(|status| import.status == status)
    };
    let mut imports = api.catalog.imports_of(caller.account(), &caller.region).await?;
    imports.retain(is_wanted);
    let filters = [input.destination.as_deref(), status];
    let paging = Paging::new("ListImports", caller, &filters, input.next_token, input.max_results);
    let (imports, next_token) = page(&paging, imports, |import| import.number)?;
    Ok(ListImportsResponse { imports: Some(imports.iter().map(view::listed).collect()), next_token })
}
