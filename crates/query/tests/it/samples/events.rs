//! What is known of CloudTrail's own events: activity, errors, sign-ins, identities, organizations.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use super::naive::{Answers, Rec, Row, distinct, groups, some};

const WHO: &str = "userIdentity/arn";
const CALL: [&str; 2] = ["eventSource", "eventName"];

pub(crate) fn answer(a: &mut Answers<'_>) {
    activity(a);
    errors(a);
    security(a);
    iam(a);
    organization(a);
}

fn activity(a: &mut Answers<'_>) {
    a.trend("account-activity", |_| true, |r| vec![r.access()]);
    a.top("active-regions", &["awsRegion"], |_| true);
    a.top_by("top-services", |_| true, |r| vec![r.service()]);
    a.top("top-users", &[WHO], Rec::has_user);
    a.trend("user-activity-trend", Rec::has_user, |r| vec![r.get(WHO)]);
    a.trend("api-activity-trend", |_| true, |r| vec![r.get("eventName")]);
    let columns = ["eventTime", WHO, "eventSource", "eventName", "awsRegion", "sourceIPAddress", "errorCode"];
    a.recent("recent-user-activity", &columns, |r| r.writes() && r.has_user());
    let is_console = |r: Rec<'_>| r.writes() && r.is("sessionCredentialFromConsole", "true");
    a.recent("console-changes", &["eventTime", WHO, "eventSource", "eventName", "awsRegion"], is_console);
    a.top_by("user-agents", |_| true, |r| vec![r.text("userAgent").split('/').next().map(str::to_owned)]);
    let is_outside = |r: Rec<'_>| !r.text("sourceIPAddress").ends_with(".amazonaws.com");
    let mut addresses = groups(a.filtered(is_outside), |r| vec![r.get("sourceIPAddress")]);
    addresses.sort_by_key(|(_, found)| Reverse(found.len()));
    let shown =
        |(key, found): (Row, Vec<Rec<'_>>)| [key, vec![some(found.len()), some(distinct(&found, WHO))]].concat();
    let rows = addresses.into_iter().map(shown).collect();
    a.put("source-addresses", rows);
    let is_late = |r: Rec<'_>| {
        use chrono::{Datelike, Timelike};
        let time = chrono::NaiveDateTime::parse_from_str(&r.text("eventTime"), "%Y-%m-%d %H:%M:%S%.f").unwrap();
        r.writes() && r.has_user() && (!(6..20).contains(&time.hour()) || time.weekday().number_from_monday() > 5)
    };
    a.recent("off-hours-changes", &["eventTime", WHO, "eventSource", "eventName"], is_late);
    let single = groups(a.filtered(Rec::has_user), |r| r.cells(&[WHO, "eventSource", "eventName"]));
    let single: BTreeSet<String> =
        single.iter().filter(|(_, found)| found.len() == 1).map(|(_, found)| found[0].text("eventID")).collect();
    a.recent("first-seen-apis", &[WHO, "eventSource", "eventName", "eventTime"], |r| {
        single.contains(&r.text("eventID"))
    });
    let mut categories = groups(a.filtered(|_| true), |r| vec![r.get("eventCategory")]);
    categories.sort_by_key(|(_, found)| Reverse(found.len()));
    let length = |found: &[Rec<'_>]| found.iter().map(|r| r.0.to_string().chars().count()).sum::<usize>();
    let shown = |(key, found): (Row, Vec<Rec<'_>>)| [key, vec![some(found.len()), some(length(&found))]].concat();
    let rows = categories.into_iter().map(shown).collect();
    a.put("activity-by-category", rows);
    let all = a.records.len();
    let mut calls = groups(a.filtered(|_| true), |r| r.cells(&CALL));
    calls.sort_by_key(|(_, found)| Reverse(found.len()));
    let shown = |(key, found): (Row, Vec<Rec<'_>>)| [key, vec![some(found.len()), percent(found.len(), all)]].concat();
    let rows = calls.into_iter().map(shown).collect();
    a.put("noisiest-apis", rows);
    a.top("service-calls", &["userIdentity/invokedBy", "eventSource", "eventName"], |r| {
        r.get("userIdentity/invokedBy").is_some()
    });
    a.top("tls-versions", &["tlsDetails/tlsVersion"], |r| r.get("tlsDetails/tlsVersion").is_some());
    let columns = [WHO, "userAgent", "eventSource", "tlsDetails/tlsVersion"];
    a.top("outdated-tls-users", &columns, |r| r.any("tlsDetails/tlsVersion", &["TLSv1", "TLSv1.1"]));
}

/// Hundredths of the whole, rounded half up to one digit. All counts are small, so that whole numbers do.
fn percent(part: usize, whole: usize) -> super::naive::Cell {
    let tenths = (part * 2000 + whole) / (whole * 2);
    some(format!("{}.{}", tenths / 10, tenths % 10))
}

fn errors(a: &mut Answers<'_>) {
    a.top("top-errors", &["errorCode"], Rec::fails);
    a.top("top-error-messages", &["errorMessage"], |r| r.get("errorMessage").is_some());
    a.top_by("errors-by-service", Rec::fails, |r| vec![r.service()]);
    let failed = |found: &[Rec<'_>]| found.iter().filter(|r| r.fails()).count();
    let mut calls = groups(a.filtered(|_| true), |r| r.cells(&CALL));
    calls.retain(|(_, found)| failed(found) > 0);
    calls.sort_by_key(|(_, found)| Reverse(failed(found)));
    let shown = |(key, found): (Row, Vec<Rec<'_>>)| {
        [key, vec![some(failed(&found)), percent(failed(&found), found.len())]].concat()
    };
    let rows = calls.into_iter().map(shown).collect();
    a.put("errors-by-api", rows);
    a.top("top-errors-by-user", &[WHO, "errorCode"], |r| r.fails() && r.has_user());
    a.top("top-denied", &CALL, Rec::denied);
    a.top("denied-users", &[WHO], |r| r.denied() && r.has_user());
    a.top("top-throttled", &CALL, Rec::throttled);
    a.top("throttled-users", &[WHO, "eventSource"], |r| r.throttled() && r.has_user());
    a.trend("denied-trend", Rec::denied, |_| vec![]);
    let columns = ["eventTime", WHO, "eventSource", "eventName", "sourceIPAddress", "errorMessage"];
    a.recent("recent-denied", &columns, Rec::denied);
    let role = "userIdentity/sessionContext/sessionIssuer/arn";
    let mut roles = groups(a.filtered(|r| r.get(role).is_some()), |r| vec![r.get(role)]);
    roles.retain(|(_, found)| failed(found) * 2 > found.len());
    roles.sort_by_key(|(_, found)| Reverse(failed(found)));
    let shown = |(key, found): (Row, Vec<Rec<'_>>)| {
        [key, vec![some(failed(&found)), some(found.len() - failed(&found))]].concat()
    };
    let rows = roles.into_iter().map(shown).collect();
    a.put("failing-roles", rows);
}

fn security(a: &mut Answers<'_>) {
    const OUTCOME: &str = "responseElements/ConsoleLogin";
    const MFA: &str = "additionalEventData/MFAUsed";
    let is_login = |r: Rec<'_>| r.is("eventName", "ConsoleLogin");
    let failed = move |r: Rec<'_>| is_login(r) && r.is(OUTCOME, "Failure");
    a.trend("console-sign-ins", is_login, |r| vec![r.get(OUTCOME)]);
    a.trend("failed-logins-mfa-trend", failed, |r| vec![r.get(MFA)]);
    let mut addresses = groups(a.filtered(failed), |r| vec![r.get("sourceIPAddress")]);
    addresses.sort_by_key(|(_, found)| Reverse(found.len()));
    let names = |found: &[Rec<'_>]| some(distinct(found, "userIdentity/userName"));
    let shown = |(key, found): (Row, Vec<Rec<'_>>)| [key, vec![some(found.len()), names(&found)]].concat();
    let rows = addresses.into_iter().map(shown).collect();
    a.put("failed-logins-by-address", rows);
    let is_root = |r: Rec<'_>| r.is("userIdentity/type", "Root");
    a.recent("root-logins", &["eventTime", "sourceIPAddress", OUTCOME, MFA], |r| is_login(r) && is_root(r));
    let columns = ["eventTime", "eventSource", "eventName", "awsRegion", "sourceIPAddress", "errorCode"];
    a.recent("root-activity", &columns, is_root);
    let bare = |r: Rec<'_>| is_login(r) && r.is(OUTCOME, "Success") && r.is(MFA, "No");
    let mut users = groups(a.filtered(bare), |r| vec![r.get(WHO)]);
    users.sort_by_key(|(_, found)| Reverse(found.len()));
    let last = |found: &[Rec<'_>]| found.iter().filter_map(|r| r.get("eventTime")).max();
    let shown = |(key, found): (Row, Vec<Rec<'_>>)| [key, vec![some(found.len()), last(&found)]].concat();
    let rows = users.into_iter().map(shown).collect();
    a.put("logins-without-mfa", rows);
    a.top("destructive-actions", &CALL, Rec::destroys);
    a.top("destructive-users", &[WHO], |r| r.destroys() && r.has_user());
    let is_foreign =
        |r: Rec<'_>| r.get("userIdentity/accountId").is_some_and(|account| account != r.text("recipientAccountId"));
    a.top("cross-account-access", &["userIdentity/accountId", "eventSource", "eventName"], is_foreign);
    let target = |r: Rec<'_>| r.first(&["requestParameters/userName", "requestParameters/serialNumber"]);
    let names = ["DeactivateMFADevice", "DeleteVirtualMFADevice"];
    a.recent_by(
        "mfa-disabled",
        |r| r.any("eventName", &names) && !r.fails(),
        |r| [r.cells(&["eventTime", WHO, "eventName"]), vec![target(r)]].concat(),
    );
    let columns = ["eventTime", WHO, "eventName", "sourceIPAddress", "errorCode"];
    a.recent("cloudtrail-disabled", &columns, |r| r.from("cloudtrail") && !r.named("Lookup"));
    let off = ["DeleteDetector", "DisableSecurityHub", "StopConfigurationRecorder"];
    let columns = ["eventTime", WHO, "eventSource", "eventName", "errorCode"];
    a.recent("security-services-disabled", &columns, |r| r.any("eventName", &off));
    let columns = ["eventTime", WHO, "eventName", "requestParameters/keyId"];
    a.recent("kms-keys-at-risk", &columns, |r| {
        r.any("eventName", &["DisableKey", "ScheduleKeyDeletion"]) && !r.fails()
    });
    a.recent("kms-key-access-changes", &columns, |r| r.any("eventName", &["PutKeyPolicy", "CreateGrant"]));
    let reads = |r: Rec<'_>| {
        let is_secret = r.is("eventName", "GetParameter") && r.is("requestParameters/withDecryption", "true");
        !r.fails() && (r.is("eventName", "GetSecretValue") || is_secret)
    };
    let secret = |r: Rec<'_>| r.first(&["requestParameters/secretId", "requestParameters/name"]);
    a.top_by("secrets-read", reads, |r| vec![r.get(WHO), secret(r)]);
    let is_outside = |r: Rec<'_>| r.has_user() && !r.text("sourceIPAddress").ends_with(".amazonaws.com");
    let mut shared = groups(a.filtered(is_outside), |r| vec![r.get("sourceIPAddress")]);
    shared.retain(|(_, found)| distinct(found, WHO) >= 3);
    shared.sort_by_key(|(_, found)| Reverse((distinct(found, WHO), found.len())));
    let shown =
        |(key, found): (Row, Vec<Rec<'_>>)| [key, vec![some(distinct(&found, WHO)), some(found.len())]].concat();
    let rows = shared.into_iter().map(shown).collect();
    a.put("many-users-one-address", rows);
    let looks = |r: Rec<'_>| r.has_user() && r.begins(&["List", "Describe", "Get"]);
    let mut lookers = groups(a.filtered(looks), |r| vec![r.get(WHO)]);
    lookers.sort_by_key(|(_, found)| Reverse((distinct(found, "eventName"), found.len())));
    let denied = |found: &[Rec<'_>]| some(found.iter().filter(|r| r.denied()).count());
    let shown = |(key, found): (Row, Vec<Rec<'_>>)| {
        [key, vec![some(distinct(&found, "eventName")), some(found.len()), denied(&found)]].concat()
    };
    let rows = lookers.into_iter().map(shown).collect();
    a.put("reconnaissance", rows);
    let columns = ["vpcEndpointId", "eventSource", "eventName"];
    a.top("vpc-endpoint-denials", &columns, |r| r.is("eventCategory", "NetworkActivity") && r.fails());
    let through =
        groups(a.filtered(|r| r.get("vpcEndpointId").is_some()), |r| r.cells(&["vpcEndpointId", "eventSource"]));
    let mut through = through;
    through.sort_by_key(|(_, found)| Reverse(found.len()));
    let accounts = |found: &[Rec<'_>]| some(distinct(found, "userIdentity/accountId"));
    let shown = |(key, found): (Row, Vec<Rec<'_>>)| [key, vec![some(found.len()), accounts(&found)]].concat();
    let rows = through.into_iter().map(shown).collect();
    a.put("vpc-endpoint-use", rows);
}

fn iam(a: &mut Answers<'_>) {
    let is_iam = |r: Rec<'_>| r.from("iam");
    let done = |names: &'static [&'static str]| move |r: Rec<'_>| r.any("eventName", names) && !r.fails();
    a.top("top-iam-apis", &["eventName"], is_iam);
    a.top("top-iam-callers", &[WHO], |r| is_iam(r) && r.has_user());
    a.trend("iam-outcome-trend", is_iam, |r| vec![r.outcome()]);
    a.top("top-iam-errors", &["eventName", "errorCode"], |r| is_iam(r) && r.fails());
    a.top("top-iam-denied", &["eventName"], |r| is_iam(r) && r.denied());
    a.top("top-iam-addresses", &["sourceIPAddress"], is_iam);
    let changes_policy = |r: Rec<'_>| is_iam(r) && r.named("Policy") && r.writes();
    a.recent_by("iam-policy-changes", changes_policy, |r| {
        let policy = r.first(&["requestParameters/policyArn", "requestParameters/policyName"]);
        vec![r.get("eventTime"), r.get(WHO), r.get("eventName"), policy, r.get("errorCode")]
    });
    let columns = ["eventTime", WHO, "eventName", "requestParameters/userName"];
    a.recent("iam-user-changes", &columns, done(&["CreateUser", "DeleteUser"]));
    a.top("top-assumed-roles", &["requestParameters/roleArn"], done(&["AssumeRole"]));
    a.top("users-changing-policies", &[WHO], |r| changes_policy(r) && !r.fails() && r.has_user());
    let is_mighty =
        |r: Rec<'_>| r.has_user() && !r.fails() && (changes_policy(r) || is_iam(r) && r.named("CreateAccessKey"));
    let mighty: BTreeSet<String> = a.filtered(is_mighty).map(|r| r.text(WHO)).collect();
    a.top("privileged-user-actions", &CALL, |r| mighty.contains(&r.text(WHO)));
    let made_key = done(&["CreateAccessKey"]);
    a.recent_by("access-keys-created", made_key, |r| {
        let owner = r.first(&["requestParameters/userName", "userIdentity/userName"]);
        vec![r.get("eventTime"), r.get(WHO), owner, r.get("sourceIPAddress")]
    });
    let key = "userIdentity/accessKeyId";
    let mut keys = groups(a.filtered(|r| r.text(key).starts_with("AKIA")), |r| vec![r.get(key)]);
    let spread = |found: &[Rec<'_>]| distinct(found, "sourceIPAddress");
    keys.sort_by_key(|(_, found)| Reverse((spread(found), found.len())));
    let shown = |(key, found): (Row, Vec<Rec<'_>>)| {
        [key, vec![some(found.len()), some(spread(&found)), some(distinct(&found, "eventName"))]].concat()
    };
    let rows = keys.into_iter().map(shown).collect();
    a.put("access-key-activity", rows);
    new_users(a);
    let is_admin = |r: Rec<'_>| r.text("requestParameters/policyArn").ends_with(":policy/AdministratorAccess");
    let attaches = done(&["AttachUserPolicy", "AttachRolePolicy"]);
    a.recent_by(
        "admin-policy-attached",
        |r| attaches(r) && is_admin(r),
        |r| {
            let to = r.first(&["requestParameters/userName", "requestParameters/roleName"]);
            vec![r.get("eventTime"), r.get(WHO), r.get("eventName"), to]
        },
    );
    a.recent_by("role-trust-changes", done(&["UpdateAssumeRolePolicy", "CreateRole"]), |r| {
        let document = r.first(&["requestParameters/policyDocument", "requestParameters/assumeRolePolicyDocument"]);
        [r.cells(&["eventTime", WHO, "eventName", "requestParameters/roleName"]), vec![document]].concat()
    });
    let columns = ["eventTime", WHO, "eventName", "requestParameters/minimumPasswordLength"];
    a.recent("password-policy-changes", &columns, |r| r.named("AccountPasswordPolicy"));
    let columns = ["serviceEventDetails/account_id", "serviceEventDetails/role_name", "userIdentity/userName"];
    a.top("identity-center-sign-ins", &columns, |r| r.is("eventName", "Federate"));
}

/// New users with a key within an hour.
fn new_users(a: &mut Answers<'_>) {
    const USER: &str = "requestParameters/userName";
    let done = |name: &'static str| move |r: Rec<'_>| r.is("eventName", name) && !r.fails() && r.get(USER).is_some();
    let instant = |r: Rec<'_>| {
        chrono::NaiveDateTime::parse_from_str(&r.text("eventTime"), "%Y-%m-%d %H:%M:%S%.f")
            .unwrap()
            .and_utc()
            .timestamp()
    };
    let mut pairs: Vec<(i64, Row)> = Vec::new();
    for made in a.filtered(done("CreateUser")) {
        for given in a.filtered(done("CreateAccessKey")).filter(|given| given.get(USER) == made.get(USER)) {
            if (0..=3600).contains(&(instant(given) - instant(made))) {
                let row = vec![made.get("eventTime"), made.get(USER), given.get("eventTime"), given.get(WHO)];
                pairs.push((instant(given), row));
            }
        }
    }
    pairs.sort_by_key(|(at, row)| (Reverse(*at), row[0].clone()));
    a.put("new-user-with-key", pairs.into_iter().map(|(_, row)| row).collect());
}

fn organization(a: &mut Answers<'_>) {
    const ACCOUNT: &str = "recipientAccountId";
    a.trend("org-trend", |_| true, |r| vec![r.get(ACCOUNT)]);
    let names = ["CreateAccount", "MoveAccount"];
    a.recent_by(
        "org-account-management",
        |r| r.any("eventName", &names),
        |r| {
            let account = r.first(&["requestParameters/accountId", "requestParameters/accountName"]);
            vec![r.get("eventTime"), r.get(WHO), r.get("eventName"), account, r.get("errorCode")]
        },
    );
    a.top("org-accounts", &[ACCOUNT], |_| true);
    // There are two accounts: each service has both among its first three.
    let mut places = groups(a.filtered(|_| true), |r| r.cells(&["eventSource", ACCOUNT]));
    places.sort_by_key(|(key, found)| (key[0].clone(), Reverse(found.len())));
    let rows = places.into_iter().map(|(key, found)| [key, vec![some(found.len())]].concat()).collect();
    a.put("org-accounts-by-service", rows);
    let mut calls = groups(a.filtered(|_| true), |r| r.cells(&CALL));
    calls.sort_by_key(|(_, found)| Reverse(found.len()));
    let shown =
        |(key, found): (Row, Vec<Rec<'_>>)| [key, vec![some(found.len()), some(distinct(&found, ACCOUNT))]].concat();
    let rows = calls.into_iter().map(shown).collect();
    a.put("org-apis", rows);
    a.trend("org-denied-trend", Rec::denied, |r| vec![r.get(ACCOUNT)]);
    a.top("org-denied-accounts", &[ACCOUNT], Rec::denied);
    let columns = ["eventTime", WHO, "eventName", "requestParameters/policyId", "requestParameters/targetId"];
    a.recent("scp-changes", &columns, |r| r.is("eventName", "AttachPolicy"));
}
