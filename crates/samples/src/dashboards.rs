//! The dashboards that are always there (CloudTrail user guide, "Managed dashboards"): their widgets are the guide's, the SQL is ours.

use crate::catalogue::question;
use crate::question::{Kind, Question};

/// A dashboard that is always there.
#[derive(Debug, Clone, Copy)]
pub struct ManagedDashboard {
    /// Its name. The first is known from the service's answers; the others follow its manner.
    pub name: &'static str,
    /// Titles, and ids of questions.
    widgets: &'static [(&'static str, &'static str)],
}

/// A widget of a managed dashboard.
#[derive(Debug, Clone, Copy)]
pub struct ManagedWidget {
    /// What stands above it.
    pub title: &'static str,
    /// What it asks.
    pub question: &'static Question,
    dashboard: &'static str,
}

impl ManagedWidget {
    /// The alias by which it is asked: the same at any time.
    pub fn alias(&self) -> String {
        format!("{}-{}", self.dashboard, self.question.id)
    }
}

impl ManagedDashboard {
    /// What it shows, in order.
    pub fn widgets(&self) -> impl Iterator<Item = ManagedWidget> + use<> {
        let dashboard = self.name;
        self.widgets.iter().map(move |(title, id)| {
            let question = question(id).expect("a test looks for the question of every widget");
            ManagedWidget { title, question, dashboard }
        })
    }

    /// The kind of store that it is asked of.
    pub fn of(&self) -> Kind {
        self.widgets().next().map_or(Kind::Events, |widget| widget.question.of)
    }
}

/// All that are always there, in the guide's order.
pub fn dashboards() -> &'static [ManagedDashboard] {
    &MANAGED
}

/// The one of this name, Highlights among them.
pub fn dashboard(name: &str) -> Option<&'static ManagedDashboard> {
    MANAGED.iter().chain([&HIGHLIGHTS]).find(|dashboard| dashboard.name == name)
}

/// What an account wants to see first; it is made by the customer, and filled by us.
pub const HIGHLIGHTS: ManagedDashboard = ManagedDashboard {
    name: "AWSCloudTrail-Highlights",
    widgets: &[
        ("Activity summary", "account-activity"),
        ("Most common errors", "top-errors"),
        ("Access denied events", "top-denied"),
        ("Failed ConsoleLogin attempts by IP address", "failed-logins-by-address"),
        ("Root user activity", "root-activity"),
        ("Potential CloudTrail disabling actions", "cloudtrail-disabled"),
        ("Security groups opened to the world", "public-ingress"),
        ("Users making destructive actions", "destructive-users"),
        ("New access keys", "access-keys-created"),
        ("Recent IAM policy changes", "iam-policy-changes"),
    ],
};

