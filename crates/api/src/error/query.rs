//! Facts about queries. The texts are ours, in CloudTrail's manner.

use opentrail_catalog::QueryStatus;
use opentrail_wire::ErrorShape;

/// Why an operation on queries was refused.
#[derive(Debug, thiserror::Error)]
pub enum QueryError {
    /// The statement cannot be run: the analyzer's words.
    #[error("{0}")]
    Statement(String),
    /// As many queries as may be are queued or running.
    #[error(
        "You already have {max} queries queued or running in this Region. Wait until one has ended, or cancel one."
    )]
    TooMany {
        /// How many may be.
        max: u64,
    },
    /// No such query of the caller, here and in the last seven days.
    #[error("The query {0} does not exist, or is older than seven days.")]
    NotFound(String),
    /// It has ended.
    #[error("The query {id} cannot be cancelled: its status is {}.", status.as_str())]
    Ended {
        /// The query.
        id: String,
        /// How it ended.
        status: QueryStatus,
    },
    /// A range that ends before it begins.
    #[error("The start time must not be after the end time.")]
    Range,
    /// Not a status of queries.
    #[error("{0} is not a query status; use QUEUED, RUNNING, FINISHED, FAILED, CANCELLED or TIMED_OUT.")]
    Status(String),
    /// Nobody here writes queries from prompts.
    #[error("OpenTrail does not generate queries from prompts yet; SearchSampleQueries finds queries to begin with{}.",
        nearest.map(|name| format!(", such as `{name}`")).unwrap_or_default())]
    NoGenerator {
        /// The sample query that fits the prompt best.
        nearest: Option<&'static str>,
    },
    /// A result that cannot be read.
    #[error("The result of the query cannot be read now. Try again later, or run the query again.")]
    Result(#[source] std::io::Error),
}

impl QueryError {
    /// The modelled error that this fact is; nothing when we are to blame.
    pub(super) fn shape(&self) -> Option<ErrorShape> {
        Some(match self {
            Self::Statement(_) => ErrorShape::InvalidQueryStatementException,
            Self::TooMany { .. } => ErrorShape::MaxConcurrentQueriesException,
            Self::NotFound(_) => ErrorShape::QueryIdNotFoundException,
            Self::Ended { .. } => ErrorShape::InactiveQueryException,
            Self::Range => ErrorShape::InvalidDateRangeException,
            Self::Status(_) => ErrorShape::InvalidQueryStatusException,
            Self::NoGenerator { .. } => ErrorShape::UnsupportedOperationException,
            Self::Result(_) => return None,
        })
    }
}
