//! The columns of the table that Athena's documentation makes over log files (Athena user guide, "Query AWS CloudTrail
//! logs"): names in lower case, members of free form as JSON text, times as they are written.

use std::sync::Arc;

use arrow_array::{RecordBatch, RecordBatchOptions};
use arrow_schema::{Field, Schema, SchemaRef};

use super::batch::{BATCH_BYTES, BATCH_ROWS};
use super::flatten;
use super::shape::{Member, Shape, Shaped, data_type, member_of};

const COLUMNS: &[Member] = &[
    text("eventversion", "eventVersion"),
    object("useridentity", "userIdentity", USER_IDENTITY),
    text("eventtime", "eventTime"),
    text("eventsource", "eventSource"),
    text("eventname", "eventName"),
    text("awsregion", "awsRegion"),
    text("sourceipaddress", "sourceIPAddress"),
    text("useragent", "userAgent"),
    text("errorcode", "errorCode"),
    text("errormessage", "errorMessage"),
    text("requestparameters", "requestParameters"),
    text("responseelements", "responseElements"),
    text("additionaleventdata", "additionalEventData"),
    text("requestid", "requestID"),
    text("eventid", "eventID"),
    text("readonly", "readOnly"),
    Member { name: "resources", from: "resources", shape: Shape::List(RESOURCE) },
    text("eventtype", "eventType"),
    text("apiversion", "apiVersion"),
    text("recipientaccountid", "recipientAccountId"),
    text("serviceeventdetails", "serviceEventDetails"),
    text("sharedeventid", "sharedEventID"),
    text("vpcendpointid", "vpcEndpointId"),
    text("vpcendpointaccountid", "vpcEndpointAccountId"),
    text("eventcategory", "eventCategory"),
    object("addendum", "addendum", ADDENDUM),
    text("sessioncredentialfromconsole", "sessionCredentialFromConsole"),
    text("edgedevicedetails", "edgeDeviceDetails"),
    object("tlsdetails", "tlsDetails", TLS_DETAILS),
];

const USER_IDENTITY: &[Member] = &[
    text("type", "type"),
    text("principalid", "principalId"),
    text("arn", "arn"),
    text("accountid", "accountId"),
    text("invokedby", "invokedBy"),
    text("accesskeyid", "accessKeyId"),
    text("username", "userName"),
    object("onbehalfof", "onBehalfOf", ON_BEHALF_OF),
    object("sessioncontext", "sessionContext", SESSION_CONTEXT),
];

const ON_BEHALF_OF: &[Member] = &[text("userid", "userId"), text("identitystorearn", "identityStoreArn")];

const SESSION_CONTEXT: &[Member] = &[
    object("attributes", "attributes", ATTRIBUTES),
    object("sessionissuer", "sessionIssuer", SESSION_ISSUER),
    text("ec2roledelivery", "ec2RoleDelivery"),
    object("webidfederationdata", "webIdFederationData", FEDERATION),
];

const ATTRIBUTES: &[Member] = &[text("mfaauthenticated", "mfaAuthenticated"), text("creationdate", "creationDate")];

const SESSION_ISSUER: &[Member] = &[
    text("type", "type"),
    text("principalid", "principalId"),
    text("arn", "arn"),
    text("accountid", "accountId"),
    text("username", "userName"),
];

const FEDERATION: &[Member] = &[
    text("federatedprovider", "federatedProvider"),
    Member { name: "attributes", from: "attributes", shape: Shape::Map },
];

const RESOURCE: &[Member] = &[text("arn", "ARN"), text("accountid", "accountId"), text("type", "type")];

const ADDENDUM: &[Member] = &[
    text("reason", "reason"),
    text("updatedfields", "updatedFields"),
    text("originalrequestid", "originalRequestID"),
    text("originaleventid", "originalEventID"),
];

const TLS_DETAILS: &[Member] = &[
    text("tlsversion", "tlsVersion"),
    text("ciphersuite", "cipherSuite"),
    text("clientprovidedhostheader", "clientProvidedHostHeader"),
];

const fn text(name: &'static str, from: &'static str) -> Member {
    Member { name, from, shape: Shape::Text }
}

const fn object(name: &'static str, from: &'static str, members: &'static [Member]) -> Member {
    Member { name, from, shape: Shape::Object(members) }
}

/// Records of log files that become a batch of some of the columns.
pub(crate) struct LogFileColumns {
    schema: SchemaRef,
    columns: Vec<(&'static Member, Shaped)>,
    rows: usize,
    bytes: usize,
}

impl LogFileColumns {
    /// All columns as Arrow knows them.
    pub(crate) fn schema() -> Schema {
        schema(COLUMNS.iter())
    }

    /// Those columns that are wanted.
    pub(crate) fn of(is_wanted: impl Fn(&str) -> bool) -> Self {
        let wanted: Vec<&'static Member> = COLUMNS.iter().filter(|column| is_wanted(column.name)).collect();
        let schema = Arc::new(schema(wanted.iter().copied()));
        let columns = wanted.into_iter().map(|column| (column, Shaped::new(&column.shape))).collect();
        Self { schema, columns, rows: 0, bytes: 0 }
    }

    /// Adds a record; false when it is no JSON object, and then no row is added. A member that doesn't have the shape of
    /// its column is null there.
    pub(crate) fn push(&mut self, record: &str) -> bool {
        let Some(members) = flatten::of_text(record) else { return false };
        for (column, shaped) in &mut self.columns {
            shaped.push(&column.shape, member_of(&members, column.from), &mut 0);
        }
        self.rows += 1;
        self.bytes += record.len();
        true
    }

    /// How many rows were added since the last batch.
    pub(crate) fn rows(&self) -> usize {
        self.rows
    }

    /// Is it time for [`Self::finish`]?
    pub(crate) fn is_full(&self) -> bool {
        self.rows >= BATCH_ROWS || self.bytes >= BATCH_BYTES
    }

    /// The batch of what was added since the last.
    pub(crate) fn finish(&mut self) -> RecordBatch {
        let columns = self.columns.iter_mut().map(|(column, shaped)| shaped.finish(&column.shape));
        let options = RecordBatchOptions::new().with_row_count(Some(self.rows));
        let batch = RecordBatch::try_new_with_options(SchemaRef::clone(&self.schema), columns.collect(), &options)
            .expect("columns are built from the table that the schema is made of");
        (self.rows, self.bytes) = (0, 0);
        batch
    }
}

fn schema<'m>(columns: impl Iterator<Item = &'m Member>) -> Schema {
    Schema::new(columns.map(|column| Field::new(column.name, data_type(&column.shape), true)).collect::<Vec<_>>())
}
