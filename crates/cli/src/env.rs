//! `opentrail env`: lines for a shell's `eval`.

use std::process::ExitCode;

use crate::connection::ConnectionArgs;

/// Prints `export` lines that point AWS clients at the server.
pub fn run(args: &ConnectionArgs) -> anyhow::Result<ExitCode> {
    let connection = args.connect()?;
    let mut lines = vec![
        ("AWS_ENDPOINT_URL", connection.endpoint.clone()),
        ("AWS_ACCESS_KEY_ID", connection.credentials.access_key_id.clone()),
        ("AWS_SECRET_ACCESS_KEY", connection.credentials.secret.expose().to_owned()),
        ("AWS_REGION", connection.region.clone()),
        ("AWS_DEFAULT_REGION", connection.region.clone()),
    ];
    if let Some(token) = &connection.credentials.session_token {
        lines.push(("AWS_SESSION_TOKEN", token.clone()));
    }
    if let Some(bundle) = &connection.ca_bundle {
        lines.push(("AWS_CA_BUNDLE", bundle.display().to_string()));
    }
    for (name, value) in lines {
        println!("export {name}={}", quoted(&value));
    }
    Ok(ExitCode::SUCCESS)
}

/// The value as a POSIX shell reads it back, with quotes only where it needs them.
fn quoted(value: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./:+=@".contains(&byte);
    if !value.is_empty() && value.bytes().all(plain) {
        return value.to_owned();
    }
    format!("'{}'", value.replace('\'', r"'\''"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_survive_the_shell() {
        assert_eq!(quoted("http://127.0.0.1:7410"), "http://127.0.0.1:7410");
        assert_eq!(quoted("a b"), "'a b'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(""), "''");
    }
}
