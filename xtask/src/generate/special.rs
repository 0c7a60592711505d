//! Records that aren't ordinary calls: insights, network activity, service events and sign-ins.

use super::actors::Actor;
use super::random::Random;
use super::record::{Family, put};
use super::template::{Scene, Template};

/// The templates of the special records.
#[derive(Debug)]
pub(super) struct Special {
    insight: Template,
    network: Template,
    blocked: Template,
    rotation: Template,
    signed_in: Template,
    sign_in_failed: Template,
}

impl Special {
    pub(super) fn new() -> anyhow::Result<Self> {
        Ok(Self {
            insight: Template::parse(
                r#"{"eventVersion":"1.09","eventTime":"<time>","awsRegion":"<region>","eventID":"<uuid>","eventType":"AwsCloudTrailInsight","recipientAccountId":"<account>","sharedEventID":"<uuid>","insightDetails":{"state":"Start","eventSource":"ssm.amazonaws.com","eventName":"GetParameter","insightType":"ApiCallRateInsight","insightContext":{"statistics":{"baseline":{"average":0.<small>},"insight":{"average":<small>.5},"insightDuration":<small>,"baselineDuration":10<small>},"attributions":[{"attribute":"userIdentityArn","insight":[{"value":"arn:aws:sts::<account>:assumed-role/<role>","average":<small>.25}],"baseline":[{"value":"arn:aws:sts::<account>:assumed-role/<role>","average":0.0001}]},{"attribute":"userAgent","insight":[{"value":"aws-cdk/2.149.0","average":1.0}],"baseline":[]},{"attribute":"errorCode","insight":[{"value":"null","average":1.0}],"baseline":[{"value":"null","average":0.0001}]}]}},"eventCategory":"Insight"}"#,
            )?,
            network: Template::parse(
                r#","eventTime":"<time>","eventSource":"kms.amazonaws.com","eventName":"Decrypt","awsRegion":"<region>","sourceIPAddress":"<address>","requestID":"<uuid>","eventID":"<uuid>","eventType":"AwsVpceEvent","recipientAccountId":"<account>","sharedEventID":"<uuid>","vpcEndpointId":"<endpoint>","vpcEndpointAccountId":"<account>","eventCategory":"NetworkActivity"}"#,
            )?,
            blocked: Template::parse(
                r#","eventTime":"<time>","eventSource":"s3.amazonaws.com","eventName":"PutObject","awsRegion":"<region>","sourceIPAddress":"<address>","errorCode":"VpceAccessDenied","errorMessage":"The request was denied due to a VPC endpoint policy","requestID":"<uuid>","eventID":"<uuid>","eventType":"AwsVpceEvent","recipientAccountId":"<account>","sharedEventID":"<uuid>","vpcEndpointId":"<endpoint>","vpcEndpointAccountId":"<account>","eventCategory":"NetworkActivity"}"#,
            )?,
            rotation: Template::parse(
                r#"{"eventVersion":"1.11","userIdentity":{"accountId":"<account>","invokedBy":"AWS Internal"},"eventTime":"<time>","eventSource":"kms.amazonaws.com","eventName":"RotateKey","awsRegion":"<region>","sourceIPAddress":"AWS Internal","userAgent":"AWS Internal","requestParameters":null,"responseElements":null,"eventID":"<uuid>","readOnly":false,"resources":[{"accountId":"<account>","type":"AWS::KMS::Key","ARN":"arn:aws:kms:<region>:<account>:key/<kms>"}],"eventType":"AwsServiceEvent","managementEvent":true,"recipientAccountId":"<account>","serviceEventDetails":{"rotationType":"AUTOMATIC","keyId":"arn:aws:kms:<region>:<account>:key/<kms>"},"eventCategory":"Management"}"#,
            )?,
            signed_in: Template::parse(
                r#""requestParameters":null,"responseElements":{"ConsoleLogin":"Success"},"additionalEventData":{"LoginTo":"https://console.aws.amazon.com/console/home?state=hashArgs","MobileVersion":"No","MFAUsed":"Yes"}"#,
            )?,
            sign_in_failed: Template::parse(
                r#""errorMessage":"Failed authentication","requestParameters":null,"responseElements":{"ConsoleLogin":"Failure"},"additionalEventData":{"LoginTo":"https://console.aws.amazon.com/console/home?state=hashArgs","MobileVersion":"No","MFAUsed":"No"}"#,
            )?,
        })
    }

    pub(super) fn insight(&self, scene: &Scene<'_>, random: &mut Random, out: &mut Vec<u8>) -> Family {
        self.insight.fill(scene, random, out);
        Family::Insight
    }

    pub(super) fn network_activity(
        &self,
        scene: &Scene<'_>,
        actor: &Actor,
        random: &mut Random,
        out: &mut Vec<u8>,
    ) -> Family {
        put(out, &[br#"{"eventVersion":"1.09","userIdentity":"#, &actor.identity]);
        let template = if random.chance(15) { &self.blocked } else { &self.network };
        template.fill(scene, random, out);
        Family::NetworkActivity
    }

    pub(super) fn service_event(&self, scene: &Scene<'_>, random: &mut Random, out: &mut Vec<u8>) -> Family {
        self.rotation.fill(scene, random, out);
        Family::Calls
    }

    pub(super) fn sign_in(&self, scene: &Scene<'_>, actor: &Actor, random: &mut Random, out: &mut Vec<u8>) -> Family {
        put(out, &[br#"{"eventVersion":"1.08","userIdentity":"#, &actor.identity, br#","eventTime":""#]);
        super::calendar::instant(scene.time, out);
        put(
            out,
            &[
                br#"","eventSource":"signin.amazonaws.com","eventName":"ConsoleLogin","awsRegion":""#,
                scene.region.as_bytes(),
            ],
        );
        put(
            out,
            &[br#"","sourceIPAddress":""#, &actor.address, br#"","userAgent":""#, actor.agent.as_bytes(), br#"","#],
        );
        let template = if random.chance(12) { &self.sign_in_failed } else { &self.signed_in };
        template.fill(scene, random, out);
        out.extend_from_slice(br#","eventID":""#);
        random.uuid(out);
        put(
            out,
            &[br#"","readOnly":false,"eventType":"AwsConsoleSignIn","managementEvent":true,"recipientAccountId":""#],
        );
        put(
            out,
            &[scene.account_id.as_bytes(), br#"","eventCategory":"Management","tlsDetails":{"tlsVersion":"TLSv1.3","#],
        );
        out.extend_from_slice(
            br#""cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"signin.aws.amazon.com"}}"#,
        );
        Family::Calls
    }
}
