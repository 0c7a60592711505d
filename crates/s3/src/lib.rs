//! The embedded S3: buckets for trails, readable by stock clients.
//!
//! [`S3Service`] answers S3 requests whose signature somebody else has checked, and says in an [`S3Call`] what the
//! record of the call must contain. Rows live in the catalog; bytes live in body files, written and synced before a
//! catalog transaction makes them visible, so that an answer of 200 means *durable* and a crash leaves at worst a file
//! that nobody refers to, which the next start collects. [`EmbeddedBuckets`] is the same store as CloudTrail's own
//! service principal sees it: it obeys the bucket's policy.
//!
//! An error answer is complete, AWS-shaped and part of the answer: [`S3Service::call`] itself can't fail.
//!
//! ```no_run
//! # async fn example(
//! #     service: opentrail_s3::S3Service, caller: opentrail_s3::Caller,
//! #     request: http::Request<http_body_util::Full<bytes::Bytes>>,
//! # ) {
//! // `request` may have any body (`hyper::body::Incoming`, `Full`, a decoder of `aws-chunked` that ends with trailers).
//! let (response, call): (http::Response<opentrail_s3::Body>, opentrail_s3::S3Call) = service.call(request, caller).await;
//! // Journal what `call` says, then send `response`: `Body` is an `http_body::Body<Data = Bytes>`.
//! # }
//! ```
//!
//! What stays out: signatures and `aws-chunked` (the server's gate), records themselves, versions of objects, access
//! control lists beyond the owner's, and acting on what a bucket's lifecycle, logging, CORS or website documents say:
//! they are kept and given back.

mod authorize;
mod bodies;
mod call;
mod caller;
mod digest;
mod embedded;
mod kept;
mod operation;
mod ops;
mod refusal;
mod service;
mod store;
mod target;
mod watch;
mod xml;

pub use call::{CallResource, S3Call};
pub use caller::{Authentication, Caller};
pub use embedded::{CallSink, CallerBucket, EmbeddedBuckets, ServiceCall, SinkError};
pub use refusal::Refusal;
pub use s3s::Body;
pub use service::{Options, S3Service};