const MANAGED: [ManagedDashboard; 15] = [
    ManagedDashboard {
        name: "AWSCloudTrail-Overview",
        widgets: &[
            ("Account activity", "account-activity"),
            ("Top errors", "top-errors"),
            ("Most active regions", "active-regions"),
            ("Top services", "top-services"),
            ("Most throttled events", "top-throttled"),
            ("Top users", "top-users"),
        ],
    },
    ManagedDashboard {
        name: "AWSCloudTrail-ManagementEvents",
        widgets: &[
            ("Top access denied events", "top-denied"),
            ("Top errors by user", "top-errors-by-user"),
            ("Console sign-in events", "console-sign-ins"),
            ("Destructive actions", "destructive-actions"),
            ("TLS version", "tls-versions"),
            ("Outdated TLS calls by user", "outdated-tls-users"),
        ],
    },
    ManagedDashboard {
        name: "AWSCloudTrail-SecurityMonitoring",
        widgets: &[
            ("Top access denied events", "top-denied"),
            ("Failed ConsoleLogin attempts", "failed-logins-mfa-trend"),
            ("Failed ConsoleLogin attempts by IP address", "failed-logins-by-address"),
            ("Root user ConsoleLogin attempts", "root-logins"),
            ("Destructive actions", "destructive-actions"),
            ("Top cross-account access", "cross-account-access"),
            ("Users who disabled MFA", "mfa-disabled"),
            ("Recent EC2 SecurityGroup and NetworkAcl changes", "network-rule-changes"),
            ("Recent EC2 SecurityGroup changes that allow public access", "public-ingress"),
            ("Potential CloudTrail disabling actions", "cloudtrail-disabled"),
        ],
    },
    ManagedDashboard {
        name: "AWSCloudTrail-IAMActivity",
        widgets: &[
            ("Top IAM APIs", "top-iam-apis"),
            ("Top IAM callers", "top-iam-callers"),
            ("IAM success vs failure trend", "iam-outcome-trend"),
            ("Top IAM API errors", "top-iam-errors"),
            ("Top AccessDenied IAM APIs", "top-iam-denied"),
            ("Top IP addresses of IAM calls", "top-iam-addresses"),
            ("Recent IAM policy changes", "iam-policy-changes"),
            ("Recent IAM user changes", "iam-user-changes"),
            ("Top assumed IAM roles", "top-assumed-roles"),
        ],
    },
    ManagedDashboard {
        name: "AWSCloudTrail-UserActivity",
        widgets: &[
            ("User activity trends by user ARN", "user-activity-trend"),
            ("User activity trends by API", "api-activity-trend"),
            ("Most recent user activity", "recent-user-activity"),
            ("Top users with errors", "top-errors-by-user"),
            ("Top users with AccessDenied errors", "denied-users"),
            ("Top users making destructive actions", "destructive-users"),
            ("Top users changing IAM policies", "users-changing-policies"),
            ("Top actions performed by potential IAM privileged users", "privileged-user-actions"),
        ],
    },
    ManagedDashboard {
        name: "AWSCloudTrail-EnrichedEvents",
        widgets: &[
            ("Enriched events over time", "enriched-trend"),
            ("Most frequent resource tag key value pairs", "resource-tags"),
            ("Most frequent resource tags with associated resources and users", "resource-tags-in-use"),
            ("Most frequent principal tag key value pairs", "principal-tags"),
            ("Most frequent access denied actions by principal tag", "denied-by-principal-tag"),
            ("Most frequent principal properties in IAM global condition keys", "condition-keys-principal"),
            ("Most frequent request properties in IAM global condition keys", "condition-keys-request"),
            ("Most frequent role session properties in IAM global condition keys", "condition-keys-session"),
        ],
    },
    ManagedDashboard {
        name: "AWSCloudTrail-ErrorAnalysis",
        widgets: &[
            ("Error count by service", "errors-by-service"),
            ("Error count by API", "errors-by-api"),
            ("Top errors by error code", "top-errors"),
            ("Top errors by error message", "top-error-messages"),
            ("Top AccessDenied errors by API", "top-denied"),
            ("Top throttled errors by API", "top-throttled"),
            ("Top users with errors", "top-errors-by-user"),
        ],
    },
    ManagedDashboard {
        name: "AWSCloudTrail-EC2Activity",
        widgets: &[
            ("EC2 instance management activity overview", "ec2-instance-activity"),
            ("EC2 API success vs failure trends", "ec2-outcome-trend"),
            ("Top EC2 errors", "ec2-errors"),
            ("Top EC2 AccessDenied events", "ec2-denied"),
            ("Top users launching EC2 instances", "ec2-launchers"),
            ("Recent EC2 SecurityGroup and NetworkInterface changes", "network-interface-changes"),
            ("Recent VPC management and route table changes", "vpc-changes"),
            ("Recent EC2 actions by root user", "ec2-root-actions"),
        ],
    },
    ManagedDashboard {
        name: "AWSCloudTrail-OrganizationsActivity",
        widgets: &[
            ("Activity trend in the organization", "org-trend"),
            ("Member account management summary", "org-account-management"),
            ("Most used services across organization", "top-services"),
            ("Most active accounts by service", "org-accounts-by-service"),
            ("Most used APIs across organization", "org-apis"),
            ("Most active member accounts", "org-accounts"),
            ("Access denied errors trend across the organization", "org-denied-trend"),
            ("Accounts with most access denied errors", "org-denied-accounts"),
            ("Recent service control policy changes", "scp-changes"),
        ],
    },
    ManagedDashboard {
        name: "AWSCloudTrail-ResourceChanges",
        widgets: &[
            ("Resource creation and deletion trends", "creation-deletion-trend"),
            ("Top users performing resource creation", "top-creators"),
            ("Top APIs used for resource creation", "creation-apis"),
            ("Top APIs used for resource deletion", "deletion-apis"),
            ("Most recent resources created outside CloudFormation", "outside-cloudformation"),
            ("Most recent resource changes made using console", "console-changes"),
            ("Most recent S3 bucket access changes", "s3-access-changes"),
            ("Most recent KMS key access changes", "kms-key-access-changes"),
        ],
    },
    ManagedDashboard {
        name: "AWSCloudTrail-DataEventsOverview",
        widgets: &[
            ("Overall data events trend", "data-trend"),
            ("Top services generating data events", "data-services"),
            ("Top APIs generating data events", "data-apis"),
            ("Top regions generating data events", "data-regions"),
            ("Top throttled data plane APIs", "data-throttled"),
            ("Top users of data plane APIs", "data-users"),
        ],
    },
    ManagedDashboard {
        name: "AWSCloudTrail-LambdaDataEvents",
        widgets: &[
            ("Lambda data plane API activity", "lambda-activity"),
            ("Lambda invocations success vs failure trend", "lambda-outcome-trend"),
            ("Top users of Lambda invocations", "lambda-users"),
            ("Top invoked Lambda functions", "lambda-functions"),
            ("Top 10 Lambda Invoke API errors", "lambda-errors"),
            ("Most throttled users of Lambda invocations", "lambda-throttled"),
        ],
    },
    ManagedDashboard {
        name: "AWSCloudTrail-DynamoDBDataEvents",
        widgets: &[
            ("DynamoDB account data activity", "dynamodb-activity"),
            ("DynamoDB APIs success vs failure trend", "dynamodb-outcome-trend"),
            ("Top 10 DynamoDB data plane APIs", "dynamodb-apis"),
            ("Top users of DynamoDB data plane APIs", "dynamodb-users"),
            ("Top 10 DynamoDB data plane API errors", "dynamodb-errors"),
            ("Most throttled users of DynamoDB data plane APIs", "dynamodb-throttled-users"),
            ("Top throttled DynamoDB data plane APIs", "dynamodb-throttled-apis"),
            ("Top throttled DynamoDB tables", "dynamodb-throttled-tables"),
        ],
    },
    ManagedDashboard {
        name: "AWSCloudTrail-S3DataEvents",
        widgets: &[
            ("S3 account activity", "s3-activity"),
            ("Most accessed objects", "s3-objects"),
            ("S3 top users", "s3-users"),
            ("Top S3 actions", "s3-actions"),
        ],
    },
    ManagedDashboard {
        name: "AWSCloudTrail-InsightsEvents",
        widgets: &[
            ("Insight types", "insight-types"),
            ("Insights by date", "insights-by-date"),
            ("API call rate Insights by event source", "insights-call-rate"),
            ("API error rate Insights by event source", "insights-error-rate"),
            ("Insights by top users", "insights-users"),
            ("Insights events", "insights-events"),
        ],
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_widget_has_a_question_of_one_kind_of_store() {
        for dashboard in dashboards().iter().chain([&HIGHLIGHTS]) {
            let mut aliases: Vec<String> = dashboard.widgets().map(|widget| widget.alias()).collect();
            assert!(dashboard.widgets().all(|widget| widget.question.of == dashboard.of()), "{}", dashboard.name);
            // What the model lets an alias, and a list of parameters, be.
            assert!(dashboard.widgets().all(|widget| widget.question.widget().parameters.len() <= 10));
            assert!(aliases.iter().all(|alias| alias.len() <= 256), "{aliases:?}");
            let all = aliases.len();
            aliases.sort();
            aliases.dedup();
            assert!(aliases.len() == all && (4..=10).contains(&all), "{}: {all}", dashboard.name);
        }
    }
}
