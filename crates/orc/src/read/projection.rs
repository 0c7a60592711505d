//! The part of a file's tree that is read.

use std::sync::Arc;

use arrow_schema::{DataType, Field, Fields, Schema};

use crate::proto::Type;
use crate::read::column::Wanted;
use crate::read::options::text_dictionary;
use crate::schema::column_id;
use crate::{ColumnPath, Error};

/// The tree with the columns at some paths and all below them; everything without paths.
pub(crate) fn project(types: &[Type], schema: &Schema, paths: Option<&[ColumnPath]>) -> Result<Wanted, Error> {
    let root = Arc::new(Field::new("", DataType::Struct(schema.fields.clone()), false));
    let Some(paths) = paths else { return Ok(Tree { types, marks: &[] }.whole(0, &root)) };
    let mut marks = vec![Mark::Not; types.len()];
    for path in paths {
        let id = column_id(types, path).ok_or_else(|| Error::UnknownColumn(path.clone()))?;
        marks[id as usize] = Mark::Whole;
    }
    // Children come after their parents: one pass down, one up.
    for id in 0..types.len() {
        if marks[id] == Mark::Whole {
            types[id].subtypes.iter().for_each(|child| marks[*child as usize] = Mark::Whole);
        }
    }
    for id in (0..types.len()).rev() {
        if marks[id] == Mark::Not && types[id].subtypes.iter().any(|child| marks[*child as usize] != Mark::Not) {
            marks[id] = Mark::Part;
        }
    }
    Ok(Tree { types, marks: &marks }.part(0, &root))
}

/// The same columns, with text as dictionaries: the columns at some paths and all below them, but not inside lists, maps and
/// unions.
pub(crate) fn with_dictionaries(wanted: Wanted, types: &[Type], paths: &[ColumnPath]) -> Result<Wanted, Error> {
    let ids = paths.iter().map(|path| column_id(types, path).ok_or_else(|| Error::UnknownColumn(path.clone())));
    let ids: Vec<u32> = ids.collect::<Result<_, _>>()?;
    Ok(if ids.is_empty() { wanted } else { as_dictionaries(wanted, &|id| ids.contains(&id), false) })
}

/// The same columns, with all text as dictionaries that is not inside lists, maps and unions.
pub(crate) fn with_all_dictionaries(wanted: Wanted) -> Wanted {
    as_dictionaries(wanted, &|_| true, true)
}

fn as_dictionaries(wanted: Wanted, is_meant: &dyn Fn(u32) -> bool, is_within: bool) -> Wanted {
    let is_within = is_within || is_meant(wanted.id);
    let Wanted { id, field, children } = wanted;
    match field.data_type() {
        DataType::Utf8 if is_within => with_type(id, &field, text_dictionary(), children),
        DataType::Struct(_) => {
            let children = children.into_iter().map(|child| as_dictionaries(child, is_meant, is_within));
            let children: Vec<Wanted> = children.collect();
            let fields: Fields = children.iter().map(|child| Arc::clone(&child.field)).collect();
            with_type(id, &field, DataType::Struct(fields), children)
        }
        _ => Wanted { id, field, children },
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mark {
    Not,
    /// Something below is wanted.
    Part,
    Whole,
}

struct Tree<'a> {
    types: &'a [Type],
    marks: &'a [Mark],
}

impl Tree<'_> {
    fn whole(&self, id: u32, field: &Arc<Field>) -> Wanted {
        let children = self.types[id as usize].subtypes.iter().zip(child_fields(field));
        let children = children.map(|(child, field)| self.whole(*child, &field)).collect();
        Wanted { id, field: Arc::clone(field), children }
    }

    /// The wanted part of a column that is wanted, or in part.
    fn part(&self, id: u32, field: &Arc<Field>) -> Wanted {
        if self.marks[id as usize] == Mark::Whole {
            return self.whole(id, field);
        }
        let children = self.types[id as usize].subtypes.iter().zip(child_fields(field));
        match field.data_type() {
            DataType::Struct(_) => {
                let wanted = children.filter(|(child, _)| self.marks[**child as usize] != Mark::Not);
                let children: Vec<Wanted> = wanted.map(|(child, field)| self.part(*child, &field)).collect();
                let fields: Fields = children.iter().map(|child| Arc::clone(&child.field)).collect();
                with_type(id, field, DataType::Struct(fields), children)
            }
            DataType::List(_) => {
                let children: Vec<Wanted> = children.map(|(child, field)| self.part(*child, &field)).collect();
                with_type(id, field, DataType::List(Arc::clone(&children[0].field)), children)
            }
            DataType::Map(entries, sorted) => {
                // A map without its keys or values is none: a part of either brings the other whole.
                let children: Vec<Wanted> = children.map(|(child, field)| self.part_or_whole(*child, &field)).collect();
                let fields: Fields = children.iter().map(|child| Arc::clone(&child.field)).collect();
                let entries = Field::clone(entries).with_data_type(DataType::Struct(fields));
                with_type(id, field, DataType::Map(Arc::new(entries), *sorted), children)
            }
            _ => self.whole(id, field),
        }
    }

    fn part_or_whole(&self, id: u32, field: &Arc<Field>) -> Wanted {
        if self.marks[id as usize] == Mark::Not { self.whole(id, field) } else { self.part(id, field) }
    }
}

fn with_type(id: u32, field: &Field, data_type: DataType, children: Vec<Wanted>) -> Wanted {
    Wanted { id, field: Arc::new(field.clone().with_data_type(data_type)), children }
}

/// The fields of a nested type's children, in the order of the file's.
fn child_fields(field: &Field) -> Vec<Arc<Field>> {
    match field.data_type() {
        DataType::Struct(fields) => fields.iter().cloned().collect(),
        DataType::List(element) => vec![Arc::clone(element)],
        DataType::Map(entries, _) => child_fields(entries),
        DataType::Union(fields, _) => fields.iter().map(|(_, field)| Arc::clone(field)).collect(),
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schema::to_orc;

    fn check(paths: &[&str], expected: &str) {
        let field = |name: &str, of| Arc::new(Field::new(name, of, true));
        let part = DataType::Struct(vec![field("x", DataType::Int32), field("y", DataType::Int32)].into());
        let entries = DataType::Struct(vec![field("key", DataType::Utf8), field("value", part.clone())].into());
        let schema = Schema::new(vec![
            field("a", DataType::Int32),
            field("s", part.clone()),
            field("l", DataType::List(field("item", part))),
            field("m", DataType::Map(Arc::new(Field::new("entries", entries, false)), false)),
        ]);
        let types = to_orc(&schema).unwrap();
        let paths: Vec<ColumnPath> = paths.iter().map(|path| ColumnPath::from(*path)).collect();
        let wanted = project(&types, &schema, Some(&paths)).unwrap();
        let mut ids = Vec::new();
        wanted.ids(&mut ids);
        assert_eq!(format!("{ids:?}"), expected);
    }

    #[test]
    fn paths_read_only_what_they_need() {
        check(&[], "[0]");
        check(&["a"], "[0, 1]");
        check(&["s.y", "a"], "[0, 1, 2, 4]");
        check(&["s", "s.y"], "[0, 2, 3, 4]");
        check(&["l.element.x"], "[0, 5, 6, 7]");
        check(&["m.value.y"], "[0, 9, 10, 11, 13]");
        check(&["m.key"], "[0, 9, 10, 11, 12, 13]");
    }
}
