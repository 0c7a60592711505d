//! A body whose end is kept back until something else is done.

use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use crate::BodyError;
use crate::tasks::Spawn;

/// How a body came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// All of it came.
    Whole,
    /// Its sender broke off.
    Cut,
    /// Its reader went away.
    Abandoned,
}

type Finish = Pin<Box<dyn Future<Output = Result<(), BodyError>> + Send>>;
type OnEnd = Box<dyn FnOnce(Ending) -> Finish + Send>;
type Polled = Option<Result<Frame<Bytes>, BodyError>>;

/// Passes a body on, but keeps its end back: the frame that completes the announced length, or where none was announced the sign that
/// it is over. That follows when the future that `on_end` gives is done; if it fails, the body ends with its error, so that
/// the reader can't take it for whole. Nothing else waits.
///
/// When the reader goes away before, the future is run all the same, as a task.
pub struct Held<B> {
    inner: B,
    /// Bytes that are still to come, where that is known.
    left: Option<u64>,
    state: State,
    spawn: Spawn,
}

enum State {
    Flowing(OnEnd),
    Finishing(Finish, Polled),
    Over,
}

impl<B: Body<Data = Bytes>> Held<B> {
    /// Holds back the end of `inner` until what `on_end` returns is done.
    pub fn new<F>(inner: B, spawn: Spawn, on_end: impl FnOnce(Ending) -> F + Send + 'static) -> Self
    where
        F: Future<Output = Result<(), BodyError>> + Send + 'static,
    {
        let on_end: OnEnd = Box::new(move |ending| Box::pin(on_end(ending)));
        let left = inner.size_hint().exact();
        Self { inner, left, state: State::Flowing(on_end), spawn }
    }
}

impl<B> Held<B> {
    /// Begins the end: `last` follows when it is done.
    fn finish(&mut self, ending: Ending, last: Polled) {
        if let State::Flowing(on_end) = std::mem::replace(&mut self.state, State::Over) {
            self.state = State::Finishing(on_end(ending), last);
        }
    }

    fn is_last(&mut self, frame: &Frame<Bytes>) -> bool {
        let Some(data) = frame.data_ref() else { return true };
        let Some(left) = &mut self.left else { return false };
        *left = left.saturating_sub(data.len() as u64);
        *left == 0
    }
}

impl<B> Body for Held<B>
where
    B: Body<Data = Bytes> + Unpin,
    B::Error: Into<BodyError>,
{
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Polled> {
        let this = self.get_mut();
        loop {
            match &mut this.state {
                State::Over => return Poll::Ready(None),
                State::Flowing(_) => match ready!(Pin::new(&mut this.inner).poll_frame(cx)) {
                    Some(Ok(frame)) if this.is_last(&frame) => this.finish(Ending::Whole, Some(Ok(frame))),
                    Some(Ok(frame)) => return Poll::Ready(Some(Ok(frame))),
                    Some(Err(error)) => this.finish(Ending::Cut, Some(Err(error.into()))),
                    None => this.finish(Ending::Whole, None),
                },
                State::Finishing(finish, last) => {
                    let done = ready!(finish.as_mut().poll(cx));
                    let last = last.take();
                    this.state = State::Over;
                    return Poll::Ready(match done {
                        Ok(()) => last,
                        Err(error) => Some(Err(error)),
                    });
                }
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.state, State::Over)
    }

    fn size_hint(&self) -> SizeHint {
        match self.state {
            State::Flowing(_) => self.inner.size_hint(),
            State::Finishing(..) => SizeHint::default(),
            State::Over => SizeHint::with_exact(0),
        }
    }
}

impl<B> Drop for Held<B> {
    fn drop(&mut self) {
        self.finish(Ending::Abandoned, None);
        if let State::Finishing(finish, _) = std::mem::replace(&mut self.state, State::Over) {
            self.spawn.start(async move {
                // Nobody is left to be told.
                let _ = finish.await;
            });
        }
    }
}

impl<B> fmt::Debug for Held<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Held").field("left", &self.left).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use http_body_util::BodyExt;
    use tokio::sync::{mpsc, oneshot};

    use super::*;

    /// A body that the test sends frame by frame, of an announced length or none.
    struct Sent(mpsc::Receiver<&'static [u8]>, Option<u64>);

    impl Body for Sent {
        type Data = Bytes;
        type Error = BodyError;

        fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Polled> {
            self.0.poll_recv(cx).map(|data| data.map(|data| Ok(Frame::data(Bytes::from_static(data)))))
        }

        fn size_hint(&self) -> SizeHint {
            self.1.map_or_else(SizeHint::default, SizeHint::with_exact)
        }
    }

    struct Case {
        body: Held<Sent>,
        frames: mpsc::Sender<&'static [u8]>,
        /// How the body ended, once it has.
        ending: oneshot::Receiver<Ending>,
        /// Lets the end go.
        release: oneshot::Sender<Result<(), BodyError>>,
    }

    fn case(length: Option<u64>) -> Case {
        let (frames, receiver) = mpsc::channel(8);
        let (ended, ending) = oneshot::channel();
        let (release, released) = oneshot::channel();
        let spawn = Spawn::new(|task| drop(tokio::spawn(task)));
        let body = Held::new(Sent(receiver, length), spawn, move |ending| async move {
            ended.send(ending).expect("somebody waits");
            released.await.expect("the test releases it")
        });
        Case { body, frames, ending, release }
    }

    async fn next(body: &mut Held<Sent>) -> Option<Result<Bytes, BodyError>> {
        body.frame().await.map(|frame| frame.map(|frame| frame.into_data().expect("data")))
    }

    #[tokio::test]
    async fn the_frame_that_completes_the_length_waits() {
        let Case { mut body, frames, ending, release } = case(Some(6));
        frames.send(b"abc").await.expect("open");
        assert_eq!(next(&mut body).await.expect("a frame").expect("data"), "abc");
        frames.send(b"def").await.expect("open");
        let last = tokio::spawn(async move { (next(&mut body).await, body.is_end_stream()) });
        assert_eq!(ending.await.expect("ended"), Ending::Whole);
        assert!(!last.is_finished());
        release.send(Ok(())).expect("it waits");
        let (frame, is_end) = last.await.expect("no panic");
        assert_eq!(frame.expect("a frame").expect("data"), "def");
        assert!(is_end);
    }

    #[tokio::test]
    async fn without_a_length_all_data_flows_and_the_end_waits() {
        let Case { mut body, frames, ending, release } = case(None);
        frames.send(b"abc").await.expect("open");
        assert_eq!(next(&mut body).await.expect("a frame").expect("data"), "abc");
        drop(frames);
        release.send(Ok(())).expect("it will wait");
        assert!(next(&mut body).await.is_none());
        assert_eq!(ending.await.expect("ended"), Ending::Whole);
    }

    #[tokio::test]
    async fn an_end_that_may_not_come_is_an_error() {
        let Case { mut body, frames, ending: _ending, release } = case(Some(3));
        frames.send(b"abc").await.expect("open");
        release.send(Err("no room".into())).expect("it will wait");
        assert_eq!(next(&mut body).await.expect("an end").expect_err("an error").to_string(), "no room");
        assert!(next(&mut body).await.is_none(), "and nothing after it");
    }

    #[tokio::test]
    async fn a_reader_that_goes_away_is_told_of() {
        let Case { body, frames: _frames, ending, release } = case(None);
        drop(body);
        assert_eq!(ending.await.expect("ended"), Ending::Abandoned);
        release.send(Ok(())).expect("the task waits");
    }
}
