//! PutResourcePolicy: puts a policy on an event data store, a channel or a dashboard, in place of the one it may have.
//!
//! - Documented: which actions, principals and conditions each kind of resource allows; at most 8192 characters, of version 2012-10-17; an
//!   ARN of nothing is `ResourceARNNotValidException`, a trail's `ResourceTypeNotSupportedException`.
//! - Ours: the texts; the policy is kept and shown as it was submitted. Whether a principal exists isn't looked at. There are no
//!   organizations, and so no policies for their delegated administrators.

use opentrail_wire::shapes::{PutResourcePolicyRequest, PutResourcePolicyResponse};

use crate::error::LakeError;
use crate::policies::Governed;
use crate::{Api, Caller, Error};

pub(crate) async fn put_resource_policy(
    api: &Api,
    caller: &Caller,
    input: PutResourcePolicyRequest,
) -> Result<PutResourcePolicyResponse, Error> {
    let mut transaction = api.catalog.begin().await?;
    let governed = Governed::find(&mut transaction, caller, &input.resource_arn).await?;
    governed.check(&input.resource_policy).map_err(LakeError::Policy)?;
    transaction.put_resource_policy(&input.resource_arn, &input.resource_policy).await?;
    // Commit point: from now on calls of others are judged by it.
    transaction.commit().await?;
    Ok(PutResourcePolicyResponse {
        resource_arn: Some(input.resource_arn),
        resource_policy: Some(input.resource_policy),
        delegated_admin_resource_policy: None,
    })
}
