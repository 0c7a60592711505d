//! Pages for machines: `/metrics`, `/healthz`, `/readyz`.

use http::request::Parts;
use http::{Method, Response};
use opentrail_journal::Health;

use crate::app::App;
use crate::body::Body;
use crate::respond::text;

/// Answers unsigned GETs of the three pages; `None` for everything else. A bucket may have any of these names: a
/// signed request goes to S3.
pub(crate) async fn answer(app: &App, parts: &Parts) -> Option<Response<Body>> {
    let signed = parts.headers.contains_key("authorization") || parts.uri.query().is_some();
    if signed || !matches!(parts.method, Method::GET | Method::HEAD) {
        return None;
    }
    match parts.uri.path() {
        "/metrics" => Some(text(200, app.metrics.render(app))),
        "/healthz" => Some(text(200, "ok\n")),
        "/readyz" => Some(ready(app).await),
        _ => None,
    }
}

/// Ready means: the journal takes records, the catalog answers, and Event history has what the journal had at the start.
async fn ready(app: &App) -> Response<Body> {
    if let Health::Failing { since, message } = app.journal.health() {
        return text(503, format!("the journal has not taken records since {since}: {message}\n"));
    }
    let found = *app.history.0.consumed().borrow();
    if found < app.began_at {
        return text(503, format!("Event history is being read from the journal: {found} of {}\n", app.began_at));
    }
    match app.catalog.ping().await {
        Ok(()) => text(200, "ready\n"),
        Err(error) => text(503, format!("the catalog does not answer: {error}\n")),
    }
}
