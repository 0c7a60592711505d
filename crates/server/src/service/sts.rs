//! STS, as far as clients need it to learn who they are: GetCallerIdentity.

use bytes::Bytes;
use percent_encoding::percent_decode;

use crate::gate::Authenticated;
use crate::record::CallFacts;
use crate::respond::{Stamp, escaped, query_error, xml};
use crate::service::call::Answered;

/// Answers an STS call.
pub(crate) fn answer(stamp: &Stamp, body: &Bytes, caller: &Authenticated) -> Answered {
    let Some(action) = form_value(body, "Action") else {
        let message = "The request must contain the parameter Action";
        return Answered { response: query_error(stamp, 400, "MissingAction", message), facts: None };
    };
    if action != "GetCallerIdentity" {
        let message = format!("OpenTrail does not serve the STS action `{action}`; it serves GetCallerIdentity.");
        let response = query_error(stamp, 400, "InvalidAction", &message);
        return Answered { response, facts: None };
    }
    let principal = &caller.key().principal;
    let body = format!(
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
         <Arn>{}</Arn><UserId>{}</UserId><Account>{}</Account></GetCallerIdentityResult>\
         <ResponseMetadata><RequestId>{}</RequestId></ResponseMetadata></GetCallerIdentityResponse>",
        escaped(&principal.arn().unwrap_or_default()),
        escaped(&principal.id()),
        principal.account,
        stamp.request_id
    );
    let facts = CallFacts {
        event_source: "sts.amazonaws.com".to_owned(),
        event_name: action,
        is_read_only: true,
        is_data_event: false,
        request_parameters: None,
        response_elements: None,
        error: None,
    };
    Answered { response: xml(stamp, 200, body), facts: Some(facts) }
}

/// The value of a field in an `application/x-www-form-urlencoded` body.
pub(crate) fn form_value(body: &Bytes, name: &str) -> Option<String> {
    body.split(|&byte| byte == b'&').find_map(|pair| {
        let value = pair.strip_prefix(name.as_bytes())?.strip_prefix(b"=")?;
        let spaced: Vec<u8> = value.iter().map(|&byte| if byte == b'+' { b' ' } else { byte }).collect();
        Some(percent_decode(&spaced).decode_utf8_lossy().into_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form_values_are_decoded() {
        let body = Bytes::from_static(b"Action=GetCallerIdentity&Version=2011-06-15&Note=a+b%2Fc");
        assert_eq!(form_value(&body, "Action").as_deref(), Some("GetCallerIdentity"));
        assert_eq!(form_value(&body, "Note").as_deref(), Some("a b/c"));
        assert_eq!(form_value(&body, "Act"), None);
    }
}
