//! The objects inside a record, by the members that are looked at.

use std::borrow::Cow;

use serde::de::MapAccess;
use serde_json::value::RawValue;

use super::member::{self, Members};

/// `userIdentity`.
#[derive(Debug, Clone, Default)]
pub struct ViewIdentity<'a> {
    /// `type`.
    pub kind: Option<Cow<'a, str>>,
    /// `principalId`.
    pub principal_id: Option<Cow<'a, str>>,
    /// `arn`.
    pub arn: Option<Cow<'a, str>>,
    /// `accountId`.
    pub account_id: Option<Cow<'a, str>>,
    /// `accessKeyId`.
    pub access_key_id: Option<Cow<'a, str>>,
    /// `userName`.
    pub user_name: Option<Cow<'a, str>>,
    /// `sessionContext`.
    pub session_context: Option<ViewSession<'a>>,
    /// `onBehalfOf`.
    pub on_behalf_of: Option<ViewOnBehalfOf<'a>>,
    /// `inScopeOf`.
    pub in_scope_of: Option<ViewInScopeOf<'a>>,
    /// `invokedBy`.
    pub invoked_by: Option<Cow<'a, str>>,
    /// `identityProvider`.
    pub identity_provider: Option<Cow<'a, str>>,
}

impl<'a> Members<'a> for ViewIdentity<'a> {
    fn member<M: MapAccess<'a>>(&mut self, name: &str, map: &mut M, odd: &mut u32) -> Result<(), M::Error> {
        let text = match name {
            "type" => &mut self.kind,
            "principalId" => &mut self.principal_id,
            "arn" => &mut self.arn,
            "accountId" => &mut self.account_id,
            "accessKeyId" => &mut self.access_key_id,
            "userName" => &mut self.user_name,
            "invokedBy" => &mut self.invoked_by,
            "identityProvider" => &mut self.identity_provider,
            "sessionContext" => return member::object(map, odd).map(|it| self.session_context = it),
            "onBehalfOf" => return member::object(map, odd).map(|it| self.on_behalf_of = it),
            "inScopeOf" => return member::object(map, odd).map(|it| self.in_scope_of = it),
            _ => return member::skip(map),
        };
        *text = member::text(map, odd)?;
        Ok(())
    }
}

/// `userIdentity.sessionContext`.
#[derive(Debug, Clone, Default)]
pub struct ViewSession<'a> {
    /// `attributes`.
    pub attributes: Option<ViewSessionAttributes<'a>>,
    /// `sessionIssuer`.
    pub session_issuer: Option<ViewIssuer<'a>>,
    /// `webIdFederationData`.
    pub web_id_federation_data: Option<ViewFederation<'a>>,
    /// `sourceIdentity`.
    pub source_identity: Option<Cow<'a, str>>,
    /// `ec2RoleDelivery`.
    pub ec2_role_delivery: Option<Cow<'a, str>>,
    /// `ec2IssuedInVpc`.
    pub ec2_issued_in_vpc: Option<Cow<'a, str>>,
}

impl<'a> Members<'a> for ViewSession<'a> {
    fn member<M: MapAccess<'a>>(&mut self, name: &str, map: &mut M, odd: &mut u32) -> Result<(), M::Error> {
        match name {
            "attributes" => self.attributes = member::object(map, odd)?,
            "sessionIssuer" => self.session_issuer = member::object(map, odd)?,
            "webIdFederationData" => self.web_id_federation_data = member::object(map, odd)?,
            "sourceIdentity" => self.source_identity = member::text(map, odd)?,
            "ec2RoleDelivery" => self.ec2_role_delivery = member::text(map, odd)?,
            "ec2IssuedInVpc" => self.ec2_issued_in_vpc = member::text(map, odd)?,
            _ => member::skip(map)?,
        }
        Ok(())
    }
}

/// `userIdentity.sessionContext.attributes`.
#[derive(Debug, Clone, Default)]
pub struct ViewSessionAttributes<'a> {
    /// `creationDate`, as text.
    pub creation_date: Option<Cow<'a, str>>,
    /// `mfaAuthenticated`: `true` or `false`, as text.
    pub mfa_authenticated: Option<Cow<'a, str>>,
}

impl<'a> Members<'a> for ViewSessionAttributes<'a> {
    fn member<M: MapAccess<'a>>(&mut self, name: &str, map: &mut M, odd: &mut u32) -> Result<(), M::Error> {
        match name {
            "creationDate" => self.creation_date = member::text(map, odd)?,
            "mfaAuthenticated" => self.mfa_authenticated = member::text(map, odd)?,
            _ => member::skip(map)?,
        }
        Ok(())
    }
}

