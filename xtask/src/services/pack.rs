//! A service's model as the text that `crates/services/src/table` reads.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::Context as _;
use serde_json::Value;

use super::model::Model;

/// The service's line in the index, without the place of its text.
pub(super) fn head(model: &Model) -> String {
    let endpoint = model.metadata("endpointPrefix");
    let or = |text: &str, other: &str| if text.is_empty() { other.to_owned() } else { text.to_owned() };
    let signing = or(model.metadata("signingName"), endpoint);
    let target = or(model.metadata("targetPrefix"), "-");
    let (version, protocols) = (model.metadata("apiVersion"), model.protocols().join(","));
    format!("{} {endpoint} {signing} {version} {protocols} {target}", model.name)
}

/// The operations, a line each; the shapes, a line each; the errors whose code is another one on the wire.
pub(super) fn text(model: &Model) -> anyhow::Result<String> {
    let mut shapes = Shapes { model, numbers: BTreeMap::new(), order: Vec::new() };
    let mut text = String::new();
    for (name, operation) in model.operations() {
        let http = &operation["http"];
        let [method, uri] = ["method", "requestUri"].map(|key| http[key].as_str().unwrap_or_default());
        let mut reference = |key: &str| match operation[key]["shape"].as_str() {
            Some(shape) => shapes.reference(shape),
            None => Ok("-".to_owned()),
        };
        let (input, output) = (reference("input")?, reference("output")?);
        let flags = [(operation["readonly"] == true, 'r'), (model.is_classic(name), 'c')];
        let flags: String = flags.into_iter().filter_map(|(is_set, flag)| is_set.then_some(flag)).collect();
        let uri = plain(uri)?;
        let _ = writeln!(text, "{name} {method} {uri} {input} {output} {flags}");
    }
    text.push('\n');
    let mut number = 0;
    while let Some(name) = shapes.order.get(number).cloned() {
        text.push_str(&shapes.line(&name).with_context(|| format!("shape `{name}`"))?);
        text.push('\n');
        number += 1;
    }
    text.push('\n');
    for (code, name) in model.error_codes() {
        let _ = writeln!(text, "{} {name}", plain(code)?);
    }
    Ok(text)
}

/// The shapes that have lines, in the order in which they were first met.
struct Shapes<'m> {
    model: &'m Model,
    numbers: BTreeMap<String, usize>,
    order: Vec<String>,
}

