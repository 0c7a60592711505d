//! The ORC type tree for an Arrow schema, and back.
//!
//! Column ids count the tree in preorder; the root struct, a row, is 0.

mod from_arrow;
mod into_arrow;

pub use from_arrow::to_orc;
pub use into_arrow::to_arrow;

use crate::ColumnPath;
use crate::proto::{Type, TypeKind};

/// The deepest nesting that is read or written. Trees are walked by recursion, so a file must not choose it.
pub const DEPTH_MAX: usize = 64;

/// The key of an Arrow field's metadata that asks for `varchar(n)` or `char(n)` instead of `string`.
///
/// Values longer than `n` characters are refused by the writer; those of a `char` are padded with spaces.
pub const TYPE_KEY: &str = "orc.type";

/// The id of the column at a path, if there is one.
pub fn column_id(types: &[Type], path: &ColumnPath) -> Option<u32> {
    let mut id = 0;
    for segment in path.segments() {
        let kind = types.get(id as usize)?;
        let child = (0..kind.subtypes.len()).find(|child| child_name(kind, *child) == *segment)?;
        id = kind.subtypes[child];
    }
    types.get(id as usize).map(|_| id)
}

/// The path of each column, by id.
///
/// Expects a tree whose children have greater ids than their parents, as [`to_orc`] gives and [`to_arrow`] checks; columns
/// that hang nowhere get the root's path.
pub fn column_paths(types: &[Type]) -> Vec<ColumnPath> {
    let mut paths = vec![ColumnPath::root(); types.len()];
    for (id, kind) in types.iter().enumerate() {
        for (child, child_id) in kind.subtypes.iter().enumerate() {
            if *child_id as usize > id && (*child_id as usize) < types.len() {
                paths[*child_id as usize] = paths[id].child(&child_name(kind, child));
            }
        }
    }
    paths
}

/// What the child is called in a path.
fn child_name(parent: &Type, child: usize) -> String {
    match parent.kind() {
        TypeKind::Struct => parent.field_names.get(child).cloned().unwrap_or_default(),
        TypeKind::List => "element".to_owned(),
        TypeKind::Map if child == 0 => "key".to_owned(),
        TypeKind::Map => "value".to_owned(),
        _ => child.to_string(),
    }
}

#[cfg(test)]
mod tests;
