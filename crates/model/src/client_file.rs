//! The file in the data folder through which client commands find the server.

use std::fmt;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// Its name in the data folder. It holds a secret: mode 0600.
pub const CLIENT_FILE: &str = "client.json";

/// How to reach the server, and its root key unless that was given from outside.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientFile {
    /// Base URL of the server.
    pub endpoint: String,
    /// The Region for clients.
    pub region: String,
    /// Root access key id.
    pub access_key_id: Option<String>,
    /// Root secret access key.
    pub secret_access_key: Option<String>,
    /// Certificate chain that clients must trust, when the server speaks TLS.
    pub ca_bundle: Option<PathBuf>,
}

impl fmt::Debug for ClientFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientFile")
            .field("endpoint", &self.endpoint)
            .field("region", &self.region)
            .field("access_key_id", &self.access_key_id)
            .field("secret_access_key", &"…")
            .field("ca_bundle", &self.ca_bundle)
            .finish()
    }
}
