//! Who calls: users, sessions of roles, services, other accounts, and now and then the root user.

use super::calendar;
use super::random::{MIXED, Random, UPPER, Weighted};
use super::things::{self, KINDS};

/// What a generator is for, so that no two give the same sequence.
const OF_HABITS: u64 = 1;
const OF_OTHERS: u64 = 2;
const USER: usize = 0;
const ROLE: usize = 1;

/// A caller for a while: what its records say of it.
#[derive(Debug, Default)]
pub(super) struct Actor {
    /// `userIdentity`.
    pub(super) identity: Vec<u8>,
    /// `arn` of the identity, as error messages name it.
    pub(super) arn: Vec<u8>,
    /// `sourceIPAddress`.
    pub(super) address: Vec<u8>,
    /// `userAgent`.
    pub(super) agent: String,
    /// It works in the console.
    pub(super) is_console: bool,
    /// A service calls, for itself or on behalf of somebody.
    pub(super) is_service: bool,
}

/// Where an actor is at work.
#[derive(Debug, Clone, Copy)]
pub(super) struct Workplace<'a> {
    pub(super) seed: u64,
    pub(super) account: u64,
    pub(super) account_id: &'a str,
    pub(super) time: u64,
}

const AGENTS: [&str; 14] = [
    "aws-cli/2.17.9 md/awscrt#0.20.11 ua/2.0 os/linux#6.1.97 md/arch#x86_64 lang/python#3.11.9 md/pyimpl#CPython cfg/retry-mode#standard md/installer#exe md/prompt#off md/command#ec2.describe-instances",
    "Boto3/1.34.144 md/Botocore#1.34.144 ua/2.0 os/linux#5.10.220-209.869.amzn2.x86_64 md/arch#x86_64 lang/python#3.12.4 md/pyimpl#CPython exec-env/AWS_Lambda_python3.12 cfg/retry-mode#legacy Botocore/1.34.144",
    "APN/1.0 HashiCorp/1.0 Terraform/1.9.2 (+https://www.terraform.io) terraform-provider-aws/5.58.0 (+https://registry.terraform.io/providers/hashicorp/aws) aws-sdk-go-v2/1.30.1 os/linux lang/go#1.22.5 md/GOOS#linux md/GOARCH#amd64",
    "aws-sdk-java/2.26.20 Linux/5.10.220 OpenJDK_64-Bit_Server_VM/21.0.3+9-LTS Java/21.0.3 vendor/Amazon.com_Inc. io/sync http/Apache cfg/retry-mode/standard",
    "aws-sdk-go-v2/1.30.3 os/linux lang/go#1.22.5 md/GOOS#linux md/GOARCH#arm64 api/ecs#1.44.3",
    "aws-sdk-js/3.614.0 ua/2.0 os/linux#5.10.219 lang/js md/nodejs#20.15.1 api/s3#3.614.0",
    "aws-sdk-nodejs/2.1659.0 linux/v18.20.3 exec-env/AWS_ECS_FARGATE promise",
    "aws-sdk-rust/1.3.2 os/linux lang/rust/1.79.0",
    "aws-sdk-go/1.54.20 (go1.22.5; linux; amd64) amazon-ssm-agent/3.3.484.0",
    "aws-cdk/2.149.0",
    "kubernetes/v1.30.2 cluster-autoscaler aws-sdk-go/1.50.35 (go1.22.2; linux; amd64)",
    "exec-env/AWS_Lambda_java21 aws-sdk-java/2.26.20 Linux/5.10.219",
    "datadog-forwarder/3.121.0 Boto3/1.34.144",
    "Python-urllib/3.11",
];
const BROWSERS: [&str; 3] = [
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0",
];
const SERVICES: [&str; 10] = [
    "lambda.amazonaws.com",
    "ec2.amazonaws.com",
    "ecs-tasks.amazonaws.com",
    "config.amazonaws.com",
    "autoscaling.amazonaws.com",
    "cloudformation.amazonaws.com",
    "elasticloadbalancing.amazonaws.com",
    "secretsmanager.amazonaws.com",
    "resource-explorer-2.amazonaws.com",
    "cloudtrail.amazonaws.com",
];

/// Chooses actors.
#[derive(Debug)]
pub(super) struct Cast {
    kinds: Weighted,
}

