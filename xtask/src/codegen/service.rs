//! `service.rs`: the trait that a server implements, and the way from an operation to its method.

use std::fmt::Write as _;

use super::model::Model;
use super::names::snake;

pub(crate) fn generate(models: &[&Model]) -> String {
    let operations: Vec<_> = models.iter().flat_map(|model| model.operations()).collect();
    let mut code = String::from(
        "//! The service as a trait: one method per operation.\n\n\
         use serde_json::Value;\n\nuse super::operations::Operation;\nuse super::shapes::*;\nuse crate::error::Error;\n\
         use crate::service::{Reply, answer, not_built_yet};\n\n\
         /// What a server of the CloudTrail API can do.\n///\n\
         /// A method that is not implemented answers `UnsupportedOperationException` and says so.\n\
         #[async_trait::async_trait]\npub trait CloudTrail: Send + Sync {\n\
         /// What is known about the caller and the call.\ntype Context: Sync;\n",
    );
    for operation in &operations {
        let _ = write!(
            code,
            "\n/// `{name}`.\nasync fn {method}(&self, context: &Self::Context, input: {input}) -> Result<{output}, Error> {{\n\
             let _ = (context, input);\nErr(not_built_yet(Operation::{name}))\n}}\n",
            name = operation.name,
            method = snake(operation.name),
            input = operation.input(),
            output = operation.output(),
        );
    }
    code.push_str(
        "}\n\n/// Decodes a parsed body, calls the operation's method and encodes its answer.\n\
         pub async fn dispatch_value<S: CloudTrail + ?Sized>(service: &S, context: &S::Context, operation: Operation, body: Value) -> Reply {\n\
         match operation {\n",
    );
    for operation in &operations {
        let _ = writeln!(
            code,
            "Operation::{} => answer(operation, body, |input| service.{}(context, input)).await,",
            operation.name,
            snake(operation.name)
        );
    }
    code.push_str("}\n}\n");
    code
}
