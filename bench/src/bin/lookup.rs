//! LookupEvents over HTTP: signed calls on one connection, each timed from its first byte sent to its last byte read.
//!
//! `lookup ADDRESS DATA_DIR QUESTIONS END ROUNDS`: `QUESTIONS` is a file with a JSON array of `attribute` and `value`, `END` the
//! end of the range in seconds. Prints the seconds of each round and the events found, as the peers' drivers do.

use std::path::Path;

use opentrail_bench::connection::{Connection, credentials, signed};
use opentrail_bench::time;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

#[derive(Deserialize)]
struct Question {
    attribute: String,
    value: String,
}

#[derive(Serialize)]
struct Answer {
    seconds: Vec<f64>,
    /// Identifier and time in milliseconds.
    found: Vec<(String, u64)>,
}

fn found(body: &[u8]) -> Vec<(String, u64)> {
    let body: Value = serde_json::from_slice(body).expect("JSON");
    let events = body["Events"].as_array().expect("an array").iter();
    let id = |event: &Value| event["EventId"].as_str().expect("text").to_owned();
    let millis = |event: &Value| (event["EventTime"].as_f64().expect("a number") * 1000.0).round() as u64;
    events.map(|event| (id(event), millis(event))).collect()
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [address, data_dir, questions, end, rounds] = arguments.as_slice() else {
        panic!("`lookup ADDRESS DATA_DIR QUESTIONS END ROUNDS`")
    };
    let questions: Vec<Question> =
        serde_json::from_slice(&std::fs::read(questions).expect("a file")).expect("an array of questions");
    let (end, rounds): (u64, usize) = (end.parse().expect("seconds"), rounds.parse().expect("a number"));
    let credentials = credentials(Path::new(data_dir));
    let mut connection = Connection::open(address).expect("it listens");
    let answer = |question: &Question| {
        let attribute = json!({"AttributeKey": question.attribute, "AttributeValue": question.value});
        let body = json!({"LookupAttributes": [attribute], "EndTime": end}).to_string();
        let mut answer = Answer { seconds: Vec::new(), found: Vec::new() };
        for _ in 0..rounds {
            let request = signed(&credentials, address, "LookupEvents", &body);
            let (took, body) = time(|| connection.ask(&request).expect("an answer"));
            answer.seconds.push(took.as_secs_f64());
            if answer.found.is_empty() {
                answer.found = found(&body);
            }
        }
        answer
    };
    let answers: Vec<Answer> = questions.iter().map(answer).collect();
    println!("{}", json!({ "answers": answers }));
}
