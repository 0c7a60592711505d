//! `operations.rs`: the table of operations.

use std::fmt::Write as _;

use super::model::Model;
use super::names::constant;
use super::shapes::tables_module;

pub(crate) fn generate(models: &[&Model]) -> String {
    let mut code = String::from(
        "//! The operations of the models.\n\nuse super::errors::ErrorShape;\nuse super::{tables, tables_data};\n\
         use crate::operation::operations;\n\noperations! {\n",
    );
    for model in models {
        for operation in model.operations() {
            let errors: Vec<&str> = operation.errors().collect();
            let _ = writeln!(
                code,
                "    {}({:?}, {module}::{}, {module}::{}, {}, [{}]),",
                operation.name,
                model.endpoint_prefix,
                constant(operation.input()),
                constant(operation.output()),
                operation.is_idempotent(),
                errors.join(", "),
                module = tables_module(model),
            );
        }
    }
    code.push_str("}\n");
    code
}
