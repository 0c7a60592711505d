//! The credential scope.

use std::fmt;

/// Where and when a signature is valid: `20150830/us-east-1/iam/aws4_request`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Scope {
    /// `YYYYMMDD`.
    pub date: String,
    /// The Region the caller addressed.
    pub region: String,
    /// The signing name of the service the caller addressed.
    pub service: String,
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}/{}/aws4_request", self.date, self.region, self.service)
    }
}

/// `AKID/20150830/us-east-1/iam/aws4_request`, taken apart.
#[derive(Debug)]
pub(crate) struct Credential {
    pub(crate) access_key_id: String,
    pub(crate) scope: Scope,
}

/// What is wrong with a `Credential`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum CredentialError {
    /// Not five elements, an empty one, or a date that isn't one.
    Shape,
    /// The fifth element isn't `aws4_request`.
    Terminator(String),
}

impl Credential {
    /// Access key ids don't hold slashes at AWS, but S3-compatible stores allow them: the scope is read from the right.
    pub(crate) fn parse(text: &str) -> Result<Self, CredentialError> {
        let mut from_right = text.rsplitn(5, '/');
        let mut next = || from_right.next().filter(|part| !part.is_empty()).ok_or(CredentialError::Shape);
        let (terminator, service, region, date, access_key_id) = (next()?, next()?, next()?, next()?, next()?);
        if terminator != "aws4_request" {
            return Err(CredentialError::Terminator(terminator.to_owned()));
        }
        if date.len() != 8 || !date.bytes().all(|b| b.is_ascii_digit()) {
            return Err(CredentialError::Shape);
        }
        let scope = Scope { date: date.to_owned(), region: region.to_owned(), service: service.to_owned() };
        Ok(Self { access_key_id: access_key_id.to_owned(), scope })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_taken_apart() {
        let credential = Credential::parse("AKID/20150830/us-east-1/iam/aws4_request").expect("well formed");
        assert_eq!(credential.access_key_id, "AKID");
        assert_eq!(credential.scope.to_string(), "20150830/us-east-1/iam/aws4_request");
    }

    #[test]
    fn broken_credentials_are_refused() {
        let broken = |text: &str| Credential::parse(text).err();
        for text in [
            "",
            "AKID",
            "AKID/20150830/us-east-1/aws4_request",
            "/20150830/r/s/aws4_request",
            "A/2015/r/s/aws4_request",
        ] {
            assert_eq!(broken(text), Some(CredentialError::Shape), "{text}");
        }
        assert_eq!(broken("A/20150830/r/s/aws5"), Some(CredentialError::Terminator("aws5".to_owned())));
    }
}
