//! `enums.rs`: each enumeration of the models as an open Rust enum.

use std::fmt::Write as _;

use super::model::Model;
use super::names::variant;

pub(crate) fn generate(models: &[&Model]) -> String {
    let mut code = String::from("//! The enumerations of the models, open to values that they do not list.\n\n");
    code.push_str("use crate::codec::open_enum;\n");
    for shape in models.iter().flat_map(|model| model.shapes()).filter(|shape| !shape.values().is_empty()) {
        let name = shape.name;
        let _ = write!(code, "\nopen_enum! {{\n    /// `{name}`.\n    {name} {{\n");
        for value in shape.values() {
            let _ = writeln!(code, "        {} = {value:?},", variant(value));
        }
        code.push_str("    }\n}\n");
    }
    code
}
