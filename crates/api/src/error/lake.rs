//! Facts about event data stores, channels, dashboards and resource policies. The texts are ours, in CloudTrail's manner.

use opentrail_model::{AccountId, EventDataStoreArn, EventDataStoreStatus, MalformedPolicy, Region};
use opentrail_wire::ErrorShape;

/// Why an operation of the Lake was refused.
#[derive(Debug, thiserror::Error)]
pub enum LakeError {
    /// The name is taken, perhaps by one whose deletion is pending.
    #[error("An event data store with the name {0} already exists in this Region.")]
    StoreExists(String),
    /// The Region has as many as it may.
    #[error("User: {account} already has {max} event data stores in {region}.")]
    StoreQuota {
        /// The caller's account.
        account: AccountId,
        /// The Region that is full.
        region: Region,
        /// How many it may have.
        max: usize,
    },
    /// Its deletion is pending.
    #[error("The event data store {0} is pending deletion. Restore it first.")]
    StoreInactive(EventDataStoreArn),
    /// It must be in another status for this.
    #[error("The event data store {arn} has the status {}; this operation needs {needed}.", status.as_str())]
    StoreStatus {
        /// The event data store.
        arn: EventDataStoreArn,
        /// Where it is in its life.
        status: EventDataStoreStatus,
        /// Where it should be.
        needed: &'static str,
    },
    /// It holds records of a kind that can't be treated so.
    #[error("The event data store {arn} is of a category that this operation does not support; it needs {needed}.")]
    StoreCategory {
        /// The event data store.
        arn: EventDataStoreArn,
        /// What it should hold.
        needed: &'static str,
    },
    /// Protection must be lifted before it can be deleted.
    #[error(
        "The event data store {0} cannot be deleted because termination protection is enabled. Disable termination protection and try again."
    )]
    StoreProtected(EventDataStoreArn),
    /// Federation must be off, or on only once.
    #[error("Lake query federation is enabled for the event data store {0}.")]
    StoreFederated(EventDataStoreArn),
    /// It logs no Insights.
    #[error(
        "Event data store {0} does not have Insights enabled. Edit its settings to enable Insights, and then try the operation again."
    )]
    StoreInsightsNotEnabled(EventDataStoreArn),
    /// A channel delivers into it.
    #[error("The event data store {0} is the destination of a channel. Delete the channel or update it first.")]
    ChannelForStore(EventDataStoreArn),
    /// The name is taken.
    #[error("A channel with the name {0} already exists in this Region.")]
    ChannelExists(String),
    /// The source has its channel.
    #[error("A channel for the source {0} already exists. Each source can have one channel.")]
    ChannelQuota(String),
    /// Nothing that events could come from.
    #[error("The source {0} is not valid. Specify Custom or the name of a partner event source.")]
    InvalidSource(String),
    /// The document can't be the resource's policy.
    #[error("The resource policy is not valid: {0}")]
    Policy(#[source] MalformedPolicy),
    /// Not the ARN of a resource of the caller's.
    #[error("The resource ARN {0} is not valid, or the resource does not exist.")]
    PolicyArn(String),
    /// A resource that can't have a policy.
    #[error("The resource type of {0} does not support resource policies.")]
    PolicyResourceType(String),
    /// The resource has no policy.
    #[error("The resource {0} has no resource policy.")]
    PolicyNotFound(String),
    /// More than there may be.
    #[error("{0}")]
    ServiceQuota(String),
    /// The dashboard is not in a state for this.
    #[error("{0}")]
    DashboardConflict(String),
    /// Something that is not done to CloudTrail's own dashboards.
    #[error("The dashboard {0} is managed by CloudTrail and cannot be changed or deleted.")]
    ManagedDashboard(String),
    /// A widget's query can't be asked.
    #[error("{0}")]
    Statement(String),
    /// A well-formed reference to a key that isn't there.
    #[error("Insufficient permissions to access KMS key {0}.")]
    KeyRefuses(String),
    /// A resource policy forbids it.
    #[error(
        "User: {user} is not authorized to perform: {action} on resource: {resource} with an explicit deny in a resource-based policy"
    )]
    Denied {
        /// The caller.
        user: String,
        /// What was asked.
        action: &'static str,
        /// The resource whose policy says so.
        resource: String,
    },
    /// A parameter breaks a rule.
    #[error("{0}")]
    Parameter(String),
    /// A parameter breaks a rule, of an operation that has no error of its own for that.
    #[error("{0}")]
    Validation(String),
}

impl LakeError {
    /// The modelled error that this fact is; nothing for those that are the protocol's own.
    pub(super) fn shape(&self) -> Option<ErrorShape> {
        use ErrorShape as Shape;
        Some(match self {
            Self::StoreExists(_) => Shape::EventDataStoreAlreadyExistsException,
            Self::StoreQuota { .. } => Shape::EventDataStoreMaxLimitExceededException,
            Self::StoreInactive(_) => Shape::InactiveEventDataStoreException,
            Self::StoreStatus { .. } => Shape::InvalidEventDataStoreStatusException,
            Self::StoreCategory { .. } => Shape::InvalidEventDataStoreCategoryException,
            Self::StoreProtected(_) => Shape::EventDataStoreTerminationProtectedException,
            Self::StoreFederated(_) => Shape::EventDataStoreFederationEnabledException,
            Self::StoreInsightsNotEnabled(_) => Shape::InsightNotEnabledException,
            Self::ChannelForStore(_) => Shape::ChannelExistsForEDSException,
            Self::ChannelExists(_) => Shape::ChannelAlreadyExistsException,
            Self::ChannelQuota(_) => Shape::ChannelMaxLimitExceededException,
            Self::InvalidSource(_) => Shape::InvalidSourceException,
            Self::Policy(_) => Shape::ResourcePolicyNotValidException,
            Self::PolicyArn(_) => Shape::ResourceARNNotValidException,
            Self::PolicyResourceType(_) => Shape::ResourceTypeNotSupportedException,
            Self::PolicyNotFound(_) => Shape::ResourcePolicyNotFoundException,
            Self::ServiceQuota(_) => Shape::ServiceQuotaExceededException,
            Self::DashboardConflict(_) => Shape::ConflictException,
            Self::ManagedDashboard(_) => Shape::UnsupportedOperationException,
            Self::Statement(_) => Shape::InvalidQueryStatementException,
            Self::KeyRefuses(_) => Shape::InsufficientEncryptionPolicyException,
            Self::Parameter(_) => Shape::InvalidParameterException,
            Self::Denied { .. } | Self::Validation(_) => return None,
        })
    }
}