impl Cast {
    pub(super) fn new() -> Self {
        // Sessions of roles, users, users with a session, services, services on behalf of a role, other accounts, root.
        Self { kinds: Weighted::new([6_200, 1_500, 400, 900, 850, 130, 20]) }
    }

    /// Somebody who is at work now.
    pub(super) fn choose(&self, place: Workplace<'_>, random: &mut Random) -> Actor {
        match self.kinds.pick(random) {
            0 => role(place, random, None),
            1 => user(place, random, false),
            2 => user(place, random, true),
            3 => service(random),
            4 => {
                let host = *random.pick(&SERVICES);
                role(place, random, Some(host))
            }
            5 => other_account(random),
            _ => root(place, random),
        }
    }
}

/// What stays with a principal: its ids, its machine, its habits.
fn habits(place: Workplace<'_>, kind: usize, rank: u64) -> Random {
    Random::of(&[place.seed, place.account, kind as u64, rank, OF_HABITS])
}

fn put(out: &mut Vec<u8>, pieces: &[&[u8]]) {
    for piece in pieces {
        out.extend_from_slice(piece);
    }
}

fn letters(prefix: &str, random: &mut Random, count: usize) -> Vec<u8> {
    let mut out = prefix.as_bytes().to_vec();
    random.letters(UPPER, count, &mut out);
    out
}

fn named(place: Workplace<'_>, kind: usize, rank: u64) -> Vec<u8> {
    let mut out = Vec::new();
    things::name(place.seed, place.account, kind, rank, &mut out);
    out
}

/// A session begins on the hour and lasts until the next.
fn creation(place: Workplace<'_>) -> Vec<u8> {
    let mut out = Vec::new();
    calendar::instant(place.time / 3_600 * 3_600 + place.account % 60, &mut out);
    out
}

fn address(own: &mut Random) -> Vec<u8> {
    // The three networks that are kept for documentation, and a private one.
    let host = own.below(254) + 1;
    let network = own.pick(&["192.0.2", "198.51.100", "203.0.113", "10.20.30", "10.44.7"]);
    format!("{network}.{host}").into_bytes()
}

