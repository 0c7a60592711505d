//! Log records in JSON.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::Found;
use super::origin::{Origin, Source};
use super::proto::{Resource, Scope};
use crate::{Malformed, items};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
struct Request<'a> {
    #[serde(borrow)]
    resource_logs: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ResourceLogs<'a> {
    resource: Option<Resource>,
    #[serde(borrow, default)]
    scope_logs: Vec<&'a RawValue>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ScopeLogs<'a> {
    scope: Option<Scope>,
    #[serde(borrow, default)]
    log_records: Vec<&'a RawValue>,
}

/// Gives each log record of a body to `keep`.
pub(super) fn each_record(body: &[u8], keep: &mut dyn FnMut(Found<'_>)) -> Result<(), Malformed> {
    let request: Request<'_> = serde_json::from_slice(body).map_err(broken)?;
    let mut records = 0;
    for (at_resource, logs) in request.resource_logs.into_iter().enumerate() {
        let logs: ResourceLogs<'_> = serde_json::from_str(logs.get()).map_err(broken)?;
        let source = Source::new(logs.resource.as_ref());
        for (at_scope, scope) in logs.scope_logs.into_iter().enumerate() {
            let scope: ScopeLogs<'_> = serde_json::from_str(scope.get()).map_err(broken)?;
            records += scope.log_records.len();
            items::within(records)?;
            let origin = Origin::new(&source, scope.scope.as_ref());
            for (index, item) in scope.log_records.iter().enumerate() {
                keep(Found {
                    place: format!("resourceLogs[{at_resource}].scopeLogs[{at_scope}].logRecords[{index}]"),
                    origin: &origin,
                    record: serde_json::from_str(item.get()).map_err(Into::into),
                    item: item.get().as_bytes(),
                });
            }
        }
    }
    Ok(())
}

fn broken(error: serde_json::Error) -> Malformed {
    Malformed::Broken(error.to_string())
}
