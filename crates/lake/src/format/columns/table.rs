//! Which column shows what of a record.

use opentrail_model::View;
use serde_json::value::RawValue;

use super::shape::Shape;
use super::{CHECKSUM, JSON, POSITION, TIME};

/// A column, or a member of one.
pub(super) struct Column {
    pub(super) name: &'static str,
    pub(super) kind: Kind,
}

type TextOf = for<'v> fn(&'v View<'v>) -> Option<&'v str>;
type MapOf = for<'v> fn(&'v View<'v>) -> Option<&'v RawValue>;

/// What a column shows.
pub(super) enum Kind {
    /// A string.
    Text(TextOf),
    /// A boolean.
    Flag(fn(&View<'_>) -> Option<bool>),
    /// A time that the record writes as text.
    TimeText(TextOf),
    /// An object of free form.
    Map(MapOf),
    /// An object of known members.
    Struct { is_there: fn(&View<'_>) -> bool, members: &'static [Column] },
    /// `resources`.
    Resources,
    /// `eventContext.tagContext.resourceTags`.
    ResourceTags,
    /// The row's time.
    Time,
    /// The record's own text.
    Json,
    /// Its SHA-256, in hex.
    Checksum,
    /// The row's position in the journal.
    Position,
    /// A member of the record, by its name, in this shape.
    Member { from: &'static str, shape: Shape },
}

const fn text(name: &'static str, of: TextOf) -> Column {
    Column { name, kind: Kind::Text(of) }
}

const fn map(name: &'static str, of: MapOf) -> Column {
    Column { name, kind: Kind::Map(of) }
}

const fn object(name: &'static str, is_there: fn(&View<'_>) -> bool, members: &'static [Column]) -> Column {
    Column { name, kind: Kind::Struct { is_there, members } }
}

/// The columns, in the order of the published table.
pub(super) const COLUMNS: &[Column] = &[
    text("eventVersion", |v| v.event_version.as_deref()),
    object("userIdentity", |v| v.user_identity.is_some(), USER_IDENTITY),
    Column { name: TIME, kind: Kind::Time },
    text("eventSource", |v| v.event_source.as_deref()),
    text("eventName", |v| v.event_name.as_deref()),
    text("awsRegion", |v| v.aws_region.as_deref()),
    text("sourceIPAddress", |v| v.source_ip_address.as_deref()),
    text("userAgent", |v| v.user_agent.as_deref()),
    text("errorCode", |v| v.error_code.as_deref()),
    text("errorMessage", |v| v.error_message.as_deref()),
    map("requestParameters", |v| v.request_parameters),
    map("responseElements", |v| v.response_elements),
    map("additionalEventData", |v| v.additional_event_data),
    text("requestID", |v| v.request_id.as_deref()),
    text("eventID", |v| v.event_id.as_deref()),
    Column { name: "readOnly", kind: Kind::Flag(|v| v.read_only) },
    Column { name: "resources", kind: Kind::Resources },
    text("eventType", |v| v.event_type.as_deref()),
    text("apiVersion", |v| v.api_version.as_deref()),
    Column { name: "managementEvent", kind: Kind::Flag(|v| v.management_event) },
    text("recipientAccountId", |v| v.recipient_account_id.as_deref()),
    text("sharedEventID", |v| v.shared_event_id.as_deref()),
    text("annotation", |v| v.annotation.as_deref()),
    text("vpcEndpointId", |v| v.vpc_endpoint_id.as_deref()),
    text("vpcEndpointAccountId", |v| v.vpc_endpoint_account_id.as_deref()),
    map("serviceEventDetails", |v| v.service_event_details),
    map("addendum", |v| v.addendum),
    map("edgeDeviceDetails", |v| v.edge_device_details),
    map("insightDetails", |v| v.insight_details),
    text("eventCategory", |v| v.event_category.as_deref()),
    object("tlsDetails", |v| v.tls_details.is_some(), TLS_DETAILS),
    text("sessionCredentialFromConsole", |v| v.session_credential_from_console.as_deref()),
    Column { name: JSON, kind: Kind::Json },
    Column { name: CHECKSUM, kind: Kind::Checksum },
    object("eventContext", |v| v.event_context.is_some(), EVENT_CONTEXT),
    Column { name: POSITION, kind: Kind::Position },
];

const USER_IDENTITY: &[Column] = &[
    text("type", |v| v.user_identity.as_ref()?.kind.as_deref()),
    text("principalId", |v| v.user_identity.as_ref()?.principal_id.as_deref()),
    text("arn", |v| v.user_identity.as_ref()?.arn.as_deref()),
    text("accountId", |v| v.user_identity.as_ref()?.account_id.as_deref()),
    text("accessKeyId", |v| v.user_identity.as_ref()?.access_key_id.as_deref()),
    text("userName", |v| v.user_identity.as_ref()?.user_name.as_deref()),
    object("sessionContext", |v| session(v).is_some(), SESSION_CONTEXT),
    object("onBehalfOf", |v| v.user_identity.as_ref().is_some_and(|it| it.on_behalf_of.is_some()), ON_BEHALF_OF),
    object("inScopeOf", |v| v.user_identity.as_ref().is_some_and(|it| it.in_scope_of.is_some()), IN_SCOPE_OF),
    text("invokedBy", |v| v.user_identity.as_ref()?.invoked_by.as_deref()),
    text("identityProvider", |v| v.user_identity.as_ref()?.identity_provider.as_deref()),
];

const SESSION_CONTEXT: &[Column] = &[
    object(
        "attributes",
        |v| session(v).is_some_and(|it| it.attributes.is_some()),
        &[
            Column {
                name: "creationDate",
                kind: Kind::TimeText(|v| session(v)?.attributes.as_ref()?.creation_date.as_deref()),
            },
            text("mfaAuthenticated", |v| session(v)?.attributes.as_ref()?.mfa_authenticated.as_deref()),
        ],
    ),
    object(
        "sessionIssuer",
        |v| session(v).is_some_and(|it| it.session_issuer.is_some()),
        &[
            text("type", |v| session(v)?.session_issuer.as_ref()?.kind.as_deref()),
            text("principalId", |v| session(v)?.session_issuer.as_ref()?.principal_id.as_deref()),
            text("arn", |v| session(v)?.session_issuer.as_ref()?.arn.as_deref()),
            text("accountId", |v| session(v)?.session_issuer.as_ref()?.account_id.as_deref()),
            text("userName", |v| session(v)?.session_issuer.as_ref()?.user_name.as_deref()),
        ],
    ),
    object(
        "webIdFederationData",
        |v| session(v).is_some_and(|it| it.web_id_federation_data.is_some()),
        &[
            text("federatedProvider", |v| session(v)?.web_id_federation_data.as_ref()?.federated_provider.as_deref()),
            map("attributes", |v| session(v)?.web_id_federation_data.as_ref()?.attributes),
        ],
    ),
    text("sourceIdentity", |v| session(v)?.source_identity.as_deref()),
    text("ec2RoleDelivery", |v| session(v)?.ec2_role_delivery.as_deref()),
    text("ec2IssuedInVpc", |v| session(v)?.ec2_issued_in_vpc.as_deref()),
];

const ON_BEHALF_OF: &[Column] = &[
    text("userId", |v| v.user_identity.as_ref()?.on_behalf_of.as_ref()?.user_id.as_deref()),
    text("identityStoreArn", |v| v.user_identity.as_ref()?.on_behalf_of.as_ref()?.identity_store_arn.as_deref()),
];

/// The last member is named as the published table has it; records say `credentialsIssuedTo`.
const IN_SCOPE_OF: &[Column] = &[
    text("sourceArn", |v| v.user_identity.as_ref()?.in_scope_of.as_ref()?.source_arn.as_deref()),
    text("sourceAccount", |v| v.user_identity.as_ref()?.in_scope_of.as_ref()?.source_account.as_deref()),
    text("issuerType", |v| v.user_identity.as_ref()?.in_scope_of.as_ref()?.issuer_type.as_deref()),
    text("credentiaIsIssuedTo", |v| v.user_identity.as_ref()?.in_scope_of.as_ref()?.credentials_issued_to.as_deref()),
];

const TLS_DETAILS: &[Column] = &[
    text("tlsVersion", |v| v.tls_details.as_ref()?.tls_version.as_deref()),
    text("cipherSuite", |v| v.tls_details.as_ref()?.cipher_suite.as_deref()),
    text("clientProvidedHostHeader", |v| v.tls_details.as_ref()?.client_provided_host_header.as_deref()),
];

const EVENT_CONTEXT: &[Column] = &[
    map("requestContext", |v| v.event_context.as_ref()?.request_context),
    object(
        "tagContext",
        |v| v.event_context.as_ref().is_some_and(|it| it.tag_context.is_some()),
        &[
            map("principalTags", |v| v.event_context.as_ref()?.tag_context.as_ref()?.principal_tags),
            Column { name: "resourceTags", kind: Kind::ResourceTags },
        ],
    ),
];

fn session<'v>(view: &'v View<'v>) -> Option<&'v opentrail_model::record::view::ViewSession<'v>> {
    view.user_identity.as_ref()?.session_context.as_ref()
}
