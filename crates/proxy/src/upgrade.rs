//! Connections that leave HTTP, such as websockets: from then on bytes pass in both directions.

use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;

/// Carries bytes between caller and upstream until one of them ends; returns how many went to the upstream and came back.
///
/// # Errors
/// One of the two connections broke, or never left HTTP.
pub async fn join(caller: OnUpgrade, upstream: OnUpgrade) -> std::io::Result<(u64, u64)> {
    let (caller, upstream) = tokio::try_join!(caller, upstream).map_err(std::io::Error::other)?;
    let (mut caller, mut upstream) = (TokioIo::new(caller), TokioIo::new(upstream));
    tokio::io::copy_bidirectional(&mut caller, &mut upstream).await
}
