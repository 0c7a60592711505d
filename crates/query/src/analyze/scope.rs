//! What names mean within one relation.

use opentrail_trino::ast::Identifier;
use opentrail_trino::{ErrorClass, SqlError, Type};

use crate::nearest::hint;

/// A column of a plan. Where the fields of a row are columns of their own too, it has those as children.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// The plan's name for it.
    pub(super) column: String,
    /// Its type.
    pub(super) ty: Type,
    /// One for each field of a row, or none.
    pub(super) children: Vec<Node>,
}

impl Node {
    /// A column whose fields are not columns of their own.
    pub(super) fn whole(column: String, ty: Type) -> Self {
        Self { column, ty, children: Vec::new() }
    }

    /// This column and all beneath.
    pub(super) fn walk(&self, visit: &mut dyn FnMut(&Self)) {
        visit(self);
        for child in &self.children {
            child.walk(visit);
        }
    }
}

/// A column that can be named.
#[derive(Debug, Clone)]
pub(super) struct Field {
    /// The relation's name, in lower case.
    pub(super) relation: Option<String>,
    /// Its title, as written; none if it has none.
    pub(super) name: Option<String>,
    /// What it means.
    pub(super) node: Node,
    /// Whether a star leaves it out.
    pub(super) is_hidden: bool,
}

impl Field {
    /// A column of no relation in particular.
    pub(super) fn new(name: Option<String>, node: Node) -> Self {
        Self { relation: None, name, node, is_hidden: false }
    }

    fn is_named(&self, lower: &str) -> bool {
        let is_same = |name: &String| match name.is_ascii() {
            // The usual case, and there may be many columns.
            true => name.eq_ignore_ascii_case(lower),
            false => name.to_lowercase() == lower,
        };
        self.name.as_ref().is_some_and(is_same)
    }
}

/// The field that a dotted path begins with, and how many parts of the path name it. None if there is none.
pub(super) fn find<'f>(fields: &'f [Field], parts: &[&Identifier]) -> Result<Option<(&'f Field, usize)>, SqlError> {
    let first = parts[0].text.to_lowercase();
    if let Some(second) = parts.get(1) {
        let second = second.text.to_lowercase();
        let of_relation = fields.iter().filter(|f| f.relation.as_ref() == Some(&first));
        if let Some(field) = single(of_relation.filter(|field| field.is_named(&second)), parts, 2)? {
            return Ok(Some((field, 2)));
        }
    }
    Ok(single(fields.iter().filter(|field| field.is_named(&first)), parts, 1)?.map(|field| (field, 1)))
}

/// The only one of the fields.
fn single<'f>(
    mut fields: impl Iterator<Item = &'f Field>,
    parts: &[&Identifier],
    count: usize,
) -> Result<Option<&'f Field>, SqlError> {
    let found = fields.next();
    if fields.next().is_some() {
        let message = format!("Column '{}' is ambiguous", dotted(&parts[..count]));
        return Err(SqlError::at(parts[0].place, ErrorClass::AmbiguousName, message));
    }
    Ok(found)
}

/// `a.b.c`, as messages have it: in lower case.
pub(super) fn dotted(parts: &[&Identifier]) -> String {
    parts.iter().map(|part| part.text.to_lowercase()).collect::<Vec<_>>().join(".")
}

/// The index of a row's field. Names that the published schemas misspell are known in their right spelling too.
pub(super) fn field_index(fields: &[(Option<String>, Type)], name: &Identifier) -> Option<usize> {
    let lower = name.text.to_lowercase();
    let published = match lower.as_str() {
        "credentialsissuedto" => Some("credentiaisissuedto"),
        "errormessage" => Some("errormssage"),
        _ => None,
    };
    let find = |wanted: &str| {
        fields.iter().position(|(name, _)| name.as_ref().is_some_and(|name| name.to_lowercase() == wanted))
    };
    find(&lower).or_else(|| find(published?))
}

/// The refusal of a path that names nothing; `fields` are those that the last part could have meant.
pub(super) fn not_found<'n>(parts: &[&Identifier], wrong: usize, names: impl Iterator<Item = &'n str>) -> SqlError {
    let message = format!("Column '{}' cannot be resolved{}", dotted(parts), hint(&parts[wrong].text, names));
    SqlError::at(parts[0].place, ErrorClass::ColumnNotFound, message)
}
