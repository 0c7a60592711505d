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
