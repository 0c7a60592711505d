//! Facts meet AWS: the one table from what is the case to what the caller is answered.
//!
//! Messages marked "seen" were seen on the real service; the others are ours, in its manner.

mod import;
mod lake;
mod query;

use opentrail_catalog as catalog;
use opentrail_model::selectors::InvalidEventSelectors;
use opentrail_model::tag::TagError;
use opentrail_model::trail::{InvalidTrailArn, InvalidTrailName, TrailRefError};
use opentrail_model::{AccountId, Region, TrailArn, TrailName};
use opentrail_wire::ErrorShape;

pub use import::ImportError;
pub use lake::LakeError;
pub use query::QueryError;

/// Why an operation was refused.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Not a name that a trail can have. (Texts seen.)
    #[error(transparent)]
    InvalidTrailName(#[from] InvalidTrailName),
    /// Begins like an ARN and isn't one of a trail.
    #[error(transparent)]
    InvalidTrailArn(#[from] InvalidTrailArn),
    /// No such trail that the caller can see here: by ARN or by name, as the operation prints it. (Text seen.)
    #[error("Unknown trail: {shown} for the user: {account}")]
    TrailNotFound {
        /// The trail as the operation prints it.
        shown: String,
        /// The caller's account.
        account: AccountId,
    },
    /// The name is taken. (Text seen.)
    #[error("Trail {name} already exists for customer: {account}")]
    TrailExists {
        /// The name.
        name: TrailName,
        /// The caller's account.
        account: AccountId,
    },
    /// Changes must be asked for in the trail's home Region.
    #[error("The trail {arn} can be changed only in its home Region, {home}.", home = arn.region)]
    ForeignHome {
        /// The trail.
        arn: TrailArn,
    },
    /// The Region has as many trails as it may. (Text seen.)
    #[error("User: {account} already has {max} trails in {region}.")]
    TrailQuota {
        /// The caller's account.
        account: AccountId,
        /// The Region that is full.
        region: Region,
        /// How many it may have.
        max: usize,
    },
    /// OpenTrail has no organizations, so that no account is in one.
    #[error("Your account is not a member of an organization.")]
    NoOrganization,
    /// Multi-Region trails deliver the records of global services. (Text seen.)
    #[error("Multi-Region trail must include global service events.")]
    GlobalServiceEventsRequired,
    /// Not a name that a bucket can have.
    #[error("The S3 bucket name '{0}' is not valid.")]
    InvalidBucketName(String),
    /// The prefix is too long.
    #[error(
        "The S3 key prefix is too long. Maximum allowed length: {max} characters. Specified prefix length: {length} characters."
    )]
    InvalidPrefix {
        /// Its length.
        length: usize,
        /// The limit.
        max: usize,
    },
    /// No such bucket. (Text seen.)
    #[error("S3 bucket {0} does not exist!")]
    BucketNotFound(String),
    /// The bucket doesn't let CloudTrail read its ACL or write its objects. (Text seen.)
    #[error("Incorrect S3 bucket policy is detected for bucket: {bucket}")]
    BucketRefuses {
        /// The bucket.
        bucket: String,
        /// What it answered.
        #[source]
        source: opentrail_blob::Error,
    },
    /// The bucket can't be reached now.
    #[error("S3 bucket {bucket} cannot be reached now. Try again later.")]
    BucketUnavailable {
        /// The bucket.
        bucket: String,
        /// What happened.
        #[source]
        source: opentrail_blob::Error,
    },
    /// Not a name or ARN that an SNS topic for trails can have.
    #[error("SNS Topic name {0} is not valid.")]
    InvalidTopicName(String),
    /// No such topic. (Text seen.)
    #[error("SNS Topic does not exist or the topic policy is incorrect!")]
    TopicRefuses,
    /// A fault in the log group. (Texts seen.)
    #[error("{0}")]
    LogGroup(&'static str),
    /// A fault in the role. (Texts seen.)
    #[error("{0}")]
    LogRole(&'static str),
    /// A well-formed reference to a key that isn't there. (Text seen.)
    #[error("Insufficient permissions to access S3 bucket {bucket} or KMS key {key}")]
    KeyRefuses {
        /// The bucket.
        bucket: String,
        /// The reference.
        key: String,
    },
    /// Not a reference to a key of this Region.
    #[error("The KMS key {0} does not exist.")]
    KeyNotFound(String),
    /// The selectors break a rule. (Texts seen.)
    #[error(transparent)]
    Selectors(#[from] InvalidEventSelectors),
    /// The Insights selectors break a rule.
    #[error("{0}")]
    InsightSelectors(&'static str),
    /// The trail has no Insights. (Text seen.)
    #[error(
        "Trail {0} does not have Insights enabled. Edit the trail settings to enable Insights, and then try the operation again."
    )]
    InsightsNotEnabled(TrailArn),
    /// A parameter is missing.
    #[error("{0}")]
    Parameter(&'static str),
    /// Parameters that exclude each other.
    #[error("{0}")]
    Combination(&'static str),
    /// Tags break a rule.
    #[error(transparent)]
    Tags(#[from] TagError),
    /// Not an ARN.
    #[error("The resource ID {0} is not a valid ARN of a CloudTrail resource.")]
    InvalidResourceArn(String),
    /// An ARN of something that can't be tagged here.
    #[error("The resource type of {0} is not supported for tagging.")]
    ResourceType(String),
    /// A well-formed ARN of nothing.
    #[error("The resource {0} does not exist.")]
    ResourceNotFound(String),
    /// Not the ARN of an event data store.
    #[error("The ARN {0} of the event data store is not valid.")]
    InvalidStoreArn(String),
    /// No such event data store.
    #[error("The event data store {0} does not exist.")]
    StoreNotFound(String),
    /// Not the ARN of a channel.
    #[error("The channel ARN {0} is not valid.")]
    InvalidChannelArn(String),
    /// No such channel.
    #[error("The channel {0} does not exist.")]
    ChannelNotFound(String),
    /// A multi-Region trail is tagged in its home Region.
    #[error("The tags of the multi-Region trail {arn} can be changed only in its home Region, {home}.", home = arn.region)]
    ForeignTags {
        /// The trail.
        arn: TrailArn,
    },
    /// More resources than one call may name.
    #[error(
        "1 validation error detected: Value at 'resourceIdList' failed to satisfy constraint: Member must have length less than or equal to {max}"
    )]
    TooManyResources {
        /// The limit.
        max: usize,
    },
    /// The range ends before it begins.
    #[error("The start time must not be after the end time.")]
    TimeRange,
    /// The range begins in the future.
    #[error("The start time must not be in the future when no end time is given.")]
    FutureStart,
    /// The attributes of a lookup break a rule.
    #[error("{0}")]
    LookupAttributes(&'static str),
    /// A token that this call never gave, or gave for other parameters.
    #[error(
        "The token is not valid. Use it with the parameters of the call that answered it, or call without a token."
    )]
    NextToken,
    /// Event history can't be read.
    #[error("Event history cannot be read now. Try again later.")]
    History(#[from] opentrail_lake::Error),
    /// A fact about the Lake's resources.
    #[error(transparent)]
    Lake(#[from] LakeError),
    /// Something about an import.
    #[error(transparent)]
    Import(#[from] ImportError),
    /// Something about a query.
    #[error(transparent)]
    Query(#[from] QueryError),
    /// Others changed the resource, twice, while this call worked on it.
    #[error("Another operation is changing this resource. Try again.")]
    Conflict,
    /// The catalog failed.
    #[error("The service's state cannot be read or written now: {0}.")]
    Catalog(#[source] catalog::Error),
}

impl From<TrailRefError> for Error {
    fn from(error: TrailRefError) -> Self {
        match error {
            TrailRefError::InvalidName(error) => Self::InvalidTrailName(error),
            TrailRefError::InvalidArn(error) => Self::InvalidTrailArn(error),
        }
    }
}

impl From<catalog::Error> for Error {
    fn from(error: catalog::Error) -> Self {
        match error {
            catalog::Error::Conflict => Self::Conflict,
            other => Self::Catalog(other),
        }
    }
}

/// What kind of answer a fact is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Answer {
    /// An error that the model gives to the operation.
    Modelled(ErrorShape),
    /// A broken constraint, as the protocol words it.
    Validation,
    /// The caller is known and may not do this.
    Denied,
    /// Nothing that the caller did: something that we need is not there now.
    Unavailable,
    /// Nothing that the caller did: what we stored is damaged.
    Fault,
}

impl Error {
    /// The modelled error that this fact is; none for those that are the protocol's or the server's own.
    pub fn shape(&self) -> Option<ErrorShape> {
        match self.answer() {
            Answer::Modelled(shape) => Some(shape),
            Answer::Validation | Answer::Denied | Answer::Unavailable | Answer::Fault => None,
        }
    }

    fn answer(&self) -> Answer {
        use ErrorShape as Shape;
        Answer::Modelled(match self {
            Self::InvalidTrailName(_) => Shape::InvalidTrailNameException,
            Self::InvalidTrailArn(_) | Self::InvalidResourceArn(_) => Shape::CloudTrailARNInvalidException,
            Self::TrailNotFound { .. } => Shape::TrailNotFoundException,
            Self::TrailExists { .. } => Shape::TrailAlreadyExistsException,
            Self::ForeignHome { .. } => Shape::InvalidHomeRegionException,
            Self::TrailQuota { .. } => Shape::MaximumNumberOfTrailsExceededException,
            Self::NoOrganization => Shape::OrganizationsNotInUseException,
            Self::GlobalServiceEventsRequired | Self::Combination(_) => Shape::InvalidParameterCombinationException,
            Self::InvalidBucketName(_) => Shape::InvalidS3BucketNameException,
            Self::InvalidPrefix { .. } => Shape::InvalidS3PrefixException,
            Self::BucketNotFound(_) => Shape::S3BucketDoesNotExistException,
            Self::BucketRefuses { .. } => Shape::InsufficientS3BucketPolicyException,
            Self::InvalidTopicName(_) => Shape::InvalidSnsTopicNameException,
            Self::TopicRefuses => Shape::InsufficientSnsTopicPolicyException,
            Self::LogGroup(_) => Shape::InvalidCloudWatchLogsLogGroupArnException,
            Self::LogRole(_) => Shape::InvalidCloudWatchLogsRoleArnException,
            Self::KeyRefuses { .. } => Shape::InsufficientEncryptionPolicyException,
            Self::KeyNotFound(_) => Shape::KmsKeyNotFoundException,
            Self::Selectors(_) => Shape::InvalidEventSelectorsException,
            Self::InsightSelectors(_) => Shape::InvalidInsightSelectorsException,
            Self::InsightsNotEnabled(_) => Shape::InsightNotEnabledException,
            Self::Parameter(_) => Shape::InvalidParameterException,
            Self::Tags(TagError::Invalid(_)) => Shape::InvalidTagParameterException,
            Self::Tags(TagError::LimitExceeded) => Shape::TagsLimitExceededException,
            Self::ResourceType(_) => Shape::ResourceTypeNotSupportedException,
            Self::ResourceNotFound(_) => Shape::ResourceNotFoundException,
            Self::InvalidStoreArn(_) => Shape::EventDataStoreARNInvalidException,
            Self::StoreNotFound(_) => Shape::EventDataStoreNotFoundException,
            Self::InvalidChannelArn(_) => Shape::ChannelARNInvalidException,
            Self::ChannelNotFound(_) => Shape::ChannelNotFoundException,
            Self::ForeignTags { .. } => Shape::OperationNotPermittedException,
            Self::TimeRange | Self::FutureStart => Shape::InvalidTimeRangeException,
            Self::LookupAttributes(_) => Shape::InvalidLookupAttributesException,
            Self::NextToken => Shape::InvalidNextTokenException,
            Self::Conflict | Self::Catalog(catalog::Error::Conflict) => Shape::ConflictException,
            Self::Lake(LakeError::Denied { .. }) => return Answer::Denied,
            Self::Lake(error) => return error.shape().map_or(Answer::Validation, Answer::Modelled),
            Self::Import(error) => error.shape(),
            Self::Query(error) => return error.shape().map_or(Answer::Unavailable, Answer::Modelled),
            Self::TooManyResources { .. } => return Answer::Validation,
            Self::BucketUnavailable { .. } | Self::History(_) | Self::Catalog(catalog::Error::Unavailable { .. }) => {
                return Answer::Unavailable;
            }
            Self::Catalog(catalog::Error::Corrupt { .. } | catalog::Error::Migration(_)) => return Answer::Fault,
        })
    }
}

impl From<Error> for opentrail_wire::Error {
    fn from(error: Error) -> Self {
        match error.answer() {
            Answer::Modelled(shape) => Self::modelled(shape, error.to_string()),
            Answer::Validation => Self::validation(error.to_string()),
            Answer::Denied => Self::access_denied(error.to_string()),
            Answer::Unavailable => Self::service_unavailable(error.to_string()),
            Answer::Fault => Self::internal("The service's state is damaged; its operator's log says where."),
        }
    }
}
