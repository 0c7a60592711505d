//! The queries of widgets: their parameters, their form, and the stores that they ask.

use opentrail_model::dashboard::WIDGET_PARAMETERS;
use opentrail_trino::ast::{Identifier, Query, QueryBody, Relation, RelationKind};

use crate::error::LakeError;

/// What stands for each parameter while the form is looked at, in the order of [`WIDGET_PARAMETERS`].
const SAMPLES: [&str; 3] = ["2024-11-05 10:45:24.000", "2024-11-06 10:45:24.000", "hour"];

fn invalid(text: impl Into<String>) -> LakeError {
    LakeError::Statement(text.into())
}

/// Checks a statement with its parameters, and answers the names of the tables in its FROM clauses that the statement
/// doesn't make itself.
pub(crate) fn tables(statement: &str, parameters: &[String]) -> Result<Vec<String>, LakeError> {
    let sample = |parameter: &String| match WIDGET_PARAMETERS.iter().position(|known| known == parameter) {
        Some(at) => Ok(SAMPLES[at].to_owned()),
        None => Err(invalid(format!("The query parameter {parameter} is not valid."))),
    };
    check_count(statement, parameters.len())?;
    let filled = fill(statement, &parameters.iter().map(sample).collect::<Result<Vec<_>, _>>()?)?;
    let query = opentrail_trino::parse(&filled).map_err(|error| invalid(error.to_string()))?;
    let mut found = Tables::default();
    found.query(&query);
    Ok(found.names)
}

/// Puts each value in place of a `?`, inside of quotes too.
pub(crate) fn fill(statement: &str, values: &[String]) -> Result<String, LakeError> {
    check_count(statement, values.len())?;
    let values = values.iter().map(String::as_str).chain([""]);
    Ok(statement.split('?').zip(values).flat_map(|(part, value)| [part, value]).collect())
}

fn check_count(statement: &str, given: usize) -> Result<(), LakeError> {
    let marks = statement.matches('?').count();
    if marks == given {
        return Ok(());
    }
    Err(invalid(format!("The query statement has {marks} parameters, but {given} were specified.")))
}

/// The names in the FROM clauses of a query and of those inside it.
#[derive(Default)]
struct Tables {
    /// Names of WITH queries.
    own: Vec<String>,
    names: Vec<String>,
}

impl Tables {
    fn query(&mut self, query: &Query) {
        for with in &query.with {
            self.query(&with.query);
            self.own.push(with.name.text.to_lowercase());
        }
        self.body(&query.body);
    }

    fn body(&mut self, body: &QueryBody) {
        match body {
            QueryBody::Select(select) => select.from.iter().for_each(|relation| self.relation(relation)),
            QueryBody::Set(set) => {
                self.body(&set.left);
                self.body(&set.right);
            }
            QueryBody::Values(_) => {}
            QueryBody::Table(name) => self.name(name),
            QueryBody::Nested(query) => self.query(query),
        }
    }

    fn relation(&mut self, relation: &Relation) {
        match &relation.kind {
            RelationKind::Table(name) => self.name(name),
            RelationKind::Subquery(query) | RelationKind::Lateral(query) => self.query(query),
            RelationKind::Unnest { .. } => {}
            RelationKind::Join(join) => {
                self.relation(&join.left);
                self.relation(&join.right);
            }
            RelationKind::Aliased { relation, .. } => self.relation(relation),
        }
    }

    fn name(&mut self, name: &[Identifier]) {
        let name = name.iter().map(|part| part.text.to_lowercase()).collect::<Vec<_>>().join(".");
        if !self.own.contains(&name) && !self.names.contains(&name) {
            self.names.push(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "01234567-89ab-cdef-0123-456789abcdef";

    fn check(statement: &str, parameters: &[&str]) -> Result<Vec<String>, String> {
        let parameters: Vec<String> = parameters.iter().map(|it| (*it).to_owned()).collect();
        tables(statement, &parameters).map_err(|error| error.to_string())
    }

    #[test]
    fn tables_are_found_wherever_a_from_is() {
        let one = vec![ID.to_owned()];
        let between = "WHERE eventTime > '?' AND eventTime < '?'";
        let text = format!("SELECT date_trunc('?', eventTime), count(*) FROM {ID} {between} GROUP BY 1");
        assert_eq!(check(&text, &["$Period$", "$StartTime$", "$EndTime$"]), Ok(one.clone()));
        for text in [
            format!("WITH a AS (SELECT * FROM {ID}) SELECT * FROM a"),
            format!("SELECT 1 FROM (SELECT * FROM {ID}) AS x, UNNEST(resources) AS r(z)"),
            format!("SELECT 1 UNION ALL (SELECT 2 FROM {ID} AS t)"),
            format!("SELECT 1 FROM {ID} a JOIN {ID} b ON a.eventID = b.eventID"),
        ] {
            assert_eq!(check(&text, &[]), Ok(one.clone()), "{text}");
        }
        assert_eq!(check("SELECT 1", &[]), Ok(Vec::new()));
        assert_eq!(check("SELECT 1 FROM other", &[]), Ok(vec!["other".to_owned()]));
    }

    #[test]
    fn parameters_are_counted_and_known() {
        let text = "SELECT '?', '?'";
        let few = "The query statement has 2 parameters, but 1 were specified.";
        assert_eq!(check(text, &["$StartTime$"]), Err(few.to_owned()));
        let many = "The query statement has 2 parameters, but 3 were specified.";
        assert_eq!(check(text, &["$StartTime$", "$EndTime$", "$Period$"]), Err(many.to_owned()));
        let unknown = "The query parameter 'x' is not valid.".replace('\'', "");
        assert_eq!(check(text, &["$StartTime$", "x"]), Err(unknown));
        assert!(check("DROP TABLE x", &[]).is_err() && check("SELECT", &[]).is_err() && check("", &[]).is_err());
    }
}
