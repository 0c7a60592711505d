//! A port, and what stands behind it.

use std::collections::HashMap;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::Context;
use http::request::Parts;
use opentrail_model::{AccountId, Policy, Region};
use opentrail_proxy::{Options, Upstream};
use opentrail_recorder::{Endpoint, Subnet, source};

use super::settings::{ListenerSettings, RecorderSettings, UpstreamSettings};
use crate::config::Config;
use crate::listener::Peer;

/// A port, and what stands behind it.
#[derive(Debug)]
pub(crate) struct Door {
    pub(crate) address: SocketAddr,
    /// The one port that has everything on it, pages for machines among it.
    pub(crate) is_main: bool,
    /// By signing name; `*` for all others.
    pub(crate) upstreams: Arc<HashMap<String, Arc<Target>>>,
    /// `*` means all services, also those that we serve ourselves.
    pub(crate) star_is_all: bool,
    pub(crate) account: AccountId,
    pub(crate) region: Region,
    pub(crate) endpoint: Option<Endpoint>,
    trusted: Vec<Subnet>,
}

/// An upstream, and whose resources are there.
#[derive(Debug)]
pub(crate) struct Target {
    /// As it is configured.
    pub(crate) service: String,
    pub(crate) upstream: Upstream,
    pub(crate) account: Option<AccountId>,
}

impl Door {
    /// The main port first, then the others.
    pub(crate) fn open_all(config: &Config) -> anyhow::Result<Vec<Arc<Self>>> {
        let recorder = &config.recorder;
        let upstreams = Arc::new(open(&config.upstreams.value, recorder)?);
        let main = Self {
            address: config.listen.value,
            is_main: true,
            upstreams: Arc::clone(&upstreams),
            star_is_all: false,
            account: config.account_id.value.clone(),
            region: config.region.value.clone(),
            endpoint: None,
            trusted: config.trusted_proxies.value.clone(),
        };
        let further = config.listeners.value.iter().map(|settings| Self::further(settings, config, &upstreams));
        std::iter::once(Ok(main)).chain(further).map(|door| door.map(Arc::new)).collect()
    }

    fn further(
        settings: &ListenerSettings,
        config: &Config,
        shared: &Arc<HashMap<String, Arc<Target>>>,
    ) -> anyhow::Result<Self> {
        let has_own = !settings.upstream.is_empty();
        let upstreams =
            if has_own { Arc::new(open(&settings.upstream, &config.recorder)?) } else { Arc::clone(shared) };
        let account = settings.account.clone().unwrap_or_else(|| config.account_id.value.clone());
        let policy = settings.policy.as_deref().map(read_policy).transpose()?;
        let endpoint = settings.vpc_endpoint_id.clone().map(|id| Endpoint { id, account: account.clone(), policy });
        Ok(Self {
            address: settings.address,
            is_main: false,
            upstreams,
            star_is_all: has_own,
            account,
            region: settings.region.clone().unwrap_or_else(|| config.region.value.clone()),
            endpoint,
            trusted: settings.trusted_proxies.clone(),
        })
    }

    /// The peer as the proxies that we trust tell of it.
    pub(crate) fn seen_through(&self, peer: Arc<Peer>, parts: &Parts) -> Arc<Peer> {
        if self.trusted.is_empty() {
            return peer;
        }
        let values = parts.headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
        let values: Vec<&str> = values.collect();
        let address = source(peer.address.ip(), values.into_iter(), &self.trusted);
        if address == peer.address.ip().to_canonical() {
            return peer;
        }
        Arc::new(Peer { address: SocketAddr::new(address, 0), tls: peer.tls.clone() })
    }
}

fn open(settings: &[UpstreamSettings], recorder: &RecorderSettings) -> anyhow::Result<HashMap<String, Arc<Target>>> {
    settings.iter().map(|settings| Ok((settings.service.clone(), Arc::new(target(settings, recorder)?)))).collect()
}

fn target(settings: &UpstreamSettings, recorder: &RecorderSettings) -> anyhow::Result<Target> {
    let options = Options {
        url: settings.url.clone(),
        ca: settings.ca.clone(),
        http2_prior_knowledge: settings.http2,
        connect_timeout: recorder.connect_timeout,
        silence_timeout: recorder.silence_timeout,
    };
    let upstream = Upstream::new(&options, super::connections())
        .with_context(|| format!("upstream `{}` of the configuration", settings.service))?;
    Ok(Target { service: settings.service.clone(), upstream, account: settings.account.clone() })
}

fn read_policy(path: &Path) -> anyhow::Result<Policy> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read the policy `{}`", path.display()))?;
    Policy::parse(&text).with_context(|| format!("the policy `{}` is not valid", path.display()))
}
