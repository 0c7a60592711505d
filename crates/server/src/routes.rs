//! The way of a request: pages for machines, the files of the console, receivers, upstreams, then the gate, then the service
//! that the credential scope names.

use std::sync::Arc;
use std::time::Instant;

use http::header::{HOST, HeaderValue};
use http::request::Parts;
use http::{Request, Response};
use hyper::body::Incoming;
use opentrail_sigv4::Family;

use crate::app::App;
use crate::body::Body;
use crate::listener::Peer;
use crate::recording::{self, Door};
use crate::service;

/// Answers one request.
pub(crate) async fn answer(
    app: Arc<App>,
    door: Arc<Door>,
    peer: Arc<Peer>,
    request: Request<Incoming>,
) -> Response<Body> {
    let begun = Instant::now();
    let (mut parts, body) = request.into_parts();
    name_host(&mut parts);
    if door.is_main
        && let Some(response) = service::ops::answer(&app, &parts).await
    {
        return response;
    }
    if door.is_main
        && let Some(response) = service::console::answer(&parts)
    {
        return response;
    }
    let peer = door.seen_through(peer, &parts);
    if door.is_main && service::receivers::is_addressed(&app, &parts) {
        let response = Box::pin(service::receivers::answer(&app, &peer, parts, body)).await;
        app.metrics.observe_call("receivers", response.status().as_u16(), begun.elapsed().as_secs_f64());
        return response;
    }
    if let Some(route) = recording::route(&app.recording, &door, &parts) {
        let response = Box::pin(recording::answer(Arc::clone(&app), door, peer, route, parts, body)).await;
        app.metrics.observe_call("upstream", response.status().as_u16(), begun.elapsed().as_secs_f64());
        return response;
    }
    let (name, response) = match Family::of_request(&parts) {
        Family::S3 => ("s3", Box::pin(service::s3::answer(&app, &peer, parts, body)).await),
        family => Box::pin(service::call::answer(&app, &peer, family, parts, body)).await,
    };
    app.metrics.observe_call(name, response.status().as_u16(), begun.elapsed().as_secs_f64());
    response
}

/// Requests of HTTP/2 have their host in `:authority`; whoever looks at headers finds it there, too.
fn name_host(parts: &mut Parts) {
    if parts.headers.contains_key(HOST) {
        return;
    }
    let authority = parts.uri.authority().filter(|authority| !authority.as_str().contains('@'));
    let authority = authority.and_then(|authority| HeaderValue::from_str(authority.as_str()).ok());
    parts.headers.extend(authority.map(|host| (HOST, host)));
}
