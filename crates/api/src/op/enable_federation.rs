//! EnableFederation: lets other engines query the store's files with a role.
//!
//! - Documented: one enabled already is `EventDataStoreFederationEnabledException`; the store can't be deleted while it is enabled.
//! - Ours: the role's ARN is kept and shown, and must be that of a role; OpenTrail has no Glue catalog and no Lake Formation to register
//!   it with. A definition of the table (`CREATE EXTERNAL TABLE`) lies beside the store's ORC files, for any engine that can read both. By
//!   the time of the answer the status is `ENABLED`.

use opentrail_wire::shapes::{EnableFederationRequest, EnableFederationResponse};

use crate::destinations::is_role;
use crate::error::LakeError;
use crate::find::Effective;
use crate::stores::view;
use crate::{Api, Caller, Error};

pub(crate) async fn enable_federation(
    api: &Api,
    caller: &Caller,
    input: EnableFederationRequest,
) -> Result<EnableFederationResponse, Error> {
    let mut change = api.store_change(caller, &input.event_data_store).await?;
    let store = change.active()?;
    if store.federation_role.is_some() {
        return Err(LakeError::StoreFederated(store.arn.clone()).into());
    }
    if !is_role(&input.federation_role_arn) {
        return Err(Error::Parameter("The federation role must be the ARN of an IAM role."));
    }
    store.federation_role = Some(input.federation_role_arn);
    // Before it counts: a crash here leaves a definition of a store that isn't federated, which the next call writes over.
    api.queries.define(store, true).await?;
    let store = change.save(api, Effective::Now).await?;
    Ok(EnableFederationResponse {
        event_data_store_arn: Some(store.arn.to_string()),
        federation_status: Some(view::federation(&store)),
        federation_role_arn: store.federation_role,
    })
}
