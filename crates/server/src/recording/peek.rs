//! A look at a body's beginning before it is sent on.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt;
use hyper::body::{Body as HttpBody, Frame, SizeHint};

use crate::body::{Body, BodyError};

/// What was seen of a body, and the body from its beginning on.
pub(crate) struct Peeked {
    /// The beginning.
    pub(crate) seen: Bytes,
    /// Whether it is all that there is.
    pub(crate) is_whole: bool,
    pub(crate) body: Body,
}

/// Reads until `bytes_max` bytes are there, or the body is over.
pub(crate) async fn peek(mut body: Body, bytes_max: usize) -> Result<Peeked, BodyError> {
    let (mut frames, mut seen) = (VecDeque::new(), BytesMut::new());
    let mut is_whole = body.is_end_stream();
    while !is_whole && seen.len() < bytes_max {
        let frame = match body.frame().await {
            Some(Ok(frame)) => frame,
            Some(Err(error)) => return Err(error),
            None => {
                is_whole = true;
                break;
            }
        };
        if let Some(data) = frame.data_ref() {
            seen.extend_from_slice(data);
        }
        frames.push_back(frame);
        is_whole = body.is_end_stream();
    }
    let is_whole = is_whole && seen.len() <= bytes_max;
    seen.truncate(bytes_max);
    Ok(Peeked { seen: seen.freeze(), is_whole, body: Again { frames, rest: body }.boxed_unsync() })
}

/// Frames that were read already, and then the others.
struct Again {
    frames: VecDeque<Frame<Bytes>>,
    rest: Body,
}

impl HttpBody for Again {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let this = self.get_mut();
        match this.frames.pop_front() {
            Some(frame) => Poll::Ready(Some(Ok(frame))),
            None => Pin::new(&mut this.rest).poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.frames.is_empty() && self.rest.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let read: usize = self.frames.iter().filter_map(Frame::data_ref).map(Bytes::len).sum();
        let (rest, mut all) = (self.rest.size_hint(), SizeHint::new());
        // The upper bound first: a lower one may not exceed it.
        if let Some(upper) = rest.upper() {
            all.set_upper(upper + read as u64);
        }
        all.set_lower(rest.lower() + read as u64);
        all
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::StreamBody;

    use super::*;

    fn body() -> Body {
        let frames =
            ["Action=", "ListUsers", "&Version=1"].map(|text| Ok(Frame::data(Bytes::from_static(text.as_bytes()))));
        StreamBody::new(futures::stream::iter(frames)).boxed_unsync()
    }

    #[tokio::test]
    async fn what_was_seen_comes_again() {
        for (bytes_max, seen, is_whole) in
            [(0, "", false), (9, "Action=Li", false), (100, "Action=ListUsers&Version=1", true)]
        {
            let peeked = peek(body(), bytes_max).await.expect("no error");
            assert_eq!((&peeked.seen[..], peeked.is_whole), (seen.as_bytes(), is_whole));
            let all = peeked.body.collect().await.expect("no error").to_bytes();
            assert_eq!(all, "Action=ListUsers&Version=1");
        }
    }

    #[tokio::test]
    async fn a_length_stays_what_it_was() {
        let peeked = peek(crate::body::full("hello"), 2).await.expect("no error");
        assert_eq!(peeked.body.size_hint().exact(), Some(5));
    }
}
