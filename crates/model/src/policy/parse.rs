//! Reading a policy document, with S3's texts for what is wrong with it.

use serde_json::{Map, Value};

use super::condition::{Condition, Operator};
use super::{Listed, MalformedPolicy, POLICY_BYTES_MAX, Policy, PrincipalPattern, Statement};
use crate::account::is_account_id;

type Parsed<T> = Result<T, MalformedPolicy>;

const SYNTAX: &str = "Invalid policy syntax.";
const VERSIONS: [&str; 2] = ["2012-10-17", "2008-10-17"];

fn malformed<T>(text: impl Into<String>) -> Parsed<T> {
    Err(MalformedPolicy(text.into()))
}

impl Policy {
    /// Reads and checks a document.
    pub fn parse(text: &str) -> Result<Self, MalformedPolicy> {
        if text.len() > POLICY_BYTES_MAX {
            return malformed("Your policy exceeds the maximum allowed document size.");
        }
        if !text.starts_with('{') {
            return malformed("Policies must be valid JSON and the first byte must be '{'");
        }
        let Ok(Value::Object(document)) = serde_json::from_str(text) else {
            return malformed("This policy contains invalid Json");
        };
        check_members(&document, &["Version", "Id", "Statement"])?;
        let has_variables = has_variables(&document)?;
        let statements = match document.get("Statement") {
            None => return malformed("Missing required field Statement"),
            Some(Value::Array(list)) => list.iter().map(statement).collect::<Parsed<Vec<_>>>()?,
            Some(single) => vec![statement(single)?],
        };
        if statements.is_empty() {
            return malformed("Could not parse the policy: Statement is empty!");
        }
        Ok(Self { statements, has_variables })
    }
}

fn has_variables(document: &Map<String, Value>) -> Parsed<bool> {
    match document.get("Version") {
        None => Ok(false),
        Some(Value::String(version)) if VERSIONS.contains(&version.as_str()) => Ok(version == VERSIONS[0]),
        Some(_) => malformed("The policy must contain a valid version string"),
    }
}

fn check_members(object: &Map<String, Value>, known: &[&str]) -> Parsed<()> {
    match object.keys().find(|name| !known.contains(&name.as_str())) {
        Some(name) => malformed(format!("Unknown field {name}")),
        None => Ok(()),
    }
}

fn statement(value: &Value) -> Parsed<Statement> {
    let Value::Object(statement) = value else { return malformed(SYNTAX) };
    let known =
        ["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction", "Resource", "NotResource", "Condition"];
    check_members(statement, &known)?;
    let is_allow = match statement.get("Effect") {
        None => return malformed("Missing required field Effect"),
        Some(Value::String(effect)) if effect == "Allow" => true,
        Some(Value::String(effect)) if effect == "Deny" => false,
        Some(Value::String(effect)) => return malformed(format!("Invalid effect: {effect}")),
        Some(_) => return malformed(SYNTAX),
    };
    if statement.get("Sid").is_some_and(|sid| !sid.is_string()) {
        return malformed(SYNTAX);
    }
    let Some(actions) = listed(statement, "Action", "NotAction", strings)? else {
        return malformed("Missing required field Action");
    };
    if actions.patterns.is_empty() {
        return malformed("Action cannot be empty");
    }
    Ok(Statement {
        is_allow,
        principals: listed(statement, "Principal", "NotPrincipal", principals)?,
        actions,
        resources: listed(statement, "Resource", "NotResource", strings)?,
        conditions: statement.get("Condition").map_or(Ok(Vec::new()), conditions)?,
    })
}

/// A member, or its negation; never both.
fn listed<T>(
    statement: &Map<String, Value>,
    name: &str,
    negation: &str,
    read: impl Fn(&Value) -> Parsed<Vec<T>>,
) -> Parsed<Option<Listed<T>>> {
    let (is_negated, value) = match (statement.get(name), statement.get(negation)) {
        (Some(_), Some(_)) => return malformed(SYNTAX),
        (Some(value), None) => (false, value),
        (None, Some(value)) => (true, value),
        (None, None) => return Ok(None),
    };
    Ok(Some(Listed { is_negated, patterns: read(value)? }))
}

