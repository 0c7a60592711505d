//! Prints requests that break one constraint of the model each, for tests that speak to a server from outside.
//!
//! ```text
//! cargo run -p opentrail-wire --example violations -- CreateTrail LookupEvents
//! ```
//!
//! Each line is a JSON object: `operation`, `description`, `body` and the `code` that the answer must carry. Without
//! arguments all operations of `cloudtrail` are printed. A line with an empty `code` holds the minimal valid request.
#![allow(clippy::print_stdout, reason = "an example talks to whoever runs it")]

use opentrail_wire::{Operation, violations};
use serde_json::json;

fn main() {
    let names: Vec<String> = std::env::args().skip(1).collect();
    let of_cloudtrail = |it: &&Operation| it.endpoint_prefix() == "cloudtrail";
    let wanted = |it: &&Operation| names.is_empty() || names.iter().any(|name| name == it.name());
    for operation in Operation::ALL.iter().filter(of_cloudtrail).filter(wanted) {
        let name = operation.name();
        let minimal = violations::minimal(*operation);
        println!("{}", json!({"operation": name, "description": "minimal", "body": minimal, "code": ""}));
        for case in violations::of(*operation) {
            let line = json!({
                "operation": name,
                "description": case.description,
                "body": case.body,
                "code": case.code,
            });
            println!("{line}");
        }
    }
}
