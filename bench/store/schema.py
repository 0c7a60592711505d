"""The columns of CloudTrail Lake, as each engine writes its types. One list, so that all store the same."""

TEXT, BOOL, TIME, MAP = "text", "bool", "time", "map"


def _texts(*names):
    return {name: TEXT for name in names}


_ISSUER = _texts("type", "principalId", "arn", "accountId", "userName")

# A dict is a struct, a list of one dict an array of structs.
COLUMNS = {
    "eventVersion": TEXT,
    "userIdentity": {
        **_texts("type", "principalId", "arn", "accountId", "accessKeyId", "userName"),
        "sessionContext": {
            "attributes": {"creationDate": TIME, "mfaAuthenticated": TEXT},
            "sessionIssuer": _ISSUER,
            "webIdFederationData": {"federatedProvider": TEXT, "attributes": MAP},
            **_texts("sourceIdentity", "ec2RoleDelivery", "ec2IssuedInVpc"),
        },
        "onBehalfOf": _texts("userId", "identityStoreArn"),
        "inScopeOf": _texts("sourceArn", "sourceAccount", "issuerType", "credentialsIssuedTo"),
        **_texts("invokedBy", "identityProvider"),
    },
    "eventTime": TIME,
    **_texts("eventSource", "eventName", "awsRegion", "sourceIPAddress", "userAgent", "errorCode", "errorMessage"),
    **{name: MAP for name in ("requestParameters", "responseElements", "additionalEventData")},
    **_texts("requestID", "eventID"),
    "readOnly": BOOL,
    "resources": [_texts("accountId", "type", "ARN", "ARNPrefix")],
    **_texts("eventType", "apiVersion"),
    "managementEvent": BOOL,
    **_texts("recipientAccountId", "sharedEventID", "annotation", "vpcEndpointId", "vpcEndpointAccountId"),
    **{name: MAP for name in ("serviceEventDetails", "addendum", "edgeDeviceDetails", "insightDetails")},
    "eventCategory": TEXT,
    "tlsDetails": _texts("tlsVersion", "cipherSuite", "clientProvidedHostHeader"),
    "sessionCredentialFromConsole": TEXT,
}


def duckdb(node=None):
    """The structure that DuckDB's `from_json` takes, as a Python value to be printed as JSON."""
    node = COLUMNS if node is None else node
    if isinstance(node, dict):
        return {name: duckdb(child) for name, child in node.items()}
    if isinstance(node, list):
        return [duckdb(node[0])]
    return {TEXT: "VARCHAR", BOOL: "BOOLEAN", TIME: "TIMESTAMP", MAP: "MAP(VARCHAR, VARCHAR)"}[node]


def clickhouse(node=None):
    """The type as ClickHouse writes it."""
    node = COLUMNS if node is None else node
    if isinstance(node, dict):
        return "Tuple(" + ", ".join(f"`{name}` {clickhouse(child)}" for name, child in node.items()) + ")"
    if isinstance(node, list):
        return f"Array({clickhouse(node[0])})"
    return {TEXT: "String", BOOL: "Nullable(Bool)", TIME: "DateTime64(3)", MAP: "Map(String, String)"}[node]
