//! GetResourcePolicy: the policy of an event data store, a channel or a dashboard.
//!
//! - Documented: without one it is `ResourcePolicyNotFoundException`.
//! - Ours: the texts; the policy is shown as it was submitted.

use opentrail_wire::shapes::{GetResourcePolicyRequest, GetResourcePolicyResponse};

use crate::error::LakeError;
use crate::policies::Governed;
use crate::{Api, Caller, Error};

pub(crate) async fn get_resource_policy(
    api: &Api,
    caller: &Caller,
    input: GetResourcePolicyRequest,
) -> Result<GetResourcePolicyResponse, Error> {
    let mut transaction = api.catalog.begin().await?;
    Governed::find(&mut transaction, caller, &input.resource_arn).await?;
    let Some(policy) = transaction.resource_policy(&input.resource_arn).await? else {
        return Err(LakeError::PolicyNotFound(input.resource_arn).into());
    };
    Ok(GetResourcePolicyResponse {
        resource_arn: Some(input.resource_arn),
        resource_policy: Some(policy),
        delegated_admin_resource_policy: None,
    })
}