fn user(place: Workplace<'_>, random: &mut Random, has_session: bool) -> Actor {
    let rank = random.rank(KINDS[USER].count);
    let mut own = habits(place, USER, rank);
    let (id, name, key) = (letters("AIDA", &mut own, 17), named(place, USER, rank), letters("AKIA", &mut own, 16));
    let (address, agent) = (address(&mut own), *own.pick(&AGENTS));
    let (browser, account) = (*own.pick(&BROWSERS), place.account_id.as_bytes());
    let mut arn = Vec::new();
    put(&mut arn, &[b"arn:aws:iam::", account, b":user/", &name]);
    let key =
        if has_session { letters("ASIA", &mut Random::of(&[rank, place.seed, place.time / 3_600]), 16) } else { key };
    let mut identity = Vec::with_capacity(512);
    put(
        &mut identity,
        &[br#"{"type":"IAMUser","principalId":""#, &id, br#"","arn":""#, &arn, br#"","accountId":""#, account],
    );
    put(&mut identity, &[br#"","accessKeyId":""#, &key, br#"","userName":""#, &name, b"\""]);
    if has_session {
        put(
            &mut identity,
            &[
                br#","sessionContext":{"attributes":{"creationDate":""#,
                &creation(place),
                br#"","mfaAuthenticated":"true"}}"#,
            ],
        );
    }
    identity.push(b'}');
    let agent = if has_session { browser } else { agent };
    Actor { identity, arn, address, agent: agent.to_owned(), is_console: has_session, is_service: false }
}

fn role(place: Workplace<'_>, random: &mut Random, invoked_by: Option<&str>) -> Actor {
    let rank = random.rank(KINDS[ROLE].count);
    let mut own = habits(place, ROLE, rank);
    let (id, name, account) = (letters("AROA", &mut own, 17), named(place, ROLE, rank), place.account_id.as_bytes());
    let (agent, browser, style) = (*own.pick(&AGENTS), *own.pick(&BROWSERS), own.below(4));
    // Each role has a few sessions at a time: machines, functions, or people.
    let session_rank = random.rank(12);
    let mut session_chance = Random::of(&[place.seed, place.account, rank, session_rank]);
    let mut session = Vec::new();
    let pattern = ["i-%17x", "%w-%w-%w", "%w.%w@example.com", "botocore-session-17%8d"]
        [usize::try_from(style).expect("one of four")];
    things::fill(pattern, &mut session_chance, &mut session);
    let address = if style == 0 {
        format!("10.0.{rank}.{}", session_rank + 4).into_bytes()
    } else {
        address(&mut session_chance)
    };
    let key =
        letters("ASIA", &mut Random::of(&[place.seed, place.account, rank, session_rank, place.time / 3_600]), 16);
    let mut arn = Vec::new();
    put(&mut arn, &[b"arn:aws:sts::", account, b":assumed-role/", &name, b"/", &session]);
    let mut identity = Vec::with_capacity(768);
    put(&mut identity, &[br#"{"type":"AssumedRole","principalId":""#, &id, b":", &session, br#"","arn":""#, &arn]);
    put(&mut identity, &[br#"","accountId":""#, account, br#"","accessKeyId":""#, &key]);
    put(
        &mut identity,
        &[
            br#"","sessionContext":{"sessionIssuer":{"type":"Role","principalId":""#,
            &id,
            br#"","arn":"arn:aws:iam::"#,
            account,
        ],
    );
    put(&mut identity, &[b":role/", &name, br#"","accountId":""#, account, br#"","userName":""#, &name]);
    let is_person = style == 2 && invoked_by.is_none();
    put(
        &mut identity,
        &[
            br#""},"webIdFederationData":{},"attributes":{"creationDate":""#,
            &creation(place),
            br#"","mfaAuthenticated":""#,
        ],
    );
    put(&mut identity, &[if is_person { b"true" } else { b"false" }, br#""}"#]);
    if style == 0 {
        identity.extend_from_slice(br#","ec2RoleDelivery":"2.0""#);
    }
    identity.push(b'}');
    if let Some(host) = invoked_by {
        put(&mut identity, &[br#","invokedBy":""#, host.as_bytes(), b"\""]);
    }
    identity.push(b'}');
    let is_console = is_person && session_rank.is_multiple_of(2);
    let (address, agent) = match invoked_by {
        Some(host) => (host.as_bytes().to_vec(), host),
        None => (address, if is_console { browser } else { agent }),
    };
    Actor { identity, arn, address, agent: agent.to_owned(), is_console, is_service: invoked_by.is_some() }
}

fn service(random: &mut Random) -> Actor {
    let host = *random.pick(&SERVICES);
    let identity = format!(r#"{{"type":"AWSService","invokedBy":"{host}"}}"#).into_bytes();
    Actor {
        identity,
        arn: host.into(),
        address: host.into(),
        agent: host.to_owned(),
        is_console: false,
        is_service: true,
    }
}

fn other_account(random: &mut Random) -> Actor {
    let rank = random.rank(6);
    let mut own = Random::of(&[rank, OF_OTHERS]);
    let (mut account, mut id) = (Vec::new(), b"AROA".to_vec());
    things::fill("9%11d", &mut own, &mut account);
    own.letters(UPPER, 17, &mut id);
    id.push(b':');
    own.letters(MIXED, 10, &mut id);
    let mut identity = Vec::new();
    put(&mut identity, &[br#"{"type":"AWSAccount","principalId":""#, &id, br#"","accountId":""#, &account, br#""}"#]);
    let (address, agent) = (address(&mut own), *own.pick(&AGENTS));
    Actor { identity, arn: account, address, agent: agent.to_owned(), is_console: false, is_service: false }
}

fn root(place: Workplace<'_>, random: &mut Random) -> Actor {
    let (account, mut own) = (place.account_id, habits(place, 99, 0));
    let key = letters("ASIA", random, 16);
    let mut identity = Vec::new();
    let arn = format!("arn:aws:iam::{account}:root").into_bytes();
    put(
        &mut identity,
        &[br#"{"type":"Root","principalId":""#, account.as_bytes(), br#"","arn":""#, &arn, br#"","accountId":""#],
    );
    put(
        &mut identity,
        &[
            account.as_bytes(),
            br#"","accessKeyId":""#,
            &key,
            br#"","sessionContext":{"sessionIssuer":{},"webIdFederationData":{},"attributes":{"creationDate":""#,
        ],
    );
    put(&mut identity, &[&creation(place), br#"","mfaAuthenticated":"true"}}}"#]);
    let address = address(&mut own);
    Actor { identity, arn, address, agent: own.pick(&BROWSERS).to_string(), is_console: true, is_service: false }
}
