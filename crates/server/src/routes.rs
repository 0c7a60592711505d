//! The way of a request: pages for machines, the files of the console, then the gate, then the service that the
//! credential scope names.

use std::sync::Arc;
use std::time::Instant;

use http::{Request, Response};
use hyper::body::Incoming;
use opentrail_sigv4::Family;

use crate::app::App;
use crate::body::Body;
use crate::listener::Peer;
use crate::service;

/// Answers one request.
pub(crate) async fn answer(app: Arc<App>, peer: Arc<Peer>, request: Request<Incoming>) -> Response<Body> {
    let begun = Instant::now();
    let (parts, body) = request.into_parts();
    if let Some(response) = service::ops::answer(&app, &parts).await {
        return response;
    }
    if let Some(response) = service::console::answer(&parts) {
        return response;
    }
    let (name, response) = match Family::of_request(&parts) {
        Family::S3 => ("s3", Box::pin(service::s3::answer(&app, &peer, parts, body)).await),
        family => Box::pin(service::call::answer(&app, &peer, family, parts, body)).await,
    };
    app.metrics.observe_call(name, response.status().as_u16(), begun.elapsed().as_secs_f64());
    response
}
