//! ListPublicKeys: the public keys that digests of the called Region were signed with.
//!
//! - Seen: keys are DER of PKCS #1 with the lower-case MD5 of these bytes as fingerprint, valid for 30 days; the token
//!   is not looked at.
//! - Documented: a key is listed when its validity meets the range; both ends of the range default to now.
//! - Ours: before a Region's first digest it has no key and the list is empty.

use opentrail_catalog::SigningKey;
use opentrail_stdx::Timestamp;
use opentrail_wire::shapes::{Blob, ListPublicKeysRequest, ListPublicKeysResponse, PublicKey};

use crate::view::timestamp;
use crate::{Api, Caller, Error};

pub(crate) async fn list_public_keys(
    api: &Api,
    caller: &Caller,
    input: ListPublicKeysRequest,
) -> Result<ListPublicKeysResponse, Error> {
    let now = api.clock.now();
    let or_now = |at: Option<opentrail_wire::Timestamp>| at.map_or(now, |at| Timestamp::from_ms(at.as_millis()));
    let (from, to) = (or_now(input.start_time), or_now(input.end_time));
    if from > to {
        return Err(Error::TimeRange);
    }
    let keys = api.catalog.signing_keys(caller.region.as_str(), from, to).await?;
    Ok(ListPublicKeysResponse { public_key_list: Some(keys.into_iter().map(show).collect()), next_token: None })
}

fn show(key: SigningKey) -> PublicKey {
    PublicKey {
        value: Some(Blob(key.public_key)),
        validity_start_time: Some(timestamp(key.valid_from)),
        validity_end_time: Some(timestamp(key.valid_to)),
        fingerprint: Some(key.fingerprint),
    }
}