/// `userIdentity.sessionContext.sessionIssuer`.
#[derive(Debug, Clone, Default)]
pub struct ViewIssuer<'a> {
    /// `type`.
    pub kind: Option<Cow<'a, str>>,
    /// `principalId`.
    pub principal_id: Option<Cow<'a, str>>,
    /// `arn`.
    pub arn: Option<Cow<'a, str>>,
    /// `accountId`.
    pub account_id: Option<Cow<'a, str>>,
    /// `userName`.
    pub user_name: Option<Cow<'a, str>>,
}

impl<'a> Members<'a> for ViewIssuer<'a> {
    fn member<M: MapAccess<'a>>(&mut self, name: &str, map: &mut M, odd: &mut u32) -> Result<(), M::Error> {
        match name {
            "type" => self.kind = member::text(map, odd)?,
            "principalId" => self.principal_id = member::text(map, odd)?,
            "arn" => self.arn = member::text(map, odd)?,
            "accountId" => self.account_id = member::text(map, odd)?,
            "userName" => self.user_name = member::text(map, odd)?,
            _ => member::skip(map)?,
        }
        Ok(())
    }
}

/// `userIdentity.sessionContext.webIdFederationData`.
#[derive(Debug, Clone, Default)]
pub struct ViewFederation<'a> {
    /// `federatedProvider`.
    pub federated_provider: Option<Cow<'a, str>>,
    /// `attributes`, an object.
    pub attributes: Option<&'a RawValue>,
}

impl<'a> Members<'a> for ViewFederation<'a> {
    fn member<M: MapAccess<'a>>(&mut self, name: &str, map: &mut M, odd: &mut u32) -> Result<(), M::Error> {
        match name {
            "federatedProvider" => self.federated_provider = member::text(map, odd)?,
            "attributes" => self.attributes = member::raw_object(map, odd)?,
            _ => member::skip(map)?,
        }
        Ok(())
    }
}

/// `userIdentity.onBehalfOf`.
#[derive(Debug, Clone, Default)]
pub struct ViewOnBehalfOf<'a> {
    /// `userId`.
    pub user_id: Option<Cow<'a, str>>,
    /// `identityStoreArn`.
    pub identity_store_arn: Option<Cow<'a, str>>,
}

impl<'a> Members<'a> for ViewOnBehalfOf<'a> {
    fn member<M: MapAccess<'a>>(&mut self, name: &str, map: &mut M, odd: &mut u32) -> Result<(), M::Error> {
        match name {
            "userId" => self.user_id = member::text(map, odd)?,
            "identityStoreArn" => self.identity_store_arn = member::text(map, odd)?,
            _ => member::skip(map)?,
        }
        Ok(())
    }
}

/// `userIdentity.inScopeOf`.
#[derive(Debug, Clone, Default)]
pub struct ViewInScopeOf<'a> {
    /// `sourceArn`.
    pub source_arn: Option<Cow<'a, str>>,
    /// `sourceAccount`.
    pub source_account: Option<Cow<'a, str>>,
    /// `issuerType`.
    pub issuer_type: Option<Cow<'a, str>>,
    /// `credentialsIssuedTo`.
    pub credentials_issued_to: Option<Cow<'a, str>>,
}

impl<'a> Members<'a> for ViewInScopeOf<'a> {
    fn member<M: MapAccess<'a>>(&mut self, name: &str, map: &mut M, odd: &mut u32) -> Result<(), M::Error> {
        match name {
            "sourceArn" => self.source_arn = member::text(map, odd)?,
            "sourceAccount" => self.source_account = member::text(map, odd)?,
            "issuerType" => self.issuer_type = member::text(map, odd)?,
            "credentialsIssuedTo" => self.credentials_issued_to = member::text(map, odd)?,
            _ => member::skip(map)?,
        }
        Ok(())
    }
}

/// One entry of `resources`.
#[derive(Debug, Clone, Default)]
pub struct ViewResource<'a> {
    /// `accountId`.
    pub account_id: Option<Cow<'a, str>>,
    /// `type`.
    pub kind: Option<Cow<'a, str>>,
    /// `ARN` (`arn` in some records).
    pub arn: Option<Cow<'a, str>>,
    /// `ARNPrefix`, of calls that list a part of a bucket.
    pub arn_prefix: Option<Cow<'a, str>>,
}

