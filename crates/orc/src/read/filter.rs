//! A predicate made ready for a file: its columns found, its values of their types.

mod bloom;
mod evaluate;
mod key;
mod possible;
mod prune;

use arrow_schema::{DataType, Schema};

use self::key::Key;
pub(crate) use self::prune::Run;
use crate::proto::{Type, TypeKind};
use crate::read::column::Wanted;
use crate::read::metadata::Metadata;
use crate::read::predicate::{CompareOp, Predicate, TextPattern};
use crate::read::projection::{project, with_all_dictionaries};
use crate::read::scalar::Scalar;
use crate::schema::column_id;
use crate::{ColumnPath, Error};

/// The deepest predicate; it is walked by recursion.
const DEPTH_MAX: usize = 64;

/// A predicate of a file.
#[derive(Debug, Clone)]
pub(crate) struct Filter {
    tree: Node,
    leaves: Vec<Leaf>,
    /// The columns that it looks at.
    pub(crate) wanted: Wanted,
}

#[derive(Debug, Clone)]
enum Node {
    Leaf(usize),
    And(Vec<Node>),
    Or(Vec<Node>),
    Not(Box<Node>),
}

/// A condition on one column.
#[derive(Debug, Clone)]
struct Leaf {
    id: u32,
    kind: TypeKind,
    /// The column and the structs it is in, without the root.
    way: Vec<u32>,
    /// Where the column is in a batch of the filter's columns: the child to take, again and again.
    steps: Vec<usize>,
    /// The nanoseconds of a unit, of timestamps.
    unit: i128,
    test: Test,
}

#[derive(Debug, Clone)]
enum Test {
    Compare(CompareOp, Key),
    In(Vec<Key>),
    Like(TextPattern),
    IsNull,
    IsNotNull,
}

impl Filter {
    /// Finds the predicate's columns in the schema of the whole file.
    pub(crate) fn new(types: &[Type], schema: &Schema, predicate: &Predicate) -> Result<Filter, Error> {
        let mut paths = Vec::new();
        columns(predicate, 0, &mut paths)?;
        // Text that rows share is looked at once.
        let wanted = with_all_dictionaries(project(types, schema, Some(&narrow(types, &paths)?))?);
        Filter::over(types, wanted, predicate)
    }

    /// The predicate over batches of all columns of a schema.
    pub(crate) fn over_batches(types: &[Type], schema: &Schema, predicate: &Predicate) -> Result<Filter, Error> {
        columns(predicate, 0, &mut Vec::new())?;
        Filter::over(types, project(types, schema, None)?, predicate)
    }

    fn over(types: &[Type], wanted: Wanted, predicate: &Predicate) -> Result<Filter, Error> {
        let mut compiler = Compiler { types, wanted: &wanted, leaves: Vec::new() };
        let tree = compiler.node(predicate)?;
        let leaves = compiler.leaves;
        Ok(Filter { tree, leaves, wanted })
    }

    /// What is left to be found out of a predicate where the statistics of the file are known.
    pub(crate) fn of_file(
        metadata: &Metadata,
        schema: &Schema,
        predicate: &Predicate,
    ) -> Result<Option<Filter>, Error> {
        let whole = Filter::new(metadata.types(), schema, predicate)?;
        match unproven(metadata, schema, predicate)? {
            Some(left) if left == *predicate => Ok(Some(whole)),
            left => left.map(|left| Filter::new(metadata.types(), schema, &left)).transpose(),
        }
    }
}

/// The parts of a predicate that the statistics of the file don't prove already; nothing when they prove all of it.
fn unproven(metadata: &Metadata, schema: &Schema, predicate: &Predicate) -> Result<Option<Predicate>, Error> {
    if let Predicate::And(all) = predicate {
        let left = all.iter().map(|one| unproven(metadata, schema, one)).filter_map(Result::transpose);
        let left: Vec<Predicate> = left.collect::<Result<_, _>>()?;
        return Ok((!left.is_empty()).then_some(Predicate::And(left)));
    }
    let filter = Filter::new(metadata.types(), schema, predicate)?;
    Ok((!filter.outcomes_in_file(metadata).holds()).then(|| predicate.clone()))
}

fn refused(problem: String) -> Error {
    Error::InvalidOption { option: "predicate", problem }
}

