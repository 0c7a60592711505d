//! What the recorder tells: whether upstreams are there, and what passed without a record.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

use super::Measure;
use crate::recording::{Door, Recording};

/// An upstream, by the port that leads there.
#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct UpstreamLabels {
    service: String,
    listener: String,
}

/// The recorder's gauges.
#[derive(Debug)]
pub(super) struct RecorderGauges {
    up: Family<UpstreamLabels, Measure>,
    connections: Family<UpstreamLabels, Measure>,
    failures: Family<UpstreamLabels, Measure>,
    unrecorded: Measure,
}

impl RecorderGauges {
    pub(super) fn register(registry: &mut Registry) -> Self {
        let mut family = |name: &str, help: &str| {
            let family = Family::<UpstreamLabels, Measure>::default();
            registry.register(name, help, family.clone());
            family
        };
        let up = family("upstream_up", "1 when the upstream was there when it was last asked for");
        let connections = family("upstream_connections", "Connections made since the start");
        let failures = family("upstream_failures", "Calls since the start that got no answer");
        let unrecorded = Measure::default();
        let help = "Calls that passed without a record since the start, with `recorder_fail` open";
        registry.register("unrecorded_calls", help, unrecorded.clone());
        Self { up, connections, failures, unrecorded }
    }

    pub(super) fn read(&self, recording: &Recording, doors: &[Arc<Door>]) {
        self.unrecorded.set(recording.unrecorded.load(Ordering::Relaxed) as f64);
        for door in doors {
            for target in door.upstreams.values() {
                let health = target.upstream.health();
                let labels = UpstreamLabels { service: target.service.clone(), listener: door.address.to_string() };
                self.up.get_or_create(&labels).set(f64::from(u8::from(health.is_up())));
                self.connections.get_or_create(&labels).set(health.connections() as f64);
                self.failures.get_or_create(&labels).set(health.failures() as f64);
            }
        }
    }
}