impl<'a> Members<'a> for ViewResource<'a> {
    fn member<M: MapAccess<'a>>(&mut self, name: &str, map: &mut M, odd: &mut u32) -> Result<(), M::Error> {
        match name {
            "accountId" => self.account_id = member::text(map, odd)?,
            "type" => self.kind = member::text(map, odd)?,
            "ARN" | "arn" => self.arn = member::text(map, odd)?.or_else(|| self.arn.take()),
            "ARNPrefix" | "arnPrefix" => self.arn_prefix = member::text(map, odd)?.or_else(|| self.arn_prefix.take()),
            _ => member::skip(map)?,
        }
        Ok(())
    }
}

/// `tlsDetails`.
#[derive(Debug, Clone, Default)]
pub struct ViewTls<'a> {
    /// `tlsVersion`.
    pub tls_version: Option<Cow<'a, str>>,
    /// `cipherSuite`.
    pub cipher_suite: Option<Cow<'a, str>>,
    /// `clientProvidedHostHeader`.
    pub client_provided_host_header: Option<Cow<'a, str>>,
}

impl<'a> Members<'a> for ViewTls<'a> {
    fn member<M: MapAccess<'a>>(&mut self, name: &str, map: &mut M, odd: &mut u32) -> Result<(), M::Error> {
        match name {
            "tlsVersion" => self.tls_version = member::text(map, odd)?,
            "cipherSuite" => self.cipher_suite = member::text(map, odd)?,
            "clientProvidedHostHeader" => self.client_provided_host_header = member::text(map, odd)?,
            _ => member::skip(map)?,
        }
        Ok(())
    }
}

/// `eventContext`.
#[derive(Debug, Clone, Default)]
pub struct ViewContext<'a> {
    /// `requestContext`, an object.
    pub request_context: Option<&'a RawValue>,
    /// `tagContext`.
    pub tag_context: Option<ViewTagContext<'a>>,
}

impl<'a> Members<'a> for ViewContext<'a> {
    fn member<M: MapAccess<'a>>(&mut self, name: &str, map: &mut M, odd: &mut u32) -> Result<(), M::Error> {
        match name {
            "requestContext" => self.request_context = member::raw_object(map, odd)?,
            "tagContext" => self.tag_context = member::object(map, odd)?,
            _ => member::skip(map)?,
        }
        Ok(())
    }
}

/// `eventContext.tagContext`.
#[derive(Debug, Clone, Default)]
pub struct ViewTagContext<'a> {
    /// `principalTags`, an object.
    pub principal_tags: Option<&'a RawValue>,
    /// `resourceTags`.
    pub resource_tags: Option<Vec<ViewResourceTags<'a>>>,
}

impl<'a> Members<'a> for ViewTagContext<'a> {
    fn member<M: MapAccess<'a>>(&mut self, name: &str, map: &mut M, odd: &mut u32) -> Result<(), M::Error> {
        match name {
            "principalTags" => self.principal_tags = member::raw_object(map, odd)?,
            "resourceTags" => self.resource_tags = member::list(map, odd)?,
            _ => member::skip(map)?,
        }
        Ok(())
    }
}

/// One entry of `eventContext.tagContext.resourceTags`.
#[derive(Debug, Clone, Default)]
pub struct ViewResourceTags<'a> {
    /// `arn`.
    pub arn: Option<Cow<'a, str>>,
    /// `tags`, an object.
    pub tags: Option<&'a RawValue>,
}

impl<'a> Members<'a> for ViewResourceTags<'a> {
    fn member<M: MapAccess<'a>>(&mut self, name: &str, map: &mut M, odd: &mut u32) -> Result<(), M::Error> {
        match name {
            "arn" => self.arn = member::text(map, odd)?,
            "tags" => self.tags = member::raw_object(map, odd)?,
            _ => member::skip(map)?,
        }
        Ok(())
    }
}

/// `windowStart` of an aggregated event's `timeWindow`.
pub(super) fn window_start<'a, M: MapAccess<'a>>(map: &mut M, odd: &mut u32) -> Result<Option<Cow<'a, str>>, M::Error> {
    let window = member::object::<TimeWindow<'a>, M>(map, odd)?;
    Ok(window.and_then(|window| window.window_start))
}

/// `timeWindow` of an aggregated event.
#[derive(Debug, Clone, Default)]
struct TimeWindow<'a> {
    window_start: Option<Cow<'a, str>>,
}

impl<'a> Members<'a> for TimeWindow<'a> {
    fn member<M: MapAccess<'a>>(&mut self, name: &str, map: &mut M, odd: &mut u32) -> Result<(), M::Error> {
        match name {
            "windowStart" => self.window_start = member::text(map, odd)?,
            _ => member::skip(map)?,
        }
        Ok(())
    }
}
