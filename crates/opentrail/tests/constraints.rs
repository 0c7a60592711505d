//! Every constraint of the models, broken once by a generated request over a real socket: the right error code, no
//! fault of the server, no panic.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use opentrail_cli::connection::ServiceError;
use opentrail_cli::{Connection, ConnectionArgs};
use opentrail_wire::{Operation, TARGET_PREFIXES, violations};
use serde_json::{Value, json};

/// A server that ends with the test.
struct Server {
    process: Child,
    folder: tempfile::TempDir,
}

impl Server {
    fn start() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let log = std::fs::File::create(folder.path().join("server.log")).expect("a log");
        let process = Command::new(env!("CARGO_BIN_EXE_opentrail"))
            .args(["serve", "--listen", "127.0.0.1:0", "--data-dir"])
            .arg(folder.path().join("data"))
            .env_clear()
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("the server starts");
        Self { process, folder }
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("server.log")).expect("the log is readable")
    }

    fn data(&self) -> &Path {
        self.folder.path()
    }

    /// Waits until the server answers.
    async fn connect(&mut self) -> (Connection, reqwest::Client) {
        for _ in 0..600 {
            tokio::time::sleep(Duration::from_millis(100)).await;
            assert_eq!(self.process.try_wait().expect("its state is known"), None, "the server ended: {}", self.log());
            let args = ConnectionArgs { data_dir: Some(self.data().join("data")) };
            let Ok(connection) = args.connect() else { continue };
            let http = connection.http().expect("a client");
            if call(&connection, &http, Operation::ListTrails, &json!({})).await.is_ok() {
                return (connection, http);
            }
        }
        panic!("the server didn't answer within a minute: {}", self.log());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The code of the error that a call is answered, if any.
async fn call(
    connection: &Connection,
    http: &reqwest::Client,
    operation: Operation,
    body: &Value,
) -> Result<Value, String> {
    let prefix = TARGET_PREFIXES[operation.name().len() % 2];
    let target = format!("{prefix}.{}", operation.name());
    let answer = connection.call(http, "cloudtrail", "us-east-1", &target, body).await;
    answer.map_err(|error| match error.downcast::<ServiceError>() {
        Ok(error) => error.code,
        Err(error) => format!("{error:#}"),
    })
}

#[tokio::test]
async fn every_constraint_broken_once_gets_its_error() {
    let mut server = Server::start();
    let (connection, http) = server.connect().await;
    let mut broken = 0;
    for operation in Operation::ALL.iter().filter(|operation| operation.endpoint_prefix() == "cloudtrail") {
        for case in violations::of(*operation) {
            let answer = call(&connection, &http, *operation, &case.body).await;
            assert_eq!(answer, Err(case.code.to_owned()), "{}", case.description);
            broken += 1;
        }
    }
    assert!(broken > 300, "only {broken} constraints were broken");
    assert!(call(&connection, &http, Operation::ListTrails, &json!({})).await.is_ok(), "it still serves");
    let log = server.log();
    for word in ["ERROR", "panicked"] {
        assert!(!log.contains(word), "{log}");
    }
}
