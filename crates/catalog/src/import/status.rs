//! The life of an import. The names are CloudTrail's, and persisted: keep stable.

/// How far an import is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ImportStatus {
    /// Waits for its turn.
    Initializing,
    /// Files are being copied.
    InProgress,
    /// All was tried, and some of it failed.
    Failed,
    /// Somebody stopped it.
    Stopped,
    /// All was copied.
    Completed,
}

impl ImportStatus {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Initializing, Self::InProgress, Self::Failed, Self::Stopped, Self::Completed];

    /// CloudTrail's name.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Initializing => "INITIALIZING",
            Self::InProgress => "IN_PROGRESS",
            Self::Failed => "FAILED",
            Self::Stopped => "STOPPED",
            Self::Completed => "COMPLETED",
        }
    }

    /// The status of this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == name)
    }

    /// Does it go on by itself?
    pub const fn is_active(self) -> bool {
        matches!(self, Self::Initializing | Self::InProgress)
    }
}
