//! The CloudTrail API as types, generated from the AWS service model
