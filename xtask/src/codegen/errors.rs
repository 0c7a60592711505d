//! `errors.rs`: the error shapes.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::model::Model;

pub(crate) fn generate(models: &[&Model]) -> String {
    let shapes = models.iter().flat_map(|model| model.shapes()).filter(|shape| shape.is_exception());
    let names: BTreeSet<&str> = shapes.map(|shape| shape.name).collect();
    let mut code = String::from("//! The error shapes of the models.\n\nuse crate::codec::error_shapes;\n\n");
    code.push_str("error_shapes! {\n");
    for name in names {
        let _ = writeln!(code, "    {name},");
    }
    code.push_str("}\n");
    code
}
