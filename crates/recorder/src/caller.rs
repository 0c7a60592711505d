//! Who a call is from.

use std::net::IpAddr;

use opentrail_model::{AccountId, PolicyPrincipal, UserIdentity};
use opentrail_stdx::Timestamp;

use crate::mapping::{self, Mapping};
use crate::session::Sessions;

/// Who a call is from, as records tell it.
#[derive(Debug, Clone, PartialEq)]
pub struct Caller {
    /// `userIdentity` of the caller's own account's records.
    pub identity: UserIdentity,
    /// The account that the call is made in.
    pub account: AccountId,
    /// Whether somebody is behind it whose account is known.
    pub is_known: bool,
}

impl Caller {
    /// The holder of a key: learnt when STS handed it out, mapped by the file, or unknown and taken for one of `account`.
    pub fn of_key(
        access_key_id: &str,
        account: &AccountId,
        mapping: &Mapping,
        sessions: &Sessions,
        now: Timestamp,
    ) -> Self {
        if let Some(session) = sessions.get(access_key_id, now) {
            let identity = UserIdentity { access_key_id: Some(access_key_id.to_owned()), ..session.identity };
            return Self { identity, account: session.account, is_known: true };
        }
        if let Some(principal) = mapping.principal(access_key_id, account) {
            let identity = principal.user_identity(Some(access_key_id));
            return Self { identity, account: principal.account, is_known: true };
        }
        Self { identity: mapping::unknown(access_key_id, account), account: account.clone(), is_known: false }
    }

    /// Nobody signed: the call is one on what `account` has opened to everybody.
    pub fn anonymous(account: &AccountId) -> Self {
        Self { identity: UserIdentity::anonymous(), account: account.clone(), is_known: false }
    }

    /// The same caller as a service's rule sees it: a service by itself, or a service on behalf of whoever holds the key.
    #[must_use]
    pub fn behind_service(
        self,
        mapping: &Mapping,
        access_key_id: Option<&str>,
        user_agent: Option<&str>,
        source: IpAddr,
    ) -> Self {
        let Some(service) = mapping.service(access_key_id, user_agent, source) else { return self };
        let identity = if self.is_known {
            UserIdentity { invoked_by: Some(service.to_owned()), ..self.identity }
        } else {
            UserIdentity::service(service)
        };
        Self { identity, ..self }
    }

    /// The same caller, when the upstream says that the signature doesn't hold: only the claim is left.
    #[must_use]
    pub fn unproven(self, account: &AccountId) -> Self {
        let claimed = self.identity.access_key_id.unwrap_or_default();
        let identity = UserIdentity { user_name: None, principal_id: None, ..mapping::unknown(&claimed, account) };
        Self { identity, account: account.clone(), is_known: false }
    }

    /// The caller as policies see it.
    pub fn principal(&self) -> PolicyPrincipal {
        let identity = &self.identity;
        match (identity.kind.as_deref(), &identity.invoked_by) {
            (Some("AWSService"), Some(service)) => PolicyPrincipal::Service(service.clone()),
            _ if identity.access_key_id.is_none() => PolicyPrincipal::Anonymous,
            _ => {
                let issuer = identity.session_context.as_ref().and_then(|context| context.session_issuer.as_ref());
                let arns = identity.arn.iter().chain(issuer.map(|issuer| &issuer.arn)).cloned().collect();
                PolicyPrincipal::Aws { account: self.account.to_string(), arns }
            }
        }
    }

    /// The caller as an account may know it: in full in its own copy, by account and id in another's.
    pub(crate) fn identity_for(&self, recipient: &AccountId) -> UserIdentity {
        if *recipient == self.account || self.identity.account_id.as_deref() != Some(self.account.as_str()) {
            return self.identity.clone();
        }
        UserIdentity::other_account(self.identity.principal_id.as_deref().unwrap_or_default(), self.account.as_str())
    }
}

/// Codes by which services say that they don't take the signature for that of the key's holder.
const UNPROVEN: [&str; 13] = [
    "AuthFailure",
    "AuthorizationHeaderMalformed",
    "ExpiredToken",
    "ExpiredTokenException",
    "IncompleteSignature",
    "IncompleteSignatureException",
    "InvalidAccessKeyId",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "InvalidToken",
    "RequestTimeTooSkewed",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
];

/// Does the error mean that the caller has not been proven to hold the key?
pub fn is_unproven(error_code: &str) -> bool {
    let code = error_code.strip_prefix("Client.").unwrap_or(error_code);
    UNPROVEN.binary_search(&code).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> AccountId {
        "123456789012".parse().expect("valid")
    }

    fn mapping() -> Mapping {
        let text = r#"
            [[principal]]
            access_key = "AKIAALICE"
            user = "alice"

            [[service]]
            name = "config.amazonaws.com"
            user_agent = "config/*"
        "#;
        Mapping::parse(text, Timestamp::EPOCH).expect("valid")
    }

    fn caller(key: &str) -> Caller {
        Caller::of_key(key, &account(), &mapping(), &Sessions::default(), Timestamp::EPOCH)
    }

    #[test]
    fn a_key_that_nobody_mapped_is_told_as_such() {
        let caller = caller("AKIABOB");
        assert_eq!(caller.identity.kind.as_deref(), Some("Unknown"));
        assert_eq!(caller.identity.access_key_id.as_deref(), Some("AKIABOB"));
        assert!(!caller.is_known);
    }

    #[test]
    fn a_signature_that_does_not_hold_is_nobodys() {
        let unproven = caller("AKIAALICE").unproven(&account());
        assert_eq!(unproven.identity.kind.as_deref(), Some("Unknown"));
        assert_eq!(unproven.identity.access_key_id.as_deref(), Some("AKIAALICE"), "that is what was claimed");
        assert_eq!((unproven.identity.user_name, unproven.identity.arn), (None, None), "alice did not call");
    }

    #[test]
    fn services_call_by_themselves_or_for_somebody() {
        let source = "127.0.0.1".parse().expect("valid");
        let behind = |caller: Caller, agent| caller.behind_service(&mapping(), None, Some(agent), source).identity;
        assert_eq!(behind(Caller::anonymous(&account()), "config/1"), UserIdentity::service("config.amazonaws.com"));
        let for_alice = behind(caller("AKIAALICE"), "config/1");
        assert_eq!(for_alice.user_name.as_deref(), Some("alice"));
        assert_eq!(for_alice.invoked_by.as_deref(), Some("config.amazonaws.com"));
        assert_eq!(behind(caller("AKIAALICE"), "aws-cli"), caller("AKIAALICE").identity);
    }

    #[test]
    fn other_accounts_learn_little_of_a_caller() {
        let alice = caller("AKIAALICE");
        assert_eq!(alice.identity_for(&account()), alice.identity);
        let other = alice.identity_for(&"210987654321".parse().expect("valid"));
        assert_eq!((other.kind.as_deref(), other.user_name), (Some("AWSAccount"), None));
        assert_eq!(other.account_id.as_deref(), Some("123456789012"));
    }

    #[test]
    fn codes_of_unproven_signatures_are_sorted_and_found() {
        assert!(UNPROVEN.is_sorted());
        assert!(is_unproven("SignatureDoesNotMatch") && is_unproven("Client.AuthFailure"));
        assert!(!is_unproven("AccessDenied"));
    }
}
