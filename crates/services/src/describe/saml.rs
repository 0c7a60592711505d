//! What AssumeRoleWithSAML's records tell of the assertion, which itself stays hidden: its id, and what it asks of the session.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use crate::wire::xml::{self, Element};

/// What the names of the attributes that speak to AWS begin with.
const ATTRIBUTES: &str = "https://aws.amazon.com/SAML/Attributes/";

/// The parameters that stand in an assertion as it is sent, in base64. One that is encrypted tells nothing.
pub(super) fn parameters(assertion: &str) -> Map<String, Value> {
    let response = STANDARD.decode(assertion).ok().and_then(|document| xml::parse(&document));
    let assertion = response.as_ref().and_then(|response| response.child("Assertion"));
    assertion.map(told).unwrap_or_default()
}

fn told(assertion: &Element) -> Map<String, Value> {
    let mut parameters = Map::new();
    let id = attribute(assertion, "ID").map(Value::from);
    parameters.extend(id.map(|id| ("sAMLAssertionID".to_owned(), id)));
    let mut tags = Map::new();
    let statements = assertion.children.iter().filter(|child| child.name == "AttributeStatement");
    for told in statements.flat_map(|statement| &statement.children) {
        let Some(name) = attribute(told, "Name").and_then(|name| name.strip_prefix(ATTRIBUTES)) else { continue };
        let mut values = told.children.iter().filter(|child| child.name == "AttributeValue").map(|it| it.text.trim());
        match (name, name.strip_prefix("PrincipalTag:")) {
            ("RoleSessionName", _) => insert(&mut parameters, "roleSessionName", values.next()),
            ("SourceIdentity", _) => insert(&mut parameters, "sourceIdentity", values.next()),
            ("TransitiveTagKeys", _) => _ = parameters.insert("transitiveTagKeys".to_owned(), values.collect()),
            (_, Some(tag)) => insert(&mut tags, tag, values.next()),
            _ => {}
        }
    }
    if !tags.is_empty() {
        parameters.insert("principalTags".to_owned(), Value::Object(tags));
    }
    parameters
}

fn attribute<'e>(element: &'e Element, wanted: &str) -> Option<&'e str> {
    element.attributes.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.as_str())
}

fn insert(members: &mut Map<String, Value>, name: &str, value: Option<&str>) {
    members.extend(value.map(|value| (name.to_owned(), value.into())));
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    const RESPONSE: &str = r#"<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_response">
        <saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_assertion"><saml:AttributeStatement>
        <saml:Attribute Name="https://aws.amazon.com/SAML/Attributes/RoleSessionName">
            <saml:AttributeValue>ann</saml:AttributeValue></saml:Attribute>
        <saml:Attribute Name="https://aws.amazon.com/SAML/Attributes/PrincipalTag:Team">
            <saml:AttributeValue>blue</saml:AttributeValue></saml:Attribute>
        <saml:Attribute Name="https://aws.amazon.com/SAML/Attributes/TransitiveTagKeys">
            <saml:AttributeValue>Team</saml:AttributeValue><saml:AttributeValue>Project</saml:AttributeValue></saml:Attribute>
        <saml:Attribute Name="https://aws.amazon.com/SAML/Attributes/SourceIdentity">
            <saml:AttributeValue>ann@example.org</saml:AttributeValue></saml:Attribute>
        <saml:Attribute Name="mail"><saml:AttributeValue>private</saml:AttributeValue></saml:Attribute>
        </saml:AttributeStatement></saml:Assertion></samlp:Response>"#;

    #[test]
    fn an_assertion_tells_its_id_and_the_session_that_it_asks_for() {
        assert_eq!(
            Value::Object(parameters(&STANDARD.encode(RESPONSE))),
            json!({
                "sAMLAssertionID": "_assertion",
                "roleSessionName": "ann",
                "transitiveTagKeys": ["Team", "Project"],
                "sourceIdentity": "ann@example.org",
                "principalTags": {"Team": "blue"},
            })
        );
    }

    #[test]
    fn what_is_no_assertion_tells_nothing() {
        for text in ["", "%%%", &STANDARD.encode("<Response><EncryptedAssertion/></Response>"), &STANDARD.encode("x")] {
            assert_eq!(parameters(text), Map::new(), "{text}");
        }
    }
}
