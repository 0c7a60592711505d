//! What recognising and describing cost: `cargo run --release -p opentrail-services --example cost`.
#![allow(clippy::print_stdout, reason = "an example talks to the terminal")]

use std::time::{Duration, Instant};

use http::Request;
use http::request::Parts;
use opentrail_services::{Body, Exchange, Operation, Recognition, Services, Transfer, describe};

/// Repetitions, whose mean is told.
const ROUNDS: u32 = 10_000;

/// A call: method and URI, headers, signing name, body.
type Told = (&'static str, &'static [(&'static str, &'static str)], &'static str, &'static [u8]);

const FORM: &[(&str, &str)] = &[("content-type", "application/x-www-form-urlencoded")];

const CALLS: [Told; 5] = [
    ("GET /bucket/some/key", &[("host", "s3.us-east-1.amazonaws.com")], "s3", b""),
    ("POST /", &[("x-amz-target", "AmazonSSM.PutParameter")], "ssm", br#"{"Name":"n","Value":"v","Type":"String"}"#),
    (
        "POST /",
        FORM,
        "iam",
        b"Action=CreateUser&Version=2010-05-08&UserName=a&Tags.member.1.Key=k&Tags.member.1.Value=v",
    ),
    (
        "POST /",
        FORM,
        "ec2",
        b"Action=RunInstances&ImageId=ami-1&MinCount=1&MaxCount=1&InstanceType=t3.micro&SubnetId=s",
    ),
    ("POST /2015-03-31/functions", &[], "lambda", br#"{"FunctionName":"f","Role":"r","Code":{"S3Bucket":"b"}}"#),
];

fn main() {
    for (request, headers, signing_name, body) in CALLS {
        let parts = parts(request, headers);
        let begun = Instant::now();
        let operation = recognise(&parts, signing_name, body);
        let first = begun.elapsed();
        let recognising = mean(|| _ = recognise(&parts, signing_name, body));
        let exchange = Exchange {
            operation: &operation,
            request: &parts,
            request_body: Body { bytes: body, is_whole: true },
            response: None,
            account: "123456789012",
            region: "us-east-1",
            partition: "aws",
            transfer: Transfer::default(),
        };
        let describing = mean(|| _ = describe(&exchange));
        let name = format!("{} {}", operation.service(), operation.name());
        println!("{name:24} first {first:>10.1?}, then recognise {recognising:>8.1?}, describe {describing:>8.1?}");
    }
}

fn parts(request: &str, headers: &[(&str, &str)]) -> Parts {
    let (method, uri) = request.split_once(' ').expect("a method and a URI");
    let begun = Request::builder().method(method).uri(uri);
    let request = headers.iter().fold(begun, |request, (name, value)| request.header(*name, *value));
    request.body(()).expect("a request").into_parts().0
}

fn recognise(parts: &Parts, signing_name: &str, body: &[u8]) -> Operation {
    let recognition = match Services::embedded().recognise(parts, Some(signing_name)) {
        Recognition::NeedsBody(pending) => pending.resolve(body),
        other => other,
    };
    let Recognition::Operation(operation) = recognition else { panic!("{recognition:?}") };
    operation
}

fn mean(mut work: impl FnMut()) -> Duration {
    let begun = Instant::now();
    (0..ROUNDS).for_each(|_| work());
    begun.elapsed() / ROUNDS
}