/// A string, or a list of strings.
fn strings(value: &Value) -> Parsed<Vec<String>> {
    let string = |value: &Value| value.as_str().map_or_else(|| malformed(SYNTAX), |text| Ok(text.to_owned()));
    match value {
        Value::Array(list) => list.iter().map(string).collect(),
        single => Ok(vec![string(single)?]),
    }
}

fn principals(value: &Value) -> Parsed<Vec<PrincipalPattern>> {
    const INVALID: &str = "Invalid principal in policy";
    match value {
        Value::String(text) if text == "*" => Ok(vec![PrincipalPattern::Everyone]),
        Value::Object(kinds) if !kinds.is_empty() => {
            let mut patterns = Vec::new();
            for (kind, names) in kinds {
                for name in strings(names)? {
                    patterns.push(principal(kind, name).ok_or_else(|| MalformedPolicy(INVALID.to_owned()))?);
                }
            }
            Ok(patterns)
        }
        _ => malformed(INVALID),
    }
}

fn principal(kind: &str, name: String) -> Option<PrincipalPattern> {
    match kind {
        "AWS" => aws_principal(name),
        "Service" => name.contains('.').then_some(PrincipalPattern::Service(name)),
        "CanonicalUser" | "Federated" => (!name.is_empty()).then_some(PrincipalPattern::Unknown(name)),
        _ => None,
    }
}

/// `*`, an account, the ARN of an account's root, user, role or session, or a unique id.
fn aws_principal(name: String) -> Option<PrincipalPattern> {
    if name == "*" {
        return Some(PrincipalPattern::Everyone);
    }
    if is_account_id(&name) {
        return Some(PrincipalPattern::Account(name));
    }
    let is_unique_id =
        |name: &str| name.len() >= 16 && name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
    if name.starts_with('A') && is_unique_id(&name) {
        return Some(PrincipalPattern::Unknown(name));
    }
    let parts: Vec<_> = name.splitn(6, ':').collect();
    let ["arn", partition, service, "", account, resource] = parts.as_slice() else { return None };
    if !partition.starts_with("aws") || !is_account_id(account) || name.contains('*') {
        return None;
    }
    match (*service, resource.split_once('/')) {
        ("iam", None) if *resource == "root" => Some(PrincipalPattern::Account((*account).to_owned())),
        ("iam", Some(("user" | "role", rest))) if !rest.is_empty() => Some(PrincipalPattern::Arn(name)),
        ("sts", Some(("assumed-role" | "federated-user", rest))) if !rest.is_empty() => {
            Some(PrincipalPattern::Arn(name))
        }
        _ => None,
    }
}

fn conditions(value: &Value) -> Parsed<Vec<Condition>> {
    let Value::Object(operators) = value else { return malformed(SYNTAX) };
    let mut conditions = Vec::new();
    for (name, keys) in operators {
        let Some(operator) = Operator::from_name(name) else {
            return malformed(format!("Invalid Condition type : {name}"));
        };
        let Value::Object(keys) = keys else { return malformed(SYNTAX) };
        for (key, values) in keys {
            conditions.push(Condition { operator, key: key.clone(), values: scalars(values)? });
        }
    }
    Ok(conditions)
}

/// Values of conditions: strings, numbers and booleans, single or in a list.
fn scalars(value: &Value) -> Parsed<Vec<String>> {
    let scalar = |value: &Value| match value {
        Value::String(text) => Ok(text.clone()),
        Value::Bool(_) | Value::Number(_) => Ok(value.to_string()),
        _ => malformed(SYNTAX),
    };
    match value {
        Value::Array(list) => list.iter().map(scalar).collect(),
        single => Ok(vec![scalar(single)?]),
    }
}
