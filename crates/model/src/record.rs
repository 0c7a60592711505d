//! Records: one that we print, and a view of one that somebody printed.

mod identity;
mod print;
pub mod routed;
pub mod view;

pub use identity::{SessionAttributes, SessionContext, SessionIssuer, UserIdentity};
pub use print::{EVENT_VERSION, Record, Resource, TlsDetails};
pub use routed::{RecordError, RoutedIdentity, RoutedResource};
pub use view::{RecordKey, View};

/// What kind of event a record tells of; it decides which selectors see it and which folder it is delivered to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum EventCategory {
    /// Control-plane calls, sign-ins and service events.
    #[default]
    Management,
    /// Calls on the content of resources.
    Data,
    /// Calls through a VPC endpoint.
    NetworkActivity,
    /// Unusual rates of calls or errors.
    Insight,
    /// Sums of data events.
    Aggregated,
    /// Events of other systems, brought in by `PutAuditEvents`.
    ActivityAuditLog,
    /// A category that we don't know; no selector matches it.
    Other,
}

impl EventCategory {
    /// The name in `eventCategory`; empty for [`EventCategory::Other`].
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Management => "Management",
            Self::Data => "Data",
            Self::NetworkActivity => "NetworkActivity",
            Self::Insight => "Insight",
            Self::Aggregated => "Aggregated",
            Self::ActivityAuditLog => "ActivityAuditLog",
            Self::Other => "",
        }
    }

    /// The category that `eventCategory` names.
    pub fn from_name(name: &str) -> Self {
        match name {
            "Management" => Self::Management,
            "Data" => Self::Data,
            "NetworkActivity" => Self::NetworkActivity,
            "Insight" => Self::Insight,
            "Aggregated" => Self::Aggregated,
            "ActivityAuditLog" => Self::ActivityAuditLog,
            _ => Self::Other,
        }
    }
}
