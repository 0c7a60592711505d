//! The statements of widgets and their parameters.

use opentrail_model::dashboard::WIDGET_PARAMETERS;

use crate::error::LakeError;

/// What stands for each parameter while a statement is checked, in the order of [`WIDGET_PARAMETERS`].
const SAMPLES: [&str; 3] = ["2024-11-05 10:45:24.000", "2024-11-06 10:45:24.000", "hour"];

/// A statement as it could be asked: with values for its parameters, which must be known ones.
pub(crate) fn sample(statement: &str, parameters: &[String]) -> Result<String, LakeError> {
    let value = |parameter: &String| match WIDGET_PARAMETERS.iter().position(|known| known == parameter) {
        Some(at) => Ok(SAMPLES[at].to_owned()),
        None => Err(LakeError::Statement(format!("The query parameter {parameter} is not valid."))),
    };
    check_count(statement, parameters.len())?;
    fill(statement, &parameters.iter().map(value).collect::<Result<Vec<_>, _>>()?)
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
    let text = format!("The query statement has {marks} parameters, but {given} were specified.");
    Err(LakeError::Statement(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_counted_and_known() {
        let check = |parameters: &[&str]| {
            let parameters: Vec<String> = parameters.iter().map(|it| (*it).to_owned()).collect();
            sample("SELECT '?', '?'", &parameters).map_err(|error| error.to_string())
        };
        assert_eq!(check(&["$Period$", "$StartTime$"]), Ok("SELECT 'hour', '2024-11-05 10:45:24.000'".to_owned()));
        let few = "The query statement has 2 parameters, but 1 were specified.";
        assert_eq!(check(&["$StartTime$"]), Err(few.to_owned()));
        let many = "The query statement has 2 parameters, but 3 were specified.";
        assert_eq!(check(&["$StartTime$", "$EndTime$", "$Period$"]), Err(many.to_owned()));
        assert_eq!(check(&["$StartTime$", "x"]), Err("The query parameter x is not valid.".to_owned()));
    }
}
