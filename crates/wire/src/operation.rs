//! From what a request names to an operation.

use crate::{Error, Operation};

/// What may stand before the operation's name in `X-Amz-Target`: the one of botocore and the older SDKs, and the one
/// of the SDKs made from Smithy models.
pub const TARGET_PREFIXES: [&str; 2] =
    ["com.amazonaws.cloudtrail.v20131101.CloudTrail_20131101", "CloudTrail_20131101"];

/// A target that names no operation of `cloudtrail`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("unknown operation `{0}`")]
pub struct UnknownOperation(pub String);

impl From<UnknownOperation> for Error {
    fn from(_: UnknownOperation) -> Self {
        Self::unknown_operation()
    }
}

impl Operation {
    /// Reads the `X-Amz-Target` header. `cloudtrail-data` has no targets.
    pub fn from_target(target: &str) -> Result<Self, UnknownOperation> {
        let unknown = || UnknownOperation(target.to_owned());
        let (prefix, name) = target.rsplit_once('.').ok_or_else(unknown)?;
        if !TARGET_PREFIXES.contains(&prefix) {
            return Err(unknown());
        }
        Self::from_name(name).filter(|it| it.endpoint_prefix() == "cloudtrail").ok_or_else(unknown)
    }

    /// Whether records of this operation say `readOnly`.
    pub fn is_read_only(self) -> bool {
        ["Get", "Describe", "List", "Lookup", "Search"].iter().any(|verb| self.name().starts_with(verb))
    }
}

/// The operations as one enum.
macro_rules! operations {
    ($($name:ident($endpoint:literal, $input:path, $output:path, $idempotent:literal, [$($error:ident),* $(,)?]),)*) => {
        /// An operation of `cloudtrail` or `cloudtrail-data`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Operation {
            $(#[doc = concat!("`", stringify!($name), "`.")] $name,)*
        }

        impl Operation {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The operation of this name.
            pub fn from_name(name: &str) -> Option<Self> {
                match name {
                    $(stringify!($name) => Some(Self::$name),)*
                    _ => None,
                }
            }

            /// The name on the wire.
            pub const fn name(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)*
                }
            }

            /// `cloudtrail` or `cloudtrail-data`.
            pub const fn endpoint_prefix(self) -> &'static str {
                match self {
                    $(Self::$name => $endpoint,)*
                }
            }

            /// The shape of the request.
            pub fn input(self) -> &'static $crate::schema::Shape {
                match self {
                    $(Self::$name => &$input,)*
                }
            }

            /// The shape of the response.
            pub fn output(self) -> &'static $crate::schema::Shape {
                match self {
                    $(Self::$name => &$output,)*
                }
            }

            /// Whether the model calls it idempotent (which is not always so in effect).
            pub const fn is_idempotent(self) -> bool {
                match self {
                    $(Self::$name => $idempotent,)*
                }
            }

            /// The errors that the model gives it.
            pub const fn errors(self) -> &'static [ErrorShape] {
                match self {
                    $(Self::$name => &[$(ErrorShape::$error),*],)*
                }
            }
        }

        impl std::fmt::Display for Operation {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.name())
            }
        }
    };
}
pub(crate) use operations;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_prefixes_lead_to_every_operation() {
        let control = Operation::ALL.iter().filter(|operation| operation.endpoint_prefix() == "cloudtrail");
        assert_eq!(control.clone().count(), 60);
        for operation in control {
            for prefix in TARGET_PREFIXES {
                assert_eq!(Operation::from_target(&format!("{prefix}.{operation}")), Ok(*operation));
            }
        }
    }

    #[test]
    fn anything_else_is_unknown() {
        let unknown = [
            "",
            "GetTrail",
            ".GetTrail",
            "CloudTrail_20131101",
            "CloudTrail_20131101.",
            "CloudTrail_20131101.gettrail",
            "CloudTrail_20131101.GetTrail.",
            "CloudTrail_20131101.GetTrail.x",
            "CloudTrail_20131101.GetTrail ",
            "CloudTrail_20131101.NoSuchThing",
            "CloudTrail_20131101.PutAuditEvents",
            "example.CloudTrail_20131101.GetTrail",
            "com.amazonaws.cloudtrail.v20131102.CloudTrail_20131101.GetTrail",
        ];
        for target in unknown {
            let error = Error::from(Operation::from_target(target).expect_err(target));
            assert_eq!((error.code, error.status), ("UnknownOperationException", 400), "{target}");
        }
    }

    #[test]
    fn reads_are_known_by_their_verb() {
        let writes = Operation::ALL.iter().filter(|operation| !operation.is_read_only());
        assert!(writes.clone().all(|operation| !operation.name().starts_with("Get")));
        assert!(Operation::LookupEvents.is_read_only() && Operation::DescribeTrails.is_read_only());
        assert!(!Operation::StartLogging.is_read_only() && !Operation::PutAuditEvents.is_read_only());
    }

    #[test]
    fn the_model_is_whole() {
        assert_eq!(Operation::ALL.len(), 61);
        assert_eq!(crate::ErrorShape::ALL.len(), 86 + 6 - 1, "one name is in both models");
        assert_eq!(Operation::CreateTrail.errors().len(), 33);
    }
}
