//! Resources that can have a policy, as callers name them: by full ARN.

use opentrail_catalog::Transaction;
use opentrail_model::{ChannelArn, DashboardArn, EventDataStoreArn, MalformedPolicy, Policy};

use crate::error::LakeError;
use crate::tagging::{Resource, resource};
use crate::{Caller, Error};

/// A resource of the caller's that is there and can have a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Governed {
    Store(EventDataStoreArn),
    Channel(ChannelArn),
    Dashboard(DashboardArn),
}

impl Governed {
    /// What an ARN names. Trails have no policies, nor has anything of another service.
    pub(crate) async fn find(transaction: &mut Transaction, caller: &Caller, id: &str) -> Result<Self, Error> {
        let invalid = || Error::from(LakeError::PolicyArn(id.to_owned()));
        let (found, account, region) = match resource(id) {
            Ok(Resource::Trail(_)) | Err(Error::ResourceType(_)) => {
                return Err(LakeError::PolicyResourceType(id.to_owned()).into());
            }
            Err(_) => return Err(invalid()),
            Ok(Resource::Store) => {
                let arn: EventDataStoreArn = id.parse().map_err(|_| invalid())?;
                transaction.event_data_store(&arn).await?.ok_or_else(invalid)?;
                (Self::Store(arn.clone()), arn.account, arn.region)
            }
            Ok(Resource::Channel) => {
                let arn: ChannelArn = id.parse().map_err(|_| invalid())?;
                transaction.channel(&arn).await?.ok_or_else(invalid)?;
                (Self::Channel(arn.clone()), arn.account, arn.region)
            }
            Ok(Resource::Dashboard) => {
                let arn: DashboardArn = id.parse().map_err(|_| invalid())?;
                transaction.dashboard(&arn).await?.ok_or_else(invalid)?;
                (Self::Dashboard(arn.clone()), arn.account, arn.region)
            }
        };
        if account == *caller.account() && region == caller.region { Ok(found) } else { Err(invalid()) }
    }

    /// Checks that this document can be the policy of the resource.
    pub(crate) fn check(&self, text: &str) -> Result<(), MalformedPolicy> {
        let policy = Policy::parse(text)?;
        match self {
            Self::Store(arn) => policy.check_event_data_store(&arn.to_string()),
            Self::Channel(arn) => policy.check_channel(&arn.to_string()),
            Self::Dashboard(arn) => policy.check_dashboard(&arn.to_string()),
        }
    }
}
