//! The records of what CloudTrail's own service does on embedded buckets: preflights, deliveries, and what it reads for others.

use std::sync::Arc;

use async_trait::async_trait;
use opentrail_intake::Recorder;
use opentrail_model::{Record, UserIdentity};
use opentrail_s3::{CallSink, ServiceCall, SinkError};
use opentrail_stdx::Clock;

use crate::service::s3::from_call;

/// Journals service calls: `userIdentity` is the service, or the caller through it; address and user agent are the service
/// (CloudTrail user guide, "CloudTrail userIdentity element").
#[derive(Debug)]
pub(crate) struct ServiceCalls {
    pub(crate) recorder: Arc<Recorder>,
    pub(crate) clock: Arc<dyn Clock>,
}

#[async_trait]
impl CallSink for ServiceCalls {
    async fn record(&self, call: ServiceCall) -> Result<(), SinkError> {
        let base = Record {
            user_identity: identity(&call),
            event_time: self.clock.now(),
            source_ip_address: call.invoked_by.clone(),
            user_agent: Some(call.invoked_by),
            ..Record::default()
        };
        let recipient = call.call.bucket_account.clone().unwrap_or(call.on_behalf.account);
        let record = from_call(base, call.call, recipient);
        self.recorder.record(vec![record]).await.map(|_durable| ()).map_err(|error| SinkError(Box::new(error)))
    }
}

fn identity(call: &ServiceCall) -> UserIdentity {
    let service = UserIdentity::service(&call.invoked_by);
    match &call.caller {
        Some(caller) => UserIdentity { invoked_by: service.invoked_by, ..caller.user_identity(None) },
        None => service,
    }
}
