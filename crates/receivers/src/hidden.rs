//! Secrets that other systems tell with the requests they saw. CloudTrail hides such members, and so do we.

use std::collections::BTreeMap;

use serde_json::value::{RawValue, to_raw_value};

use crate::members::Members;

/// What stands in a secret's place, in CloudTrail's words.
pub(crate) const HIDDEN: &str = "HIDDEN_DUE_TO_SECURITY_REASONS";

/// Headers or query parameters, as a system tells them.
pub(crate) type Fields = BTreeMap<String, Box<RawValue>>;

/// The fields with their secrets hidden.
pub(crate) fn fields(fields: Option<Fields>) -> Members {
    let hide = |(name, value): (String, _)| {
        let value = if is_secret(&name) { to_raw_value(HIDDEN).expect("a text prints") } else { value };
        (name, value)
    };
    fields.into_iter().flatten().map(hide).collect()
}

/// Does a field of that name carry a credential, a signature or a key?
fn is_secret(name: &str) -> bool {
    const SECRETS: [&str; 7] = [
        "authorization",
        "proxy-authorization",
        "cookie",
        "set-cookie",
        "signature",
        "x-amz-signature",
        "x-amz-security-token",
    ];
    let name = name.to_ascii_lowercase();
    SECRETS.contains(&name.as_str()) || name.ends_with("-customer-key")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_hidden() {
        let text = r#"{"Authorization":"AWS4-…","Host":"h","X-Amz-Server-Side-Encryption-Customer-Key":"k","X-Amz-Signature":"s"}"#;
        let shown = fields(Some(serde_json::from_str(text).expect("fields")));
        let expected = format!(
            r#"{{"Authorization":"{HIDDEN}","Host":"h","X-Amz-Server-Side-Encryption-Customer-Key":"{HIDDEN}","X-Amz-Signature":"{HIDDEN}"}}"#
        );
        assert_eq!(serde_json::to_string(&shown).expect("text"), expected);
    }
}
