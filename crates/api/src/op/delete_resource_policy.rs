//! DeleteResourcePolicy: takes the policy from an event data store, a channel or a dashboard.
//!
//! - Documented: without one it is `ResourcePolicyNotFoundException`; the answer is `{}`.

use opentrail_wire::shapes::{DeleteResourcePolicyRequest, DeleteResourcePolicyResponse};

use crate::error::LakeError;
use crate::policies::Governed;
use crate::{Api, Caller, Error};

pub(crate) async fn delete_resource_policy(
    api: &Api,
    caller: &Caller,
    input: DeleteResourcePolicyRequest,
) -> Result<DeleteResourcePolicyResponse, Error> {
    let mut transaction = api.catalog.begin().await?;
    Governed::find(&mut transaction, caller, &input.resource_arn).await?;
    if !transaction.delete_resource_policy(&input.resource_arn).await? {
        return Err(LakeError::PolicyNotFound(input.resource_arn).into());
    }
    // Commit point: from now on only the owner's calls are allowed.
    transaction.commit().await?;
    Ok(DeleteResourcePolicyResponse {})
}
