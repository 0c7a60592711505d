//! What CloudTrail demands of the policies of event data stores, channels and dashboards besides their form (CloudTrail
//! user guide, "Resource-based policy examples"; API reference, `PutResourcePolicy`).

use super::{Listed, MalformedPolicy, Policy, PrincipalPattern, Statement};

type Check = Result<(), MalformedPolicy>;

/// What others may be allowed to do with an event data store.
const STORE_ACTIONS: [&str; 8] = [
    "cloudtrail:StartQuery",
    "cloudtrail:CancelQuery",
    "cloudtrail:ListQueries",
    "cloudtrail:DescribeQuery",
    "cloudtrail:GetQueryResults",
    "cloudtrail:GenerateQuery",
    "cloudtrail:GenerateQueryResultsSummary",
    "cloudtrail:GetEventDataStore",
];
const CHANNEL_ACTIONS: [&str; 1] = ["cloudtrail-data:PutAuditEvents"];
const DASHBOARD_ACTIONS: [&str; 1] = ["cloudtrail:StartDashboardRefresh"];

/// The service that refreshes dashboards.
const SERVICE: &str = "cloudtrail.amazonaws.com";

/// Statements of a channel's policy, and principals of each of them, at most.
const CHANNEL_STATEMENTS_MAX: usize = 20;
const PRINCIPALS_MAX: usize = 50;

fn malformed(text: impl Into<String>) -> Check {
    Err(MalformedPolicy(text.into()))
}

impl Policy {
    /// Checks that this can be the policy of the channel with that ARN.
    pub fn check_channel(&self, arn: &str) -> Check {
        self.check_version()?;
        if self.statements.len() > CHANNEL_STATEMENTS_MAX {
            return malformed(format!("The policy can have at most {CHANNEL_STATEMENTS_MAX} statements."));
        }
        for statement in &self.statements {
            check_actions(statement, &CHANNEL_ACTIONS)?;
            let principals = named_principals(statement)?;
            if !principals.iter().all(|it| matches!(it, PrincipalPattern::Account(_) | PrincipalPattern::Arn(_))) {
                return malformed("The principals of a channel's policy must be accounts, users or roles.");
            }
            if statement.resources.is_none() {
                return malformed("Missing required field Resource");
            }
            check_resource(statement, arn)?;
            check_conditions(statement, &["cloudtrail:ExternalId"], &["StringEquals"])?;
        }
        Ok(())
    }

    /// Checks that this can be the policy of the event data store with that ARN.
    pub fn check_event_data_store(&self, arn: &str) -> Check {
        self.check_version()?;
        for statement in &self.statements {
            check_actions(statement, &STORE_ACTIONS)?;
            check_resource(statement, arn)?;
            let principals = named_principals(statement)?;
            let services = principals.iter().filter(|it| matches!(it, PrincipalPattern::Service(_))).count();
            if services > 0 {
                let is_of_dashboards = principals.iter().all(is_service);
                if !is_of_dashboards {
                    return malformed(
                        "The only service that can be a principal is cloudtrail.amazonaws.com, by itself.",
                    );
                }
                check_actions(statement, &STORE_ACTIONS[..1])?;
                check_conditions(statement, &["aws:SourceArn", "aws:SourceAccount"], &["StringEquals", "StringLike"])?;
            }
        }
        Ok(())
    }

    /// Checks that this can be the policy of the dashboard with that ARN.
    pub fn check_dashboard(&self, arn: &str) -> Check {
        self.check_version()?;
        for statement in &self.statements {
            check_actions(statement, &DASHBOARD_ACTIONS)?;
            check_resource(statement, arn)?;
            if !named_principals(statement)?.iter().all(is_service) {
                return malformed("The only principal of a dashboard's policy is cloudtrail.amazonaws.com.");
            }
            check_conditions(statement, &["aws:SourceArn", "aws:SourceAccount"], &["StringEquals", "StringLike"])?;
        }
        Ok(())
    }

    fn check_version(&self) -> Check {
        if self.has_variables { Ok(()) } else { malformed("The policy must have the version 2012-10-17.") }
    }
}

fn is_service(principal: &PrincipalPattern) -> bool {
    matches!(principal, PrincipalPattern::Service(name) if name == SERVICE)
}

fn named_principals(statement: &Statement) -> Result<&[PrincipalPattern], MalformedPolicy> {
    match &statement.principals {
        Some(Listed { is_negated: false, patterns }) if (1..=PRINCIPALS_MAX).contains(&patterns.len()) => Ok(patterns),
        Some(Listed { is_negated: false, .. }) => {
            Err(MalformedPolicy(format!("Each statement must name 1 to {PRINCIPALS_MAX} principals.")))
        }
        Some(_) => Err(MalformedPolicy("NotPrincipal is not supported.".to_owned())),
        None => Err(MalformedPolicy("Missing required field Principal".to_owned())),
    }
}

fn check_actions(statement: &Statement, allowed: &[&str]) -> Check {
    let Listed { is_negated, patterns } = &statement.actions;
    let is_allowed = |action: &String| allowed.iter().any(|it| it.eq_ignore_ascii_case(action));
    match patterns.iter().find(|action| !is_allowed(action)) {
        _ if *is_negated => malformed("NotAction is not supported."),
        Some(action) => malformed(format!("The action {action} is not supported here.")),
        None => Ok(()),
    }
}

fn check_resource(statement: &Statement, arn: &str) -> Check {
    match &statement.resources {
        None => Ok(()),
        Some(Listed { is_negated: false, patterns }) if patterns.iter().all(|it| it == arn) => Ok(()),
        Some(_) => malformed(format!("The resource of each statement must be {arn}.")),
    }
}

fn check_conditions(statement: &Statement, keys: &[&str], operators: &[&str]) -> Check {
    for condition in &statement.conditions {
        if !keys.iter().any(|key| key.eq_ignore_ascii_case(&condition.key)) {
            return malformed(format!("The condition key {} is not supported here.", condition.key));
        }
        if !operators.iter().any(|name| condition.operator.is_plain(name)) {
            return malformed(format!("The condition operator must be {}.", operators.join(" or ")));
        }
    }
    Ok(())
}
