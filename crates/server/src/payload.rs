//! S3 request bodies as they stream in: decoded from `aws-chunked`, or hashed against what was signed.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use aws_lc_rs::digest::{self, SHA256};
use bytes::Bytes;
use http::HeaderMap;
use http::header::{HeaderName, HeaderValue};
use hyper::body::{Body, Frame, SizeHint};
use opentrail_s3::Refusal;
use opentrail_sigv4::chunked::Decoder;
use opentrail_sigv4::{AuthError, Family, Verified};

use crate::body::BodyError;

/// How a body is watched.
enum Watch {
    /// Its signature doesn't cover it.
    Nothing,
    /// Its hash must be the signed one.
    Hash { context: digest::Context, verified: Box<Verified> },
    /// It comes in chunks, which the decoder checks. Taken when they have ended.
    Chunks(Option<Box<Decoder>>),
}

/// A body that ends with a [`Refusal`] when it isn't what was signed.
pub(crate) struct Payload<B> {
    inner: B,
    watch: Watch,
    /// Received, not yet decoded.
    pending: Bytes,
    ended: bool,
}

impl<B> Payload<B> {
    /// A body that nobody signed.
    pub(crate) fn unsigned(inner: B) -> Self {
        Self { inner, watch: Watch::Nothing, pending: Bytes::new(), ended: false }
    }

    /// A body whose whole hash was signed, or which is not covered at all: `verified` knows.
    pub(crate) fn hashed(inner: B, verified: &Verified) -> Self {
        let watch = Watch::Hash { context: digest::Context::new(&SHA256), verified: Box::new(verified.clone()) };
        Self { inner, watch, pending: Bytes::new(), ended: false }
    }

    /// A body in `aws-chunked` form.
    pub(crate) fn chunked(inner: B, decoder: Decoder) -> Self {
        Self { inner, watch: Watch::Chunks(Some(Box::new(decoder))), pending: Bytes::new(), ended: false }
    }
}

type Polled = Poll<Option<Result<Frame<Bytes>, BodyError>>>;

impl<B> Body for Payload<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<BodyError>,
{
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Polled {
        let this = self.get_mut();
        if this.ended {
            return Poll::Ready(None);
        }
        let polled = this.poll_watched(cx);
        if let Poll::Ready(None | Some(Err(_))) = polled {
            this.ended = true;
        }
        polled
    }

    fn size_hint(&self) -> SizeHint {
        match self.watch {
            Watch::Nothing | Watch::Hash { .. } => self.inner.size_hint(),
            Watch::Chunks(_) => SizeHint::default(),
        }
    }
}

impl<B> Payload<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<BodyError>,
{
    fn poll_watched(&mut self, cx: &mut Context<'_>) -> Polled {
        match &mut self.watch {
            Watch::Nothing => self.poll_inner(cx),
            Watch::Hash { .. } => self.poll_hashed(cx),
            Watch::Chunks(_) => self.poll_chunks(cx),
        }
    }

    fn poll_inner(&mut self, cx: &mut Context<'_>) -> Polled {
        Pin::new(&mut self.inner).poll_frame(cx).map_err(Into::into)
    }

    fn poll_hashed(&mut self, cx: &mut Context<'_>) -> Polled {
        let frame = ready!(self.poll_inner(cx)).transpose()?;
        let Watch::Hash { context, verified } = &mut self.watch else { unreachable!("checked by the caller") };
        if let Some(data) = frame.as_ref().and_then(Frame::data_ref) {
            context.update(data);
        }
        if frame.is_none() {
            let mut sha256 = [0; 32];
            sha256.copy_from_slice(context.clone().finish().as_ref());
            verified.check_body(&sha256).map_err(refused)?;
        }
        Poll::Ready(frame.map(Ok))
    }

    fn poll_chunks(&mut self, cx: &mut Context<'_>) -> Polled {
        loop {
            let Watch::Chunks(slot) = &mut self.watch else { unreachable!("checked by the caller") };
            let Some(decoder) = slot else { return Poll::Ready(None) };
            if let Some(data) = decoder.push(&mut self.pending).map_err(|error| refused(error.into()))? {
                return Poll::Ready(Some(Ok(Frame::data(data))));
            }
            match ready!(Pin::new(&mut self.inner).poll_frame(cx)) {
                Some(Ok(frame)) => self.pending = frame.into_data().unwrap_or_default(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error.into()))),
                None => {
                    let decoder = slot.take().expect("it was there a moment ago");
                    let trailers = decoder.finish().map_err(|error| refused(error.into()))?;
                    return Poll::Ready(trailer_frame(trailers).map(Ok));
                }
            }
        }
    }
}

fn trailer_frame(trailers: Vec<(String, String)>) -> Option<Frame<Bytes>> {
    let mut headers = HeaderMap::new();
    for (name, value) in trailers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.append(name, value);
        }
    }
    (!headers.is_empty()).then(|| Frame::trailers(headers))
}

/// A signature error in S3's words.
pub(crate) fn refusal(error: &AuthError) -> Refusal {
    let rendered = error.render(Family::S3);
    Refusal::new(rendered.code, rendered.message, rendered.status)
}

fn refused(error: AuthError) -> BodyError {
    Box::new(refusal(&error))
}