impl Shapes<'_> {
    /// What a shape is called in another's line: a letter for what is simple, else its number.
    fn reference(&mut self, name: &str) -> anyhow::Result<String> {
        let shape = self.model.shape(name)?;
        let mut reference = match shape["type"].as_str().unwrap_or_default() {
            "string" | "character" => "s".to_owned(),
            "integer" | "short" | "byte" | "long" => "i".to_owned(),
            "float" | "double" => "d".to_owned(),
            "boolean" => "b".to_owned(),
            "timestamp" => "t".to_owned(),
            "blob" => "B".to_owned(),
            "structure" if shape["document"] == true => "j".to_owned(),
            _ => self.number(name).to_string(),
        };
        if shape["sensitive"] == true {
            reference.push('!');
        }
        Ok(reference)
    }

    fn number(&mut self, name: &str) -> usize {
        if let Some(number) = self.numbers.get(name) {
            return *number;
        }
        self.order.push(name.to_owned());
        let number = self.order.len() - 1;
        self.numbers.insert(name.to_owned(), number);
        number
    }

    fn line(&mut self, name: &str) -> anyhow::Result<String> {
        let shape = self.model.shape(name)?;
        let flattened = if shape["flattened"] == true { "~" } else { "" };
        match shape["type"].as_str() {
            Some("structure") => self.structure(shape),
            Some("list") => Ok(format!("[{flattened}{}", self.member(&shape["member"])?)),
            Some("map") => {
                let (key, value) = (self.member(&shape["key"])?, self.member(&shape["value"])?);
                Ok(format!("<{flattened}{key} {value}"))
            }
            other => anyhow::bail!("type {other:?}"),
        }
    }

    fn structure(&mut self, shape: &Value) -> anyhow::Result<String> {
        let mut line = String::from(if shape["eventstream"] == true { "*" } else { "{" });
        let members = shape["members"].as_object().context("no members")?;
        for (index, (name, member)) in members.iter().enumerate() {
            let space = if index == 0 { "" } else { " " };
            let at = if shape["payload"] == name.as_str() { "@p" } else { location(member)? };
            let mut told = self.member(member)?;
            // Before the names, which end the token.
            told.insert_str(told.find(['=', '&']).unwrap_or(told.len()), at);
            let _ = write!(line, "{space}{} {told}", plain(name)?);
        }
        Ok(line)
    }

    /// A member's type and what its place on the wire has of its own.
    fn member(&mut self, member: &Value) -> anyhow::Result<String> {
        let name = member["shape"].as_str().context("a member without a shape")?;
        let shape = self.model.shape(name)?;
        let mut told = self.reference(name)?;
        let is = |key: &str| member[key] == true || shape[key] == true;
        let marks = [(is("streaming"), '%'), (member["flattened"] == true, '~'), (member["xmlAttribute"] == true, '^')];
        told.extend(marks.into_iter().filter_map(|(is_set, mark)| is_set.then_some(mark)));
        for (key, mark) in [("locationName", '='), ("queryName", '&')] {
            if let Some(name) = member[key].as_str() {
                told.push(mark);
                told.push_str(plain(name)?);
            }
        }
        Ok(told)
    }
}

fn location(member: &Value) -> anyhow::Result<&'static str> {
    Ok(match member["location"].as_str() {
        None => "",
        Some("header") => "@h",
        Some("headers") => "@H",
        Some("querystring") => "@q",
        Some("uri") => "@u",
        Some("statusCode") => "@c",
        Some(other) => anyhow::bail!("location `{other}`"),
    })
}

/// A name without what the text has other uses for.
fn plain(name: &str) -> anyhow::Result<&str> {
    anyhow::ensure!(!name.contains([' ', '\n']), "`{name}` has a space");
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_model_becomes_lines() {
        let model = serde_json::json!({
            "metadata": {"endpointPrefix": "x", "apiVersion": "2020-01-01", "protocol": "rest-json", "awsQueryCompatible": {}},
            "operations": {
                "Get": {"http": {"method": "GET", "requestUri": "/a/{Name}"}, "readonly": true,
                        "input": {"shape": "In"}, "output": {"shape": "Out"}},
                "Stop": {"http": {"method": "POST", "requestUri": "/stop"}},
            },
            "shapes": {
                "In": {"type": "structure", "members": {
                    "Name": {"shape": "S", "location": "uri", "locationName": "Name"},
                    "Secret": {"shape": "Secret"},
                    "Tags": {"shape": "Tags", "locationName": "tag"},
                }},
                "Out": {"type": "structure", "payload": "Body", "members": {"Body": {"shape": "Body"}}},
                "Body": {"type": "blob", "streaming": true},
                "S": {"type": "string"},
                "Secret": {"type": "string", "sensitive": true},
                "Tags": {"type": "list", "flattened": true, "member": {"shape": "S", "locationName": "item"}},
                "Gone": {"type": "structure", "exception": true, "error": {"code": "NotThere"}, "members": {}},
            },
        });
        let model = Model::new("x", model);
        assert_eq!(head(&model), "x x x 2020-01-01 rest-json,query -");
        let expected = "Get GET /a/{Name} 0 1 r\nStop POST /stop - - \n\n\
                        {Name s@u=Name Secret s! Tags 2=tag\n{Body B%@p\n[~s=item\n\nNotThere Gone\n";
        assert_eq!(text(&model).expect("packed"), expected);
    }
}
