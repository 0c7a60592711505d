//! `OpenTrail.SearchEvents`: Event history by any question, streamed; described in `docs/lookup.md`.
//!
//! The answer is made page by page as the client reads it, so that one who is slow or goes away costs a page of memory
//! at most. A search answers as of its beginning; following goes on from there.

mod request;
mod stream;

use bytes::Bytes;
use futures::StreamExt;
use http::Response;
use http::header::{CONTENT_TYPE, HeaderValue};
use http_body_util::{BodyExt, StreamBody};

use self::request::Search;
use self::stream::{Searcher, Sent};
use crate::app::App;
use crate::body::Body;
use crate::gate::Authenticated;
use crate::respond::{Stamp, json};
use crate::service::question::InvalidQuestion;

/// Why a search was not begun.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SearchError {
    /// The caller mends it.
    #[error(transparent)]
    Invalid(#[from] InvalidQuestion),
    /// The operator looks.
    #[error("event history cannot be read now; try again later")]
    History(#[from] opentrail_lake::Error),
}

/// Begins a search: the first page is at hand when this returns, so that what fails at once is told with its status.
pub(crate) async fn answer(
    app: &App,
    stamp: &Stamp,
    body: &Bytes,
    caller: &Authenticated,
) -> Result<Response<Body>, SearchError> {
    let account = caller.key().principal.account.clone();
    let search = Search::read(body, &account, app.clock.now())?;
    let mut searcher = Searcher::new(app, account, search);
    let first = searcher.next().await?;
    let rest = futures::stream::unfold(Some(searcher), |searcher| async {
        let mut searcher = searcher?;
        match searcher.next().await {
            Ok(Sent::More(lines)) => Some((lines, Some(searcher))),
            Ok(Sent::Last(lines)) => Some((lines, None)),
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "a search could not go on");
                Some((stream::failure(), None))
            }
        }
    });
    let lines = match first {
        Sent::More(lines) => futures::stream::once(async { lines }).chain(rest).left_stream(),
        Sent::Last(lines) => futures::stream::once(async { lines }).right_stream(),
    };
    let body = StreamBody::new(lines.map(|lines| Ok(http_body::Frame::data(lines)))).boxed_unsync();
    let mut response = json(stamp, 200, Bytes::new()).map(|_| body);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/x-ndjson"));
    Ok(response)
}
