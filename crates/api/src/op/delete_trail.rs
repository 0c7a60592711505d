//! DeleteTrail: deletes a trail and with it its shadows. What it delivered stays.
//!
//! - Seen: the answer is `{}`; a second delete is `TrailNotFoundException`.
//! - Documented: home Region only.
//! - Ours: the record of the call itself is still delivered.

use opentrail_model::TrailRef;
use opentrail_wire::shapes::{DeleteTrailRequest, DeleteTrailResponse};

use crate::find::{Effective, at_home};
use crate::{Api, Caller, Error};

pub(crate) async fn delete_trail(
    api: &Api,
    caller: &Caller,
    input: DeleteTrailRequest,
) -> Result<DeleteTrailResponse, Error> {
    let reference = TrailRef::parse(&input.name)?;
    let mut transaction = api.catalog.begin().await?;
    let trails = transaction.trails_of_account(caller.account()).await?;
    let stored = at_home(trails, caller, &reference)?;
    transaction.delete_trail(stored.id, api.effective_from(Effective::AfterThisCall)).await?;
    transaction.commit().await?;
    Ok(DeleteTrailResponse {})
}
