//! Log records in protobuf.

use prost::Message as _;
use prost::bytes::Bytes;

use super::Found;
use super::origin::{Origin, Source};
use super::proto::{LogRecord, Request, ResourceLogs, ScopeLogs};
use crate::rejected::Mistake;
use crate::{Malformed, items};

/// Gives each log record of a body to `keep`.
pub(super) fn each_record(body: &[u8], keep: &mut dyn FnMut(Found<'_>)) -> Result<(), Malformed> {
    let request = Request::decode(Bytes::copy_from_slice(body)).map_err(broken)?;
    let mut records = 0;
    for (at_resource, logs) in request.resource_logs.into_iter().enumerate() {
        let logs = ResourceLogs::decode(logs).map_err(broken)?;
        let source = Source::new(logs.resource.as_ref());
        for (at_scope, scope) in logs.scope_logs.into_iter().enumerate() {
            let scope = ScopeLogs::decode(scope).map_err(broken)?;
            records += scope.log_records.len();
            items::within(records)?;
            let origin = Origin::new(&source, scope.scope.as_ref());
            for (index, item) in scope.log_records.iter().enumerate() {
                keep(Found {
                    place: format!("resourceLogs[{at_resource}].scopeLogs[{at_scope}].logRecords[{index}]"),
                    origin: &origin,
                    record: LogRecord::decode(item.clone()).map_err(|error| Mistake::invalid(error.to_string())),
                    item,
                });
            }
        }
    }
    Ok(())
}

fn broken(error: prost::DecodeError) -> Malformed {
    Malformed::Broken(error.to_string())
}
