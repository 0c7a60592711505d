//! What the benches share: records to work on, a clock, medians, and a line that says where they ran.

pub mod connection;
pub mod server;

use std::time::{Duration, Instant};

/// A record as `CloudTrail` writes it, of about 1.4 KB, no two alike.
pub fn record(number: u64) -> Vec<u8> {
    // Identifiers are noise and everything else repeats, as in real trails.
    let noise = |salt: u64| {
        let mut state = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ salt.wrapping_mul(0xbf58_476d_1ce4_e5b9);
        state ^= state >> 29;
        state = state.wrapping_mul(0x94d0_49bb_1331_11eb);
        state ^ (state >> 32)
    };
    let second = number / 50 % 60;
    let minute = number / 3000 % 60;
    let user = noise(1) % 200;
    let name = ["GetObject", "PutObject", "DescribeInstances", "AssumeRole", "ListBuckets"][(noise(2) % 5) as usize];
    let source = ["s3.amazonaws.com", "ec2.amazonaws.com", "sts.amazonaws.com"][(noise(3) % 3) as usize];
    let (a, b, c, d) = (noise(4), noise(5), noise(6), noise(7));
    format!(
        concat!(
            r#"{{"eventVersion":"1.11","userIdentity":{{"type":"AssumedRole","principalId":"AROA{a:016X}:session-{user}","#,
            r#""arn":"arn:aws:sts::123456789012:assumed-role/service-role-{user}/session-{user}","accountId":"123456789012","#,
            r#""accessKeyId":"ASIA{b:016X}","sessionContext":{{"sessionIssuer":{{"type":"Role","principalId":"AROA{a:016X}","#,
            r#""arn":"arn:aws:iam::123456789012:role/service-role-{user}","accountId":"123456789012","userName":"service-role-{user}"}},"#,
            r#""attributes":{{"creationDate":"2026-11-22T11:00:00Z","mfaAuthenticated":"false"}}}}}},"#,
            r#""eventTime":"2026-11-22T11:{minute:02}:{second:02}Z","eventSource":"{source}","eventName":"{name}","awsRegion":"us-east-1","#,
            r#""sourceIPAddress":"10.{ip1}.{ip2}.17","userAgent":"[aws-sdk-java/2.29.1 Linux/6.1 OpenJDK_64-Bit_Server_VM/21.0.4]","#,
            r#""requestParameters":{{"bucketName":"amzn-example-bucket-{user}","key":"data/year=2026/month=11/part-{c:016x}.parquet","#,
            r#""Host":"amzn-example-bucket-{user}.s3.us-east-1.amazonaws.com"}},"responseElements":null,"#,
            r#""additionalEventData":{{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":0,"#,
            r#""AuthenticationMethod":"AuthHeader","x-amz-id-2":"{c:016x}{d:016x}","bytesTransferredOut":{bytes}}},"#,
            r#""requestID":"{a:016X}","eventID":"{b:08x}-{c:016x}","readOnly":true,"#,
            r#""resources":[{{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::amzn-example-bucket-{user}/data/part-{c:016x}.parquet"}},"#,
            r#"{{"accountId":"123456789012","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::amzn-example-bucket-{user}"}}],"#,
            r#""eventType":"AwsApiCall","managementEvent":false,"recipientAccountId":"123456789012","eventCategory":"Data","#,
            r#""tlsDetails":{{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"s3.us-east-1.amazonaws.com"}}}}"#,
        ),
        a = a, b = b, c = c, d = d, user = user, minute = minute, second = second, source = source, name = name,
        ip1 = noise(8) % 256, ip2 = noise(9) % 256, bytes = noise(10) % 1_000_000,
    )
    .into_bytes()
}

/// How long `work` takes.
pub fn time<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    let start = Instant::now();
    let done = work();
    (start.elapsed(), done)
}

/// The middle one.
pub fn median(mut durations: Vec<Duration>) -> Duration {
    durations.sort();
    durations[durations.len() / 2]
}

/// Where this ran.
pub fn machine() -> String {
    let cpu = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = cpu.lines().find_map(|line| line.strip_prefix("model name")?.split(':').nth(1)).unwrap_or("?").trim();
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let load = std::fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let load = load.split(' ').next().unwrap_or("?");
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!("{cores} × {model}, Linux {}, load {load} at the start", kernel.trim())
}
