//! DisableFederation: ends what EnableFederation began. The store's records stay as they are.
//!
//! - Documented: so it is.
//! - Ours: by the time of the answer the status is `DISABLED`, and the definition of the table is gone; a store that isn't federated
//!   stays so.

use opentrail_wire::shapes::{DisableFederationRequest, DisableFederationResponse};

use crate::find::Effective;
use crate::stores::view;
use crate::{Api, Caller, Error};

pub(crate) async fn disable_federation(
    api: &Api,
    caller: &Caller,
    input: DisableFederationRequest,
) -> Result<DisableFederationResponse, Error> {
    let mut change = api.store_change(caller, &input.event_data_store).await?;
    change.active()?.federation_role = None;
    let store = change.save(api, Effective::Now).await?;
    // After it counts: a crash here leaves a definition that the next call of either operation settles.
    api.queries.define(&store, false).await?;
    Ok(DisableFederationResponse {
        event_data_store_arn: Some(store.arn.to_string()),
        federation_status: Some(view::federation(&store)),
    })
}
