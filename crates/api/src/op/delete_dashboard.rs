//! DeleteDashboard: removes a dashboard that the account made.
//!
//! - Documented: not while termination protection is enabled; managed dashboards stay; the answer is `{}`.
//! - Ours: a protected one is `ConflictException`, of the errors that the model gives this operation the one that fits, a managed one
//!   `UnsupportedOperationException`. Its resource policy goes with it.

use opentrail_wire::shapes::{DeleteDashboardRequest, DeleteDashboardResponse};

use crate::dashboards::refuse_managed;
use crate::error::LakeError;
use crate::{Api, Caller, Error};

pub(crate) async fn delete_dashboard(
    api: &Api,
    caller: &Caller,
    input: DeleteDashboardRequest,
) -> Result<DeleteDashboardResponse, Error> {
    refuse_managed(caller, &input.dashboard_id)?;
    let mut change = api.dashboard_change(caller, &input.dashboard_id).await?;
    if change.stored.dashboard.is_termination_protected {
        let arn = &change.stored.dashboard.arn;
        let text = format!(
            "The dashboard {arn} cannot be deleted because termination protection is enabled. \
             Disable termination protection and try again."
        );
        return Err(LakeError::DashboardConflict(text).into());
    }
    change.transaction.delete_dashboard(&change.stored).await?;
    // Commit point: dashboard and policy are gone together, or neither is.
    change.transaction.commit().await?;
    Ok(DeleteDashboardResponse {})
}