fn columns(predicate: &Predicate, depth: usize, paths: &mut Vec<ColumnPath>) -> Result<(), Error> {
    if depth > DEPTH_MAX {
        return Err(refused(format!("deeper than {DEPTH_MAX}")));
    }
    match predicate {
        Predicate::Compare { column, .. }
        | Predicate::In { column, .. }
        | Predicate::Like { column, .. }
        | Predicate::IsNull { column }
        | Predicate::IsNotNull { column } => paths.push(column.clone()),
        Predicate::And(all) | Predicate::Or(all) => {
            return all.iter().try_for_each(|one| columns(one, depth + 1, paths));
        }
        Predicate::Not(one) => return columns(one, depth + 1, paths),
    }
    Ok(())
}

/// Of a struct whose nulls are asked for, the first of its leaves is enough to read.
fn narrow(types: &[Type], paths: &[ColumnPath]) -> Result<Vec<ColumnPath>, Error> {
    let narrow = |path: &ColumnPath| {
        let id = column_id(types, path).ok_or_else(|| Error::UnknownColumn(path.clone()))?;
        let (mut id, mut path) = (id as usize, path.clone());
        while types[id].kind() == TypeKind::Struct && !types[id].subtypes.is_empty() {
            path = path.child(&types[id].field_names[0]);
            id = types[id].subtypes[0] as usize;
        }
        Ok(path)
    };
    paths.iter().map(narrow).collect()
}

struct Compiler<'a> {
    types: &'a [Type],
    wanted: &'a Wanted,
    leaves: Vec<Leaf>,
}

impl Compiler<'_> {
    fn node(&mut self, predicate: &Predicate) -> Result<Node, Error> {
        Ok(match predicate {
            Predicate::Compare { column, op, value } => {
                self.leaf(column, |of| Ok(Test::Compare(*op, key(column, of, value)?)))?
            }
            Predicate::In { column, values } => self.leaf(column, |of| {
                values.iter().map(|value| key(column, of, value)).collect::<Result<_, _>>().map(Test::In)
            })?,
            Predicate::Like { column, pattern } => self.leaf(column, |of| match of {
                DataType::Utf8 => Ok(Test::Like(pattern.clone())),
                other => Err(refused(format!("column `{column}` of {other} is not like a text"))),
            })?,
            Predicate::IsNull { column } => self.leaf(column, |_| Ok(Test::IsNull))?,
            Predicate::IsNotNull { column } => self.leaf(column, |_| Ok(Test::IsNotNull))?,
            Predicate::And(all) => Node::And(self.nodes(all)?),
            Predicate::Or(all) => Node::Or(self.nodes(all)?),
            Predicate::Not(one) => Node::Not(Box::new(self.node(one)?)),
        })
    }

    fn nodes(&mut self, all: &[Predicate]) -> Result<Vec<Node>, Error> {
        all.iter().map(|one| self.node(one)).collect()
    }

    fn leaf(
        &mut self,
        column: &ColumnPath,
        test: impl FnOnce(&DataType) -> Result<Test, Error>,
    ) -> Result<Node, Error> {
        let mut at = self.wanted;
        let (mut way, mut steps) = (Vec::new(), Vec::new());
        for segment in column.segments() {
            if self.types[at.id as usize].kind() != TypeKind::Struct {
                return Err(refused(format!("column `{column}` is inside a list, map or union")));
            }
            let step = at.children.iter().position(|child| child.field.name() == segment);
            let step = step.ok_or_else(|| Error::UnknownColumn(column.clone()))?;
            at = &at.children[step];
            way.push(at.id);
            steps.push(step);
        }
        if way.is_empty() {
            return Err(refused("the root is no column".to_owned()));
        }
        let kind = self.types[at.id as usize].kind();
        if kind == TypeKind::Union {
            return Err(refused(format!("column `{column}` is a union")));
        }
        let data_type = match at.field.data_type() {
            DataType::Dictionary(_, values) => values,
            other => other,
        };
        let test = test(data_type)?;
        let unit = key::unit_nanos(data_type);
        self.leaves.push(Leaf { id: at.id, kind, way, steps, unit, test });
        Ok(Node::Leaf(self.leaves.len() - 1))
    }
}

fn key(column: &ColumnPath, of: &DataType, value: &Scalar) -> Result<Key, Error> {
    Key::of(of, value).ok_or_else(|| refused(format!("column `{column}` of {of} is not comparable with {value:?}")))
}
