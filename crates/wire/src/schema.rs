//! The service models as static data: what each shape is made of and which constraints it carries.
//!
//! The tables themselves are generated; [`Operation::input`](crate::Operation::input) is the way into them.

pub use crate::pattern::Pattern;

/// A named shape of a model.
#[derive(Debug)]
pub struct Shape {
    /// The model's name for it.
    pub name: &'static str,
    /// Whether its values must not be shown in records.
    pub sensitive: bool,
    /// What it is.
    pub kind: Kind,
}

/// What a shape is, with its constraints.
#[derive(Debug)]
pub enum Kind {
    /// A structure with its members in the model's order.
    Structure(&'static [Member]),
    /// A list.
    List {
        /// The shape of each item.
        member: &'static Shape,
        /// How many items it may have.
        length: Limits,
    },
    /// A map with text keys.
    Map {
        /// The shape of each key.
        key: &'static Shape,
        /// The shape of each value.
        value: &'static Shape,
        /// How many entries it may have.
        length: Limits,
    },
    /// Free text.
    String {
        /// How many Unicode code points it may have.
        length: Limits,
        /// The pattern that the whole text must match.
        pattern: Option<&'static Pattern>,
    },
    /// One of these texts.
    Enum(&'static [&'static str]),
    /// A whole number of 32 bits.
    Integer(Limits),
    /// A whole number of 64 bits.
    Long,
    /// A number of single precision.
    Float,
    /// A number of double precision.
    Double,
    /// True or false.
    Boolean,
    /// An instant.
    Timestamp,
    /// Bytes in base64.
    Blob,
}

/// A member of a structure.
#[derive(Debug)]
pub struct Member {
    /// Its name on the wire.
    pub name: &'static str,
    /// Its shape.
    pub shape: &'static Shape,
    /// Whether it must be there.
    pub required: bool,
    /// Whether it travels in the query string instead of the body.
    pub in_query: bool,
}

/// Inclusive bounds of a length or a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The smallest that is allowed.
    pub min: Option<i64>,
    /// The largest that is allowed.
    pub max: Option<i64>,
}

impl Shape {
    /// The members, if this is a structure.
    pub fn members(&self) -> &'static [Member] {
        match self.kind {
            Kind::Structure(members) => members,
            _ => &[],
        }
    }
}
