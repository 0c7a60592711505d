//! `OpenTrail.SignIn`: the console tests a key; recorded as a sign-in, and not as a call.

use http::request::Parts;
use opentrail_catalog::AccessKey;
use opentrail_model::{PrincipalKind, Record, UserIdentity};
use serde_json::{Value, json};

use super::call::target;
use crate::gate::Authenticated;

/// The operation.
pub(crate) const SIGN_IN: &str = "SignIn";

/// Whether a request is a sign-in.
pub(crate) fn is_sign_in(parts: &Parts) -> bool {
    target(parts).and_then(|target| target.strip_prefix("OpenTrail.")) == Some(SIGN_IN)
}

/// Whom the key belongs to.
pub(crate) fn answer(caller: &Authenticated) -> Value {
    let principal = &caller.key().principal;
    let (kind, name) = match &principal.kind {
        PrincipalKind::Root => ("Root", "root"),
        PrincipalKind::User { name, .. } => ("IAMUser", name.as_str()),
        PrincipalKind::Session { session, .. } => ("AssumedRole", session.as_str()),
        PrincipalKind::Service { name } => ("AWSService", name.as_str()),
    };
    json!({
        "Account": principal.account,
        "Arn": principal.arn(),
        "UserName": name,
        "PrincipalType": kind,
        "Region": caller.region().as_str(),
    })
}

/// Makes the record of a call that of a sign-in (CloudTrail user guide, "AWS Management Console sign-in events"). A key in
/// place of a password is ours, so the record has none, as those of passwords.
pub(crate) fn record(call: Record, key: &AccessKey, address: Option<&str>) -> Record {
    let is_failure = call.error_code.is_some();
    let outcome = if is_failure { "Failure" } else { "Success" };
    let login_to = format!("{}/console/", address.unwrap_or_default());
    Record {
        event_source: "signin.amazonaws.com".to_owned(),
        event_name: "ConsoleLogin".to_owned(),
        event_type: "AwsConsoleSignIn".to_owned(),
        error_code: None,
        error_message: is_failure.then(|| "Failed authentication".to_owned()),
        request_parameters: None,
        response_elements: Some(json!({ "ConsoleLogin": outcome })),
        additional_event_data: Some(json!({ "LoginTo": login_to, "MobileVersion": "No", "MFAUsed": "No" })),
        request_id: None,
        read_only: Some(false),
        user_identity: identity(key, is_failure),
        session_credential_from_console: None,
        ..call
    }
}

/// A user who failed to sign in has no ARN and an empty key; root keeps his ARN.
fn identity(key: &AccessKey, is_failure: bool) -> UserIdentity {
    let is_root = key.principal.kind == PrincipalKind::Root;
    let identity = key.principal.user_identity(None);
    if !is_failure || is_root {
        return identity;
    }
    UserIdentity { arn: None, access_key_id: Some(String::new()), ..identity }
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};
    use opentrail_catalog::Secret;
    use opentrail_model::Principal;
    use opentrail_stdx::Timestamp;

    use super::*;

    fn check(kind: PrincipalKind, error: Option<&str>, expected: Expect) {
        let key = AccessKey {
            id: "AKIAEXAMPLE".to_owned(),
            secret: Secret::new("secret".to_owned()),
            is_root: kind == PrincipalKind::Root,
            principal: Principal { account: "123456789012".parse().expect("an account"), kind },
            session_token: None,
            created_at: Timestamp::EPOCH,
        };
        let call = Record {
            error_code: error.map(str::to_owned),
            request_id: Some("r".to_owned()),
            recipient_account_id: Some("123456789012".to_owned()),
            ..Record::default()
        };
        let record = record(call, &key, Some("http://127.0.0.1:7410"));
        expected.assert_eq(&String::from_utf8(record.to_json()).expect("text"));
    }

    #[test]
    fn records_have_the_shape_of_sign_ins() {
        check(
            PrincipalKind::Root,
            None,
            expect![[
                r#"{"eventVersion":"1.11","userIdentity":{"type":"Root","principalId":"123456789012","arn":"arn:aws:iam::123456789012:root","accountId":"123456789012"},"eventTime":"1970-01-01T00:00:00Z","eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","awsRegion":"","sourceIPAddress":"","requestParameters":null,"responseElements":{"ConsoleLogin":"Success"},"additionalEventData":{"LoginTo":"http://127.0.0.1:7410/console/","MobileVersion":"No","MFAUsed":"No"},"eventID":"","readOnly":false,"eventType":"AwsConsoleSignIn","managementEvent":true,"recipientAccountId":"123456789012","eventCategory":"Management"}"#
            ]],
        );
        let user =
            || PrincipalKind::User { name: "bob".to_owned(), path: "/".to_owned(), id: "AIDAEXAMPLE".to_owned() };
        check(
            user(),
            None,
            expect![[
                r#"{"eventVersion":"1.11","userIdentity":{"type":"IAMUser","principalId":"AIDAEXAMPLE","arn":"arn:aws:iam::123456789012:user/bob","accountId":"123456789012","userName":"bob"},"eventTime":"1970-01-01T00:00:00Z","eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","awsRegion":"","sourceIPAddress":"","requestParameters":null,"responseElements":{"ConsoleLogin":"Success"},"additionalEventData":{"LoginTo":"http://127.0.0.1:7410/console/","MobileVersion":"No","MFAUsed":"No"},"eventID":"","readOnly":false,"eventType":"AwsConsoleSignIn","managementEvent":true,"recipientAccountId":"123456789012","eventCategory":"Management"}"#
            ]],
        );
        check(
            user(),
            Some("InvalidSignatureException"),
            expect![[
                r#"{"eventVersion":"1.11","userIdentity":{"type":"IAMUser","principalId":"AIDAEXAMPLE","accountId":"123456789012","accessKeyId":"","userName":"bob"},"eventTime":"1970-01-01T00:00:00Z","eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","awsRegion":"","sourceIPAddress":"","errorMessage":"Failed authentication","requestParameters":null,"responseElements":{"ConsoleLogin":"Failure"},"additionalEventData":{"LoginTo":"http://127.0.0.1:7410/console/","MobileVersion":"No","MFAUsed":"No"},"eventID":"","readOnly":false,"eventType":"AwsConsoleSignIn","managementEvent":true,"recipientAccountId":"123456789012","eventCategory":"Management"}"#
            ]],
        );
    }
}
