import { describe, expect, test } from 'vitest';

import type { TrailRecord } from '../records/record';
import { textOf } from './part';
import { particle } from './particles';
import { sentenceOf } from './sentence';
import { wordsOf } from './verbs';

const benjamin: TrailRecord = { userIdentity: { type: 'IAMUser', userName: 'benjamin' }, sourceIPAddress: '1.2.3.4' };
const withMfa = { ...benjamin.userIdentity, sessionContext: { attributes: { mfaAuthenticated: 'true' } } };
const deploying: TrailRecord = {
  userIdentity: { type: 'AssumedRole', arn: 'arn:aws:sts::123456789012:assumed-role/Deploy/ci-42' },
  sourceIPAddress: '10.0.0.7',
};

const CASES: [string, TrailRecord, string, string][] = [
  [
    'a hand-tuned one',
    {
      ...benjamin,
      userIdentity: withMfa,
      eventName: 'CreateAccessKey',
      requestParameters: { userName: 'alice' },
      responseElements: { accessKey: { accessKeyId: 'AKIAEXAMPLE' } },
    },
    'benjamin created access key AKIAEXAMPLE for alice from 1.2.3.4 with MFA.',
    'benjamin이(가) 1.2.3.4에서 MFA를 사용해 alice의 액세스 키 AKIAEXAMPLE을(를) 생성했습니다.',
  ],
  [
    'one that was refused, of which the answer is not known',
    { ...benjamin, eventName: 'CreateAccessKey', errorCode: 'AccessDenied', requestParameters: { userName: 'alice' } },
    'benjamin tried to create access key for alice from 1.2.3.4, but was not allowed to (AccessDenied).',
    'benjamin이(가) 1.2.3.4에서 alice의 액세스 키를 생성하려고 했지만 거부되었습니다(AccessDenied).',
  ],
  [
    'one by the general rule',
    { ...benjamin, eventName: 'CreateNetworkAcl', eventSource: 'ec2.amazonaws.com', requestParameters: { vpcId: 'vpc-1' } },
    'benjamin created network acl vpc-1 in ec2 from 1.2.3.4.',
    'benjamin이(가) 1.2.3.4에서 ec2에서 network acl vpc-1을 생성했습니다.',
  ],
  [
    'one that only looks',
    { ...deploying, eventName: 'ListAttachedUserPolicies', eventSource: 'iam.amazonaws.com', requestParameters: { userName: 'alice' } },
    'ci-42 (role Deploy) listed attached user policies of alice in iam from 10.0.0.7.',
    'Deploy 역할의 ci-42 세션이 10.0.0.7에서 iam에서 alice의 연결된 사용자 정책을 조회했습니다.',
  ],
  [
    'a failure that is no refusal',
    { ...deploying, eventName: 'DescribeInstances', eventSource: 'ec2.amazonaws.com', errorCode: 'Client.RequestLimitExceeded' },
    'ci-42 (role Deploy) tried to look at instances in ec2 from 10.0.0.7, but it failed (Client.RequestLimitExceeded).',
    'Deploy 역할의 ci-42 세션이 10.0.0.7에서 ec2에서 인스턴스를 조회하려고 했지만 실패했습니다(Client.RequestLimitExceeded).',
  ],
  [
    'a sign-in that failed says so in its answer',
    {
      userIdentity: { type: 'Root' },
      eventName: 'ConsoleLogin',
      sourceIPAddress: '1.2.3.4',
      responseElements: { ConsoleLogin: 'Failure' },
      additionalEventData: { MFAUsed: 'No' },
    },
    'the root user tried to sign in to the console from 1.2.3.4, but it failed (Failure).',
    '루트 사용자가 1.2.3.4에서 콘솔에 로그인하려고 했지만 실패했습니다(Failure).',
  ],
  [
    'a service that calls for somebody',
    { ...benjamin, eventName: 'CreateRole', eventSource: 'iam.amazonaws.com', sourceIPAddress: 'cloudformation.amazonaws.com', requestParameters: { roleName: 'r' } },
    'benjamin created role r in iam through cloudformation.amazonaws.com.',
    'benjamin이(가) cloudformation.amazonaws.com을(를) 통해 iam에서 역할 r을(를) 생성했습니다.',
  ],
  [
    'several things at once',
    {
      ...benjamin,
      eventName: 'TerminateInstances',
      requestParameters: { instancesSet: { items: ['i-1', 'i-2', 'i-3', 'i-4', 'i-5'].map((instanceId) => ({ instanceId })) } },
    },
    'benjamin terminated instance i-1, i-2, i-3 +2 from 1.2.3.4.',
    'benjamin이(가) 1.2.3.4에서 인스턴스 i-1, i-2, i-3 +2를 종료했습니다.',
  ],
  [
    'a name that is no verb and a noun',
    { ...benjamin, eventName: 'BatchGetTraces', eventSource: 'xray.amazonaws.com' },
    'benjamin called BatchGetTraces in xray from 1.2.3.4.',
    'benjamin이(가) 1.2.3.4에서 xray에서 BatchGetTraces을(를) 호출했습니다.',
  ],
  ['a record that says nothing', {}, 'somebody called ?.', '누군가가 ?을(를) 호출했습니다.'],
];

describe('a sentence', () => {
  test.each(CASES)('%s, in English', (_, record, english) => {
    expect(textOf(sentenceOf(record, 'en'))).toBe(english);
  });

  test.each(CASES)('%s, in Korean', (_, record, _english, korean) => {
    expect(textOf(sentenceOf(record, 'ko'))).toBe(korean);
  });

  test('leads to those it names', () => {
    const [, record] = CASES[0] ?? [];
    const links = sentenceOf(record ?? {}, 'en').flatMap((part) => part.to ?? []);
    expect(links).toEqual([
      { kind: 'user', id: 'benjamin' },
      { kind: 'key', id: 'AKIAEXAMPLE' },
      { kind: 'resource', name: 'alice' },
      { kind: 'address', address: '1.2.3.4' },
    ]);
  });
});

test('names of calls are taken apart, abbreviations whole', () => {
  expect(wordsOf('CreateVPCEndpoint').noun).toBe('VPC endpoint');
  expect(wordsOf('ListFunctions20150331').noun).toBe('functions');
  expect(wordsOf('GetBucketAcl')).toMatchObject({ verb: { did: 'read' }, noun: 'bucket acl' });
  expect(wordsOf('Constructor').verb).toBeUndefined();
});

test('particles follow the sound before them', () => {
  expect(['키', '역할', 'i-1', 'i-2', 'alice', '정책 (x)'].map((word) => particle(word, '을/를'))).toEqual([
    '를', '을', '을', '를', '을(를)', '을(를)',
  ]);
});
