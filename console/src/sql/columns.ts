/** The columns of event data stores, by what they hold; compared with the server's in a test. */

import type { Category } from '../selectors/fields';

export interface Column {
  readonly name: string;
  readonly type: string;
  /** The members of a struct, or of the structs in an array. */
  readonly members?: readonly Column[];
}

const text = (names: string): Column[] => names.split(' ').map((name) => ({ name, type: 'varchar' }));
const maps = (names: string): Column[] => names.split(' ').map((name) => ({ name, type: 'map(varchar, varchar)' }));
const row = (name: string, members: readonly Column[]): Column => ({ name, type: 'row', members });
const rows = (name: string, members: readonly Column[]): Column => ({ name, type: 'array(row)', members });
const TIME: Column = { name: 'eventTime', type: 'timestamp(3)' };
const JSON_COLUMNS = text('eventJson eventJsonChecksum');

const SESSION_CONTEXT = row('sessionContext', [
  row('attributes', [{ name: 'creationDate', type: 'timestamp(3)' }, ...text('mfaAuthenticated')]),
  row('sessionIssuer', text('type principalId arn accountId userName')),
  row('webIdFederationData', [...text('federatedProvider'), ...maps('attributes')]),
  ...text('sourceIdentity ec2RoleDelivery ec2IssuedInVpc'),
]);

const EVENTS: readonly Column[] = [
  TIME,
  ...text('eventName eventSource awsRegion sourceIPAddress userAgent errorCode errorMessage'),
  row('userIdentity', [
    ...text('type principalId arn accountId accessKeyId userName'),
    SESSION_CONTEXT,
    row('onBehalfOf', text('userId identityStoreArn')),
    row('inScopeOf', text('sourceArn sourceAccount issuerType credentialsIssuedTo')),
    ...text('invokedBy identityProvider'),
  ]),
  ...maps('requestParameters responseElements additionalEventData'),
  ...text('requestID eventID'),
  { name: 'readOnly', type: 'boolean' },
  rows('resources', text('accountId type arn arnPrefix')),
  ...text('eventType apiVersion'),
  { name: 'managementEvent', type: 'boolean' },
  ...text('recipientAccountId sharedEventID annotation vpcEndpointId vpcEndpointAccountId'),
  ...maps('serviceEventDetails addendum edgeDeviceDetails insightDetails'),
  ...text('eventCategory eventVersion'),
  row('tlsDetails', text('tlsVersion cipherSuite clientProvidedHostHeader')),
  ...text('sessionCredentialFromConsole'),
  ...JSON_COLUMNS,
  row('eventContext', [
    ...maps('requestContext'),
    row('tagContext', [...maps('principalTags'), rows('resourceTags', [...text('arn'), ...maps('tags')])]),
  ]),
];

const HEAD: readonly Column[] = [
  TIME,
  ...text('eventVersion eventCategory eventType eventID awsRegion recipientAccountId'),
];

const NUMBERS = (names: string): Column[] => names.split(' ').map((name) => ({ name, type: 'double' }));

const INSIGHTS: readonly Column[] = [
  ...HEAD,
  ...text('sharedEventID insightSource insightState insightEventSource insightEventName insightErrorCode insightType'),
  row('insightContext', [
    ...NUMBERS('baselineAverage insightAverage'),
    { name: 'baselineDuration', type: 'integer' },
    { name: 'insightDuration', type: 'integer' },
    rows('attributions', [
      ...text('attribute'),
      rows('insight', [...text('value'), ...NUMBERS('average')]),
      rows('baseline', [...text('value'), ...NUMBERS('average')]),
    ]),
  ]),
  ...maps('addendum'),
];

const CONFIGURATION_ITEMS: readonly Column[] = [
  ...HEAD,
  row('eventData', [
    ...text('configurationItemVersion configurationItemCaptureTime configurationItemStatus'),
    ...text('configurationItemStateId accountId resourceType resourceId resourceName arn awsRegion'),
    ...text('availabilityZone resourceCreationTime'),
    ...maps('configuration supplementaryConfiguration'),
    ...text('relatedEvents'),
    rows('relationships', text('name resourceType resourceId resourceName')),
    ...maps('tags'),
  ]),
  ...maps('addendum'),
  ...JSON_COLUMNS,
];

const EVIDENCE: readonly Column[] = [
  ...HEAD,
  row('eventData', [
    ...maps('attributes'),
    ...text('awsAccountId awsOrganization complianceCheck dataSource eventName eventSource evidenceAwsAccountId'),
    ...text('evidenceByType iamId evidenceId'),
    { name: 'time', type: 'timestamp(3)' },
    ...text('assessmentId controlSetId controlId controlName controlDomainName frameworkName frameworkId service'),
    ...text('serviceCategory resourceArn resourceType evidenceFolderId description manualEvidenceS3ResourcePath'),
    ...text('evidenceFolderName resourceComplianceCheck'),
  ]),
  ...maps('addendum'),
];

const ACTIVITY: readonly Column[] = [
  ...HEAD,
  row('metadata', text('ingestionTime channelArn')),
  row('eventData', [
    ...text('version'),
    row('userIdentity', [...text('type principalId'), ...maps('details')]),
    ...text('userAgent eventSource eventName eventTime uid'),
    ...maps('requestParameters responseElements'),
    ...text('errorCode errorMessage sourceIPAddress recipientAccountId'),
    ...maps('additionalEventData'),
  ]),
  row('addendum', text('reason updatedFields originalUID originalEventID')),
];

export function columnsOf(category: Category): readonly Column[] {
  switch (category) {
    case 'Insight':
      return INSIGHTS;
    case 'ConfigurationItem':
      return CONFIGURATION_ITEMS;
    case 'Evidence':
      return EVIDENCE;
    case 'ActivityAuditLog':
      return ACTIVITY;
    default:
      return EVENTS;
  }
}
