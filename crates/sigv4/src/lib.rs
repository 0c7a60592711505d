//! AWS Signature Version 4: canonical request, sign, verify.
//!
//! A server reads what a request claims with [`Presented::from_request`], finds the secret of the claimed key, and turns
//! the claim into evidence with [`Presented::verify`]: only that mints a [`Verified`]. Bodies that are signed piece by
//! piece (`aws-chunked`) go through the [`chunked::Decoder`] that the evidence hands out. A client signs with [`Signer`].
//!
//! Errors are facts ([`AuthError`]); [`AuthError::render`] gives the status, code and words that each family of AWS
//! services answers with. Whatever the error, nothing was done for the caller.
//!
//! ```
//! use opentrail_sigv4::{BodyHash, Credentials, Presented, SecretKey, SignedBody, Signer};
//! use opentrail_stdx::Timestamp;
//!
//! let now = Timestamp::from_secs(1_440_938_160);
//! let credentials = Credentials {
//!     access_key_id: "AKIDEXAMPLE".to_owned(),
//!     secret: SecretKey::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
//!     session_token: None,
//! };
//! let signer = Signer { credentials: &credentials, region: "us-east-1", service: "cloudtrail", now };
//! let request = http::Request::post("http://localhost:7410/").header("host", "localhost:7410").body(()).unwrap();
//! let (mut parts, ()) = request.into_parts();
//! signer.sign(&mut parts, SignedBody::Bytes(b"{}")).unwrap();
//!
//! let presented = Presented::from_request(&parts).unwrap().expect("it is signed");
//! assert_eq!(presented.scope.service, "cloudtrail");
//! let verified = presented.verify(&parts, &credentials.secret, BodyHash::of(b"{}"), now).unwrap();
//! assert_eq!(verified.access_key_id(), "AKIDEXAMPLE");
//! ```
//!
//! What stays out: HTTP servers, where keys are kept, who may do what, clocks (time is an argument).

mod canonical;
pub mod chunked;
mod date;
mod error;
mod keys;
mod presented;
mod scope;
mod sign;
mod verify;
mod version_two;

pub use error::{AuthError, ExpiresFault, Family, Mismatch, Rendered};
pub use keys::{Credentials, SecretKey};
pub use presented::{Claim, Kind, Payload, Presented, Streaming};
pub use scope::Scope;
pub use sign::{SignedBody, Signer};
pub use verify::{BodyHash, Verified};
