//! The lives of a query and of its delivery. The names are CloudTrail's, and persisted: keep stable.

/// How far a query is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QueryStatus {
    /// Waits for its turn.
    Queued,
    /// Its result is being made.
    Running,
    /// Its result is whole.
    Finished,
    /// It has no result, and says why.
    Failed,
    /// Somebody called it off.
    Cancelled,
    /// It ran as long as a query may; its result is a part.
    TimedOut,
}

impl QueryStatus {
    /// All of them.
    pub const ALL: [Self; 6] =
        [Self::Queued, Self::Running, Self::Finished, Self::Failed, Self::Cancelled, Self::TimedOut];

    /// CloudTrail's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "QUEUED",
            Self::Running => "RUNNING",
            Self::Finished => "FINISHED",
            Self::Failed => "FAILED",
            Self::Cancelled => "CANCELLED",
            Self::TimedOut => "TIMED_OUT",
        }
    }

    /// The status of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == name)
    }

    /// Does it change no more?
    pub const fn is_end(self) -> bool {
        !matches!(self, Self::Queued | Self::Running)
    }
}

/// How far the delivery of a result to a bucket is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QueryDelivery {
    /// Not tried yet.
    Pending,
    /// All files are in the bucket.
    Success,
    /// It failed for some other reason.
    Failed,
    /// The signature could not be made or put.
    FailedSigningFile,
    /// There is no such bucket.
    ResourceNotFound,
    /// The bucket's policy refuses the result.
    AccessDenied,
    /// The bucket's policy refuses the signature.
    AccessDeniedSigningFile,
    /// There is nothing to deliver: the query was called off, failed or took too long.
    Cancelled,
}

impl QueryDelivery {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Pending,
        Self::Success,
        Self::Failed,
        Self::FailedSigningFile,
        Self::ResourceNotFound,
        Self::AccessDenied,
        Self::AccessDeniedSigningFile,
        Self::Cancelled,
    ];

    /// CloudTrail's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "PENDING",
            Self::Success => "SUCCESS",
            Self::Failed => "FAILED",
            Self::FailedSigningFile => "FAILED_SIGNING_FILE",
            Self::ResourceNotFound => "RESOURCE_NOT_FOUND",
            Self::AccessDenied => "ACCESS_DENIED",
            Self::AccessDeniedSigningFile => "ACCESS_DENIED_SIGNING_FILE",
            Self::Cancelled => "CANCELLED",
        }
    }

    /// The status of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == name)
    }
}
