//! Where OTLP's JSON differs from what serde would read.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Deserializer};

use super::{ArrayValue, KeyValueList, Value};

/// A 64-bit number, as a text or as a number.
#[derive(Deserialize)]
#[serde(untagged, expecting = "a whole number of 64 bits, as a number or in quotes")]
enum Number<N> {
    Number(N),
    Text(String),
}

impl<N: std::str::FromStr> Number<N> {
    fn get(self) -> Result<N, String> {
        match self {
            Self::Number(number) => Ok(number),
            Self::Text(text) => text.parse().map_err(|_| format!("`{text}` is no whole number of 64 bits")),
        }
    }
}

pub(super) fn unsigned<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    Number::<u64>::deserialize(deserializer)?.get().map_err(serde::de::Error::custom)
}

pub(super) fn hex_bytes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    hex::decode(&text).map_err(|_| serde::de::Error::custom(format!("`{text}` is not in hex")))
}

/// An `AnyValue`: an object with one of these.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AnyValue {
    string_value: Option<String>,
    bool_value: Option<bool>,
    int_value: Option<Number<i64>>,
    double_value: Option<f64>,
    array_value: Option<ArrayValue>,
    kvlist_value: Option<KeyValueList>,
    bytes_value: Option<String>,
}

impl TryFrom<AnyValue> for super::AnyValue {
    type Error = String;

    fn try_from(json: AnyValue) -> Result<Self, String> {
        let int = json.int_value.map(Number::get).transpose()?;
        let bytes = json.bytes_value.map(|text| STANDARD.decode(text)).transpose();
        let bytes = bytes.map_err(|_| "`bytesValue` is not in base64".to_owned())?;
        let values = [
            json.string_value.map(Value::Text),
            json.bool_value.map(Value::Bool),
            int.map(Value::Int),
            json.double_value.map(Value::Double),
            json.array_value.map(Value::Array),
            json.kvlist_value.map(Value::List),
            bytes.map(Value::Bytes),
        ];
        Ok(Self { value: values.into_iter().flatten().next() })
    }
}
