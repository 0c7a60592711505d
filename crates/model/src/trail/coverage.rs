//! Which records a trail wants.

use super::Trail;
use crate::account::leader_region;
use crate::record::routed::Routed;

impl Trail {
    /// Does this trail, as it is set now, deliver `event`? The record's own account and Region count.
    pub fn wants(&self, event: &Routed<'_>) -> bool {
        let account = event.account().unwrap_or(self.arn.account.as_str());
        let region = event.aws_region.as_deref().unwrap_or(self.arn.region.as_str());
        self.wants_at(account, region, event)
    }

    /// Does this trail deliver `event`, which arrived for `account` in `region`?
    pub fn wants_at(&self, account: &str, region: &str, event: &Routed<'_>) -> bool {
        self.is_logging
            && self.arn.account.as_str() == account
            && self.covers_region(region, event)
            && self.selectors.matches(event)
            && (self.recursive_logging || !self.is_own_delivery(event))
    }

    /// A multi-Region trail covers every Region, global services included. Another covers its home Region; records of
    /// global services lie in the partition's leading Region (since November 2021), so that the flag has an effect only
    /// on a trail that is at home there (CloudTrail user guide, "Global service events").
    fn covers_region(&self, region: &str, event: &Routed<'_>) -> bool {
        if self.is_multi_region {
            return true;
        }
        let is_excluded = || !self.include_global_service_events && is_of_global_service(&self.arn.partition, event);
        self.arn.region.as_str() == region && !is_excluded()
    }

    /// Was this record made by the delivery of log files into the trail's bucket?
    fn is_own_delivery(&self, event: &Routed<'_>) -> bool {
        let is_delivery = event.user_identity.invoked_by.as_deref() == Some("cloudtrail.amazonaws.com")
            && event.event_source.as_deref() == Some("s3.amazonaws.com")
            && event.event_name.as_deref() == Some("PutObject");
        is_delivery
            && event.resources.iter().filter_map(|resource| resource.arn.as_deref()).any(|arn| self.is_in_bucket(arn))
    }

    fn is_in_bucket(&self, arn: &str) -> bool {
        let path = arn.split_once(":s3:::").map_or("", |(_, path)| path);
        path.split('/').next() == Some(self.bucket.as_str())
    }
}

