//! IAM and STS.

use super::{Rule, asked, asked_by, told};

/// A user that is created is listed by name, id and ARN (seen).
pub(super) const IAM: &[Rule] = {
    const USER: &str = "AWS::IAM::User";
    const ROLE: &str = "AWS::IAM::Role";
    const GROUP: &str = "AWS::IAM::Group";
    const POLICY: &str = "AWS::IAM::Policy";
    const PROFILE: &str = "AWS::IAM::InstanceProfile";
    const ACCESS_KEY: &str = "AWS::IAM::AccessKey";
    &[
        asked("userName", USER),
        told("user.userName", USER),
        told("user.userId", USER),
        told("user.arn", USER),
        asked("newUserName", USER),
        asked("roleName", ROLE),
        told("role.roleName", ROLE),
        told("role.roleId", ROLE),
        told("role.arn", ROLE),
        asked("groupName", GROUP),
        told("group.groupName", GROUP),
        told("group.groupId", GROUP),
        told("group.arn", GROUP),
        asked("newGroupName", GROUP),
        asked("policyName", POLICY),
        told("policy.policyName", POLICY),
        told("policy.policyId", POLICY),
        told("policy.arn", POLICY),
        asked("policyArn", POLICY),
        asked("instanceProfileName", PROFILE),
        told("instanceProfile.instanceProfileName", PROFILE),
        told("instanceProfile.instanceProfileId", PROFILE),
        told("instanceProfile.arn", PROFILE),
        asked("accessKeyId", ACCESS_KEY),
        told("accessKey.accessKeyId", ACCESS_KEY),
        told("accessKey.userName", USER),
        asked("serialNumber", "AWS::IAM::MfaDevice"),
        told("virtualMFADevice.serialNumber", "AWS::IAM::MfaDevice"),
        asked("serverCertificateName", "AWS::IAM::ServerCertificate"),
        asked("sAMLProviderArn", "AWS::IAM::SAMLProvider"),
        asked("openIDConnectProviderArn", "AWS::IAM::OIDCProvider"),
    ]
};

/// A session is listed by the key that it got, by its name, id and ARN, and by its role (seen).
pub(super) const STS: &[Rule] = &[
    told("credentials.accessKeyId", "AWS::IAM::AccessKey"),
    asked("roleSessionName", "AWS::STS::AssumedRole"),
    told("assumedRoleUser.assumedRoleId", "AWS::STS::AssumedRole"),
    told("assumedRoleUser.arn", "AWS::STS::AssumedRole"),
    asked("roleArn", "AWS::IAM::Role"),
    asked_by("GetFederationToken", "name", "AWS::STS::FederatedUser"),
    told("federatedUser.arn", "AWS::STS::FederatedUser"),
];
