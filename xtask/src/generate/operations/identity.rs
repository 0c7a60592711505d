//! Who may do what, and who became whom.

use super::{Operation, read, write};

const NO_ENTITY: &[(&str, &str)] = &[("NoSuchEntityException", "The role with name <role> cannot be found.")];
const NO_USER: &[(&str, &str)] = &[("NoSuchEntityException", "The user with name <user> cannot be found.")];
const ROLE: &str = r#"[{"accountId":"<account>","type":"AWS::IAM::Role","ARN":"arn:aws:iam::<account>:role/<role>"}]"#;
const CREDENTIALS: &str = r#"{"credentials":{"accessKeyId":"<akid>","sessionToken":"<page><page>","expiration":"<time>"},"assumedRoleUser":{"assumedRoleId":"<roleid>:<service>","arn":"arn:aws:sts::<account>:assumed-role/<role>/<service>"}}"#;

pub(super) const ALL: &[Operation] = &[
    read("sts", "AssumeRole", 8_800).asks(r#"{"roleArn":"arn:aws:iam::<account>:role/<role>","roleSessionName":"<service>","durationSeconds":3600}"#).answers(CREDENTIALS).touches(ROLE),
    read("sts", "AssumeRoleWithWebIdentity", 900).asks(r#"{"roleArn":"arn:aws:iam::<account>:role/<role>","roleSessionName":"<service>","durationSeconds":3600}"#).answers(CREDENTIALS).touches(ROLE).fails(&[("ExpiredTokenException", "Token expired: current date/time must be before the expiration date/time")]),
    read("sts", "GetCallerIdentity", 1_700),
    write("sts", "GetSessionToken", 40).asks(r#"{"durationSeconds":43200}"#).answers(r#"{"credentials":{"accessKeyId":"<akid>","expiration":"<time>","sessionToken":"<page><page>"}}"#),
    read("iam", "GetUser", 500).asks(r#"{"userName":"<user>"}"#).fails(NO_USER),
    read("iam", "GetRole", 1_100).asks(r#"{"roleName":"<role>"}"#).fails(NO_ENTITY),
    read("iam", "ListRoles", 250).asks(r#"{"maxItems":1000}"#),
    read("iam", "ListUsers", 150),
    read("iam", "ListAttachedRolePolicies", 700).asks(r#"{"roleName":"<role>"}"#).fails(NO_ENTITY),
    read("iam", "ListRolePolicies", 600).asks(r#"{"roleName":"<role>"}"#).fails(NO_ENTITY),
    read("iam", "GetRolePolicy", 300).asks(r#"{"roleName":"<role>","policyName":"<policy>"}"#),
    read("iam", "GetPolicy", 300).asks(r#"{"policyArn":"arn:aws:iam::<account>:policy/<policy>"}"#),
    read("iam", "GetPolicyVersion", 300).asks(r#"{"policyArn":"arn:aws:iam::<account>:policy/<policy>","versionId":"v<small>"}"#),
    read("iam", "ListAccessKeys", 200).asks(r#"{"userName":"<user>"}"#),
    read("iam", "GetAccountSummary", 120),
    read("iam", "SimulatePrincipalPolicy", 60).asks(r#"{"policySourceArn":"arn:aws:iam::<account>:role/<role>","actionNames":["s3:GetObject"],"resourceArns":["arn:aws:s3:::<bucket>/*"]}"#),
    write("iam", "CreateRole", 25).asks(r#"{"path":"/","roleName":"<role>","assumeRolePolicyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"lambda.amazonaws.com\"},\"Action\":\"sts:AssumeRole\"}]}","description":"<words>","maxSessionDuration":3600,"tags":[{"key":"stack","value":"<stack>"}]}"#)
        .answers(r#"{"role":{"path":"/","roleName":"<role>","roleId":"<roleid>","arn":"arn:aws:iam::<account>:role/<role>","createDate":"<time>","assumeRolePolicyDocument":"%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Principal%22%3A%7B%22Service%22%3A%22lambda.amazonaws.com%22%7D%2C%22Action%22%3A%22sts%3AAssumeRole%22%7D%5D%7D","tags":[{"key":"stack","value":"<stack>"}]}}"#)
        .fails(&[("EntityAlreadyExistsException", "Role with name <role> already exists.")]),
    write("iam", "DeleteRole", 18).asks(r#"{"roleName":"<role>"}"#).fails(&[("DeleteConflictException", "Cannot delete entity, must detach all policies first.")]),
    write("iam", "AttachRolePolicy", 40).asks(r#"{"roleName":"<role>","policyArn":"arn:aws:iam::<account>:policy/<policy>"}"#).fails(NO_ENTITY),
    write("iam", "PutRolePolicy", 30).asks(r#"{"roleName":"<role>","policyName":"<policy>","policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"s3:GetObject\",\"s3:PutObject\"],\"Resource\":\"arn:aws:s3:::<bucket>/*\"},{\"Effect\":\"Allow\",\"Action\":\"kms:Decrypt\",\"Resource\":\"arn:aws:kms:<region>:<account>:key/<kms>\"}]}"}"#).fails(&[("MalformedPolicyDocumentException", "Syntax errors in policy.")]),
    write("iam", "CreatePolicyVersion", 20).asks(r#"{"policyArn":"arn:aws:iam::<account>:policy/<policy>","policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"dynamodb:*\",\"Resource\":\"arn:aws:dynamodb:<region>:<account>:table/<table>\"}]}","setAsDefault":true}"#)
        .answers(r#"{"policyVersion":{"versionId":"v<small>","isDefaultVersion":true,"createDate":"<time>"}}"#).fails(&[("LimitExceededException", "A managed policy can have up to 5 versions.")]),
    write("iam", "CreateAccessKey", 6).asks(r#"{"userName":"<user>"}"#).answers(r#"{"accessKey":{"userName":"<user>","accessKeyId":"<akid>","status":"Active","createDate":"<time>"}}"#).fails(NO_USER),
    write("iam", "DeleteAccessKey", 5).asks(r#"{"userName":"<user>","accessKeyId":"<akid>"}"#),
    write("iam", "CreateUser", 3).asks(r#"{"userName":"<user>"}"#).answers(r#"{"user":{"path":"/","userName":"<user>","userId":"<roleid>","arn":"arn:aws:iam::<account>:user/<user>","createDate":"<time>"}}"#).fails(&[("EntityAlreadyExistsException", "User with name <user> already exists.")]),
    write("iam", "UpdateAssumeRolePolicy", 8).asks(r#"{"roleName":"<role>","policyDocument":"{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::<account>:root\"},\"Action\":\"sts:AssumeRole\"}]}"}"#),
    read("organizations", "DescribeOrganization", 150),
    read("organizations", "ListAccounts", 120).asks(r#"{"maxResults":20}"#),
    read("sso-directory", "DescribeUser", 90).asks(r#"{"identityStoreId":"d-9<small>","userId":"<uuid>"}"#),
    read("cognito-idp", "DescribeUserPool", 120).asks(r#"{"userPoolId":"<pool>"}"#),
    write("cognito-idp", "AdminInitiateAuth", 250).asks(r#"{"userPoolId":"<pool>","clientId":"HIDDEN_DUE_TO_SECURITY_REASONS","authFlow":"ADMIN_USER_PASSWORD_AUTH","authParameters":"HIDDEN_DUE_TO_SECURITY_REASONS"}"#).adds(r#"{"sub":"<uuid>"}"#).fails(&[("NotAuthorizedException", "Incorrect username or password.")]),
];