/// IAM, CloudFront and STS through its global endpoint are recorded in the partition's leading Region.
fn is_of_global_service(partition: &str, event: &Routed<'_>) -> bool {
    if event.aws_region.as_deref() != Some(leader_region(partition)) {
        return false;
    }
    match event.event_source.as_deref() {
        Some("iam.amazonaws.com" | "cloudfront.amazonaws.com") => true,
        Some("sts.amazonaws.com") => event.tls_host.as_deref() == Some("sts.amazonaws.com"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use opentrail_stdx::Timestamp;
    use serde_json::{Value, json};

    use super::*;
    use crate::selectors::{DataResource, DataResourceInput};
    use crate::selectors::{EventSelector, EventSelectorInput, SelectorSubject, Selectors, SelectorsInput};

    const ACCOUNT: &str = "123456789012";

    fn trail(home: &str) -> Trail {
        Trail {
            arn: format!("arn:aws:cloudtrail:{home}:{ACCOUNT}:trail/main").parse().expect("valid"),
            bucket: "logs".to_owned(),
            prefix: None,
            sns_topic: None,
            include_global_service_events: true,
            is_multi_region: false,
            log_file_validation: false,
            cloudwatch_logs: None,
            kms_key_id: None,
            is_organization: false,
            recursive_logging: true,
            selectors: Selectors::default(),
            has_custom_event_selectors: false,
            insight_selectors: Vec::new(),
            aggregations: Vec::new(),
            tags: Vec::new(),
            is_logging: true,
            started_at: None,
            stopped_at: None,
            chain_started_at: None,
            created_at: Timestamp::EPOCH,
        }
    }

    fn event(source: &str, region: &str) -> Value {
        json!({"eventSource": source, "awsRegion": region, "recipientAccountId": ACCOUNT, "eventCategory": "Management"})
    }

    fn wants(trail: &Trail, record: &Value) -> bool {
        let text = serde_json::to_vec(record).expect("text");
        trail.wants(&Routed::parse(&text).expect("record"))
    }

    #[test]
    fn one_region_or_all() {
        let single = trail("eu-west-1");
        let multi = Trail { is_multi_region: true, ..trail("eu-west-1") };
        for (region, expected) in [("eu-west-1", true), ("us-east-1", false)] {
            assert_eq!(wants(&single, &event("ec2.amazonaws.com", region)), expected);
            assert!(wants(&multi, &event("ec2.amazonaws.com", region)));
        }
        assert!(!wants(&multi, &json!({"awsRegion": "eu-west-1", "recipientAccountId": "999999999999"})));
        assert!(wants(&single, &json!({"awsRegion": "eu-west-1", "userIdentity": {"accountId": ACCOUNT}})));
        assert!(!wants(&Trail { is_logging: false, ..single }, &event("ec2.amazonaws.com", "eu-west-1")));
    }

    #[test]
    fn global_services_are_at_home_in_the_leading_region() {
        let global = event("iam.amazonaws.com", "us-east-1");
        let leader = trail("us-east-1");
        let without = Trail { include_global_service_events: false, ..leader.clone() };
        assert!(wants(&leader, &global));
        assert!(!wants(&without, &global));
        assert!(wants(&without, &event("ec2.amazonaws.com", "us-east-1")));
        assert!(!wants(&trail("eu-west-1"), &global));
        assert!(wants(&Trail { is_multi_region: true, ..trail("eu-west-1") }, &global));
        let mut sts = event("sts.amazonaws.com", "us-east-1");
        assert!(wants(&without, &sts));
        sts["tlsDetails"] = json!({"clientProvidedHostHeader": "sts.amazonaws.com"});
        assert!(!wants(&without, &sts));
    }

    #[test]
    fn the_place_of_arrival_can_be_given() {
        let record = br#"{"eventCategory":"Management"}"#;
        let event = Routed::parse(record).expect("record");
        assert!(trail("eu-west-1").wants_at(ACCOUNT, "eu-west-1", &event));
        assert!(!trail("eu-west-1").wants_at(ACCOUNT, "eu-west-2", &event));
        assert!(!trail("eu-west-1").wants_at("999999999999", "eu-west-1", &event));
    }

    fn delivery(bucket: &str) -> Value {
        json!({
            "eventSource": "s3.amazonaws.com", "eventName": "PutObject", "awsRegion": "us-east-1",
            "recipientAccountId": ACCOUNT, "eventCategory": "Data", "readOnly": false,
            "userIdentity": {"type": "AWSService", "invokedBy": "cloudtrail.amazonaws.com"},
            "resources": [
                {"type": "AWS::S3::Object", "ARN": format!("arn:aws:s3:::{bucket}/AWSLogs/x.json.gz")},
                {"accountId": ACCOUNT, "type": "AWS::S3::Bucket", "ARN": format!("arn:aws:s3:::{bucket}")},
            ],
        })
    }

    #[test]
    fn a_trail_need_not_log_its_own_deliveries() {
        let resource = DataResource { kind: "AWS::S3::Object".to_owned(), values: vec!["arn:aws:s3".to_owned()] };
        let selectors =
            Selectors::Basic(vec![EventSelector { data_resources: vec![resource], ..EventSelector::default() }]);
        let recursive = Trail { selectors, ..trail("us-east-1") };
        let plain = Trail { recursive_logging: false, ..recursive.clone() };
        assert!(wants(&recursive, &delivery("logs")));
        assert!(!wants(&plain, &delivery("logs")));
        assert!(wants(&plain, &delivery("logs2")));
        let mut by_user = delivery("logs");
        by_user["userIdentity"] = json!({"type": "IAMUser"});
        assert!(wants(&plain, &by_user));
    }

    #[test]
    fn stored_form_round_trips_and_forgives_absent_members() {
        let input = EventSelectorInput {
            data_resources: Some(vec![DataResourceInput {
                kind: Some("AWS::S3::Object".to_owned()),
                values: Some(vec!["arn:aws:s3:::bucket/".to_owned()]),
            }]),
            ..EventSelectorInput::default()
        };
        let input = SelectorsInput { basic: Some(vec![input]), advanced: None };
        let selectors = Selectors::validate(input, SelectorSubject::Trail, "aws").expect("valid");
        let full = Trail { selectors, started_at: Some(Timestamp::from_ms(1)), ..trail("us-east-1") };
        let stored = serde_json::to_string(&full).expect("text");
        assert_eq!(serde_json::from_str::<Trail>(&stored).expect("valid"), full);
    }
}
