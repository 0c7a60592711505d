// Events that tell a story: alice goes over two roles to a bucket and opens it to the world, among everyday calls of others.
import { createHash } from 'node:crypto';

export const ACCOUNT = '123837392027';
export const KEYS = { alice: 'AKIAIOSFODNN7ALICE01', jump: 'ASIAIOSFODNN7JUMP001', deploy: 'ASIAIOSFODNN7DEPLOY1' };
export const SESSIONS = {
  jump: `arn:aws:sts::${ACCOUNT}:assumed-role/Jump/alice-at-work`,
  deploy: `arn:aws:sts::${ACCOUNT}:assumed-role/Deploy/release-42`,
};
export const BUCKET = 'ledger-of-the-company';

const alice = { type: 'IAMUser', principalId: 'AIDAALICE', arn: `arn:aws:iam::${ACCOUNT}:user/alice`, accountId: ACCOUNT, accessKeyId: KEYS.alice, userName: 'alice' };
const session = (role, name, key) => ({
  type: 'AssumedRole',
  principalId: `AROA${role.toUpperCase()}:${name}`,
  arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${name}`,
  accountId: ACCOUNT,
  accessKeyId: key,
  sessionContext: {
    sessionIssuer: { type: 'Role', arn: `arn:aws:iam::${ACCOUNT}:role/${role}`, userName: role, accountId: ACCOUNT },
    attributes: { mfaAuthenticated: 'true', creationDate: '2026-01-01T00:00:00Z' },
  },
});
const jump = session('Jump', 'alice-at-work', KEYS.jump);
const deploy = session('Deploy', 'release-42', KEYS.deploy);

const assumed = (role, name, key) => ({
  eventSource: 'sts.amazonaws.com',
  eventName: 'AssumeRole',
  readOnly: true,
  requestParameters: { roleArn: `arn:aws:iam::${ACCOUNT}:role/${role}`, roleSessionName: name },
  responseElements: {
    credentials: { accessKeyId: key, sessionToken: 'token', expiration: 'Jan 1, 2030, 1:00:00 AM' },
    assumedRoleUser: { assumedRoleId: `AROA${role.toUpperCase()}:${name}`, arn: `arn:aws:sts::${ACCOUNT}:assumed-role/${role}/${name}` },
  },
});

const policy = (principal) => ({
  eventSource: 's3.amazonaws.com',
  eventName: 'PutBucketPolicy',
  requestParameters: {
    bucketName: BUCKET,
    bucketPolicy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: principal, Action: 's3:GetObject', Resource: `arn:aws:s3:::${BUCKET}/*` }] },
  },
  resources: [{ type: 'AWS::S3::Bucket', ARN: `arn:aws:s3:::${BUCKET}`, accountId: ACCOUNT }],
});

/** What alice did, minutes before `now`. */
const DEEDS = [
  [50, { userIdentity: alice, ...assumed('Jump', 'alice-at-work', KEYS.jump) }],
  [48, { userIdentity: jump, ...assumed('Deploy', 'release-42', KEYS.deploy) }],
  [45, { userIdentity: deploy, eventSource: 's3.amazonaws.com', eventName: 'CreateBucket', requestParameters: { bucketName: BUCKET } }],
  [44, { userIdentity: deploy, ...policy(`arn:aws:iam::${ACCOUNT}:root`) }],
  [40, { userIdentity: deploy, eventSource: 'iam.amazonaws.com', eventName: 'CreateUser', errorCode: 'AccessDenied', errorMessage: 'not authorized to perform iam:CreateUser', requestParameters: { userName: 'backup-operator' } }],
  [30, { userIdentity: deploy, ...policy('*') }],
  [20, {
    userIdentity: alice,
    eventSource: 'iam.amazonaws.com',
    eventName: 'CreateAccessKey',
    requestParameters: { userName: 'carol' },
    responseElements: { accessKey: { accessKeyId: 'AKIAIOSFODNN7CAROL01', userName: 'carol', status: 'Active' } },
  }],
];

const EVERYDAY = [
  ['ec2.amazonaws.com', 'DescribeInstances', true],
  ['s3.amazonaws.com', 'ListBuckets', true],
  ['iam.amazonaws.com', 'ListUsers', true],
  ['ec2.amazonaws.com', 'DescribeSecurityGroups', true],
  ['lambda.amazonaws.com', 'ListFunctions20150331', true],
  ['logs.amazonaws.com', 'CreateLogStream', false],
];
const PEOPLE = ['bob', 'carol', 'dave', 'erin', 'frank'];
export const EVERYDAY_COUNT = 3_000;

/** All records, as a log file has them. */
export function story(now) {
  const deeds = DEEDS.map(([minutes, deed], index) => record(now - minutes * 60_000, `deed-${index}`, { sourceIPAddress: '203.0.113.77', ...deed }));
  const everyday = Array.from({ length: EVERYDAY_COUNT }, (_, index) => {
    const [eventSource, eventName, readOnly] = EVERYDAY[(index * 7) % EVERYDAY.length];
    const userName = PEOPLE[(index * index) % PEOPLE.length];
    const failed = index % 23 === 0 ? { errorCode: 'Client.UnauthorizedOperation', errorMessage: 'not authorized' } : {};
    return record(now - 3_600_000 - index * 25_000, `day-${index}`, {
      userIdentity: { type: 'IAMUser', arn: `arn:aws:iam::${ACCOUNT}:user/${userName}`, accountId: ACCOUNT, accessKeyId: `AKIAIOSFODNN7${userName.toUpperCase().padEnd(7, '0')}`, userName },
      eventSource,
      eventName,
      readOnly,
      sourceIPAddress: `198.51.100.${index % 40}`,
      requestParameters: eventName === 'CreateLogStream' ? { logGroupName: '/app/prod', logStreamName: `stream-${index}` } : null,
      ...failed,
    });
  });
  return { Records: [...deeds, ...everyday] };
}

function record(at, seed, members) {
  const hash = createHash('sha256').update(seed).digest('hex');
  return {
    eventVersion: '1.11',
    eventTime: `${new Date(at).toISOString().slice(0, 19)}Z`,
    awsRegion: hash.startsWith('0') ? 'eu-west-1' : 'us-east-1',
    userAgent: 'aws-cli/2.27.0',
    readOnly: false,
    requestID: hash.slice(0, 16).toUpperCase(),
    eventID: `${hash.slice(0, 8)}-${hash.slice(8, 12)}-4${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`,
    eventType: 'AwsApiCall',
    managementEvent: true,
    recipientAccountId: ACCOUNT,
    eventCategory: 'Management',
    responseElements: null,
    ...members,
  };
}
