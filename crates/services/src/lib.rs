//! AWS services on the wire: which operation a request is, and what CloudTrail's record of it says.
//!
//! [`Services::recognise`] looks at a request's head and names its [`Operation`], or asks for the body of the form that
//! carries the name. [`Operation::capture`] tells how much of both bodies to keep while they pass by, and [`describe()`]
//! turns what was kept, an [`Exchange`], into the [`Call`] that CloudTrail would have recorded.
//!
//! ```
//! use opentrail_services::{Body, Exchange, Recognition, Services, Transfer, describe};
//!
//! let request = http::Request::post("/").header("x-amz-target", "AmazonSSM.PutParameter").body(())?.into_parts().0;
//! let Recognition::Operation(operation) = Services::embedded().recognise(&request, Some("ssm")) else { panic!() };
//! let call = describe(&Exchange {
//!     operation: &operation,
//!     request: &request,
//!     request_body: Body { bytes: br#"{"Name":"a","Value":"secret"}"#, is_whole: true },
//!     response: None,
//!     account: "123456789012",
//!     region: "us-east-1",
//!     partition: "aws",
//!     transfer: Transfer::default(),
//! });
//! let shown = r#"{"name":"a","value":"HIDDEN_DUE_TO_SECURITY_REASONS"}"#;
//! assert_eq!(call.request_parameters.map(|parameters| parameters.to_string()).as_deref(), Some(shown));
//! # Ok::<(), http::Error>(())
//! ```
//!
//! Two kinds of knowledge meet here. The *table* has what the models say of each service's operations and shapes; it is generated, and
//! unpacked one service at a time, when that is first called. What CloudTrail does that no model says is *hand-written*: names,
//! categories, what stays hidden, the forms of EC2 and S3. `agreement.txt` has how far both together agree with real records.
//!
//! Plain and synchronous: no IO, no clock, no sockets. Nothing here fails: a body that can't be read, isn't whole, nests too deep or has
//! too many parts describes nothing, and the call is still told. Secrets are hidden unless a rule shows them.

mod call;
mod describe;
mod exchange;
mod knowledge;
mod operation;
mod recognise;
mod table;
#[cfg(test)]
mod tests;
mod wire;

pub use call::{Call, CallError};
pub use describe::describe;
pub use exchange::{AuthenticationMethod, Body, Exchange, Response, SignatureVersion, Transfer};
pub use operation::{Capture, Operation};
pub use recognise::{Pending, Recognition, Services, Unknown, Upload};
