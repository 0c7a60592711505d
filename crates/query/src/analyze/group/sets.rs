//! Grouping sets: what GROUP BY says, element by element.

use std::collections::HashSet;

use opentrail_trino::ast::{self, ExprKind};
use opentrail_trino::{ErrorClass, SqlError};

use crate::analyze::Analyzer;
use crate::analyze::context::{Context, Typed};
use crate::analyze::select::Item;

/// Grouping sets that one query may have.
const SETS_MAX: usize = 2048;

impl Analyzer<'_> {
    /// The grouping sets, as indexes of `keys`, which they fill.
    pub(super) fn grouping_sets<'a>(
        &self,
        group_by: &'a ast::GroupBy,
        items: &[Item<'a>],
        keys: &mut Vec<(Option<&'a ast::Expr>, Typed)>,
        cx: &mut Context<'a, '_>,
    ) -> Result<Vec<Vec<usize>>, SqlError> {
        let mut all: Vec<Vec<usize>> = vec![Vec::new()];
        for element in &group_by.elements {
            let mut indexes = |set: &'a Vec<ast::Expr>| {
                set.iter().map(|key| self.grouping_key(key, items, keys, cx)).collect::<Result<Vec<usize>, SqlError>>()
            };
            let sets: Vec<Vec<usize>> = match element {
                ast::GroupingElement::Set(set) => vec![indexes(set)?],
                ast::GroupingElement::Sets(sets) => sets.iter().map(indexes).collect::<Result<_, _>>()?,
                ast::GroupingElement::Rollup(sets) => {
                    let sets: Vec<_> = sets.iter().map(indexes).collect::<Result<_, _>>()?;
                    (0..=sets.len()).rev().map(|count| sets[..count].concat()).collect()
                }
                ast::GroupingElement::Cube(sets) => {
                    let sets: Vec<_> = sets.iter().map(indexes).collect::<Result<_, _>>()?;
                    subsets(&sets)
                }
            };
            if all.len().saturating_mul(sets.len()) > SETS_MAX {
                let message = format!("GROUP BY has more than {SETS_MAX} grouping sets");
                return Err(SqlError::new(ErrorClass::TooManyGroupingSets, message));
            }
            all = all.iter().flat_map(|left| sets.iter().map(|right| union(left, right))).collect();
        }
        if group_by.is_distinct {
            let mut seen = HashSet::new();
            all.retain(|set| {
                let mut sorted = set.clone();
                sorted.sort_unstable();
                seen.insert(sorted)
            });
        }
        Ok(all)
    }

    /// The index of a key, which is added unless it is there.
    fn grouping_key<'a>(
        &self,
        ast: &'a ast::Expr,
        items: &[Item<'a>],
        keys: &mut Vec<(Option<&'a ast::Expr>, Typed)>,
        cx: &mut Context<'a, '_>,
    ) -> Result<usize, SqlError> {
        let (source, value) = match &ast.kind {
            ExprKind::Integer(position) => {
                let item = usize::try_from(*position).ok().and_then(|p| p.checked_sub(1)).and_then(|p| items.get(p));
                let Some(item) = item else {
                    let message = format!("GROUP BY position {position} is not in select list");
                    return Err(SqlError::at(ast.place, ErrorClass::InvalidColumnReference, message));
                };
                (item.ast, self.item(item, cx)?)
            }
            _ => (Some(ast), self.expression(ast, cx)?),
        };
        if !value.ty.is_comparable() {
            let message = format!("{} is not comparable, and therefore cannot be used in GROUP BY", value.ty);
            return Err(SqlError::at(ast.place, ErrorClass::TypeMismatch, message));
        }
        if let Some(index) = keys.iter().position(|(_, key)| key.expr == value.expr) {
            return Ok(index);
        }
        keys.push((source, value));
        Ok(keys.len() - 1)
    }
}

fn union(left: &[usize], right: &[usize]) -> Vec<usize> {
    let mut all = left.to_vec();
    all.extend(right.iter().filter(|key| !left.contains(key)));
    all
}

/// All subsets, the whole first.
fn subsets(sets: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let Some((first, rest)) = sets.split_first() else { return vec![Vec::new()] };
    let rest = subsets(rest);
    let with = rest.iter().map(|set| union(first, set));
    with.chain(rest.iter().cloned()).collect()
}
