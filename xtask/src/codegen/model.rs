//! The parts of a service model that code is made of, in the model's own order.

use std::path::Path;

use anyhow::Context as _;
use serde_json::{Map, Value};

/// One service model.
#[derive(Debug)]
pub(crate) struct Model {
    /// `cloudtrail` or `cloudtrail-data`.
    pub endpoint_prefix: String,
    pub target_prefix: Option<String>,
    operations: Map<String, Value>,
    shapes: Map<String, Value>,
}

/// One operation.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Operation<'m> {
    pub name: &'m str,
    body: &'m Value,
}

/// One named shape.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Shape<'m> {
    pub name: &'m str,
    body: &'m Value,
}

/// One member of a structure.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Member<'m> {
    pub name: &'m str,
    pub shape: Shape<'m>,
    pub required: bool,
    pub deprecated: bool,
    pub in_query: bool,
}

impl Model {
    pub(crate) fn load(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("read `{}`", path.display()))?;
        let model: Value = serde_json::from_str(&text).with_context(|| format!("parse `{}`", path.display()))?;
        let object = |key: &str| model[key].as_object().cloned().with_context(|| format!("no `{key}` in the model"));
        let metadata = object("metadata")?;
        Ok(Self {
            endpoint_prefix: text_of(&metadata, "endpointPrefix").context("no `endpointPrefix`")?,
            target_prefix: text_of(&metadata, "targetPrefix"),
            operations: object("operations")?,
            shapes: object("shapes")?,
        })
    }

    /// All operations, by name.
    pub(crate) fn operations(&self) -> impl Iterator<Item = Operation<'_>> {
        self.operations.iter().map(|(name, body)| Operation { name, body })
    }

    /// All shapes, by name.
    pub(crate) fn shapes(&self) -> impl Iterator<Item = Shape<'_>> {
        self.shapes.iter().map(|(name, body)| Shape { name, body })
    }

    /// The structures that are not exceptions.
    pub(crate) fn structures(&self) -> impl Iterator<Item = Shape<'_>> {
        self.shapes().filter(|shape| shape.kind() == "structure" && !shape.is_exception())
    }

    pub(crate) fn shape(&self, name: &str) -> Shape<'_> {
        let (name, body) = self.shapes.get_key_value(name).expect("a model names only its own shapes");
        Shape { name, body }
    }

    /// The members of a structure, in the model's order.
    pub(crate) fn members<'m>(&'m self, structure: Shape<'m>) -> Vec<Member<'m>> {
        let required = structure.body["required"].as_array().map(Vec::as_slice).unwrap_or_default();
        let members = structure.body["members"].as_object().expect("a structure has members");
        let member = |(name, body): (&'m String, &'m Value)| Member {
            name,
            shape: self.shape(body["shape"].as_str().expect("a member has a shape")),
            required: required.iter().any(|it| it.as_str() == Some(name)),
            deprecated: body["deprecated"] == true,
            in_query: body["location"] == "querystring",
        };
        members.iter().map(member).collect()
    }

    /// The shape inside a list (`member`) or a map (`key`, `value`).
    pub(crate) fn inner<'m>(&'m self, outer: Shape<'m>, role: &str) -> Shape<'m> {
        self.shape(outer.body[role]["shape"].as_str().expect("lists and maps name what they hold"))
    }
}

impl<'m> Operation<'m> {
    pub(crate) fn input(self) -> &'m str {
        self.body["input"]["shape"].as_str().expect("each operation has an input")
    }

    pub(crate) fn output(self) -> &'m str {
        self.body["output"]["shape"].as_str().expect("each operation has an output")
    }

    pub(crate) fn errors(self) -> impl Iterator<Item = &'m str> {
        let errors = self.body["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
        errors.iter().filter_map(|error| error["shape"].as_str())
    }

    pub(crate) fn is_idempotent(self) -> bool {
        self.body["idempotent"] == true
    }
}

impl<'m> Shape<'m> {
    pub(crate) fn kind(self) -> &'m str {
        self.body["type"].as_str().expect("each shape has a type")
    }

    pub(crate) fn is_exception(self) -> bool {
        self.body["exception"] == true
    }

    pub(crate) fn min(self) -> Option<i64> {
        self.body["min"].as_i64()
    }

    pub(crate) fn max(self) -> Option<i64> {
        self.body["max"].as_i64()
    }

    pub(crate) fn pattern(self) -> Option<&'m str> {
        self.body["pattern"].as_str()
    }

    /// The values of an enumeration; empty for any other shape.
    pub(crate) fn values(self) -> Vec<&'m str> {
        let values = self.body["enum"].as_array().map(Vec::as_slice).unwrap_or_default();
        values.iter().filter_map(Value::as_str).collect()
    }

    pub(crate) fn is_sensitive(self) -> bool {
        self.body["sensitive"] == true
    }
}

fn text_of(object: &Map<String, Value>, key: &str) -> Option<String> {
    object.get(key).and_then(Value::as_str).map(str::to_owned)
}
