import { texts } from '../i18n/language';
import { errorOf, userNameOf } from '../records/identity';
import type { TrailRecord } from '../records/record';
import { resourcesOf } from '../records/resources';

/** What events can be searched by; the names are the API's. */
export const ATTRIBUTES = [
  'event-name',
  'username',
  'event-source',
  'resource-name',
  'resource-type',
  'source-ip',
  'error-code',
  'access-key-id',
  'region',
  'read-only',
  'user-arn',
  'account',
  'category',
  'event-id',
] as const;

export type Attribute = (typeof ATTRIBUTES)[number];

export function isAttribute(name: string): name is Attribute {
  return (ATTRIBUTES as readonly string[]).includes(name);
}

export const ATTRIBUTE_TEXT = texts<Record<Attribute, string>>(
  {
    'event-name': 'Event name',
    username: 'User name',
    'event-source': 'Event source',
    'resource-name': 'Resource name',
    'resource-type': 'Resource type',
    'source-ip': 'Source IP address',
    'error-code': 'Error code',
    'access-key-id': 'Access key ID',
    region: 'Region',
    'read-only': 'Read-only',
    'user-arn': 'Caller’s ARN',
    account: 'Account',
    category: 'Category',
    'event-id': 'Event ID',
  },
  {
    'event-name': '이벤트 이름',
    username: '사용자 이름',
    'event-source': '이벤트 소스',
    'resource-name': '리소스 이름',
    'resource-type': '리소스 유형',
    'source-ip': '소스 IP 주소',
    'error-code': '오류 코드',
    'access-key-id': '액세스 키 ID',
    region: '리전',
    'read-only': '읽기 전용',
    'user-arn': '호출자 ARN',
    account: '계정',
    category: '범주',
    'event-id': '이벤트 ID',
  },
);

/** The value of an attribute that a record's own text tells; resources have several, of which the first is meant. */
export function valueOf(attribute: Attribute, record: TrailRecord): string | undefined {
  switch (attribute) {
    case 'event-name':
      return record.eventName;
    case 'username':
      return userNameOf(record);
    case 'event-source':
      return record.eventSource;
    case 'resource-name':
      return resourcesOf(record)[0];
    case 'resource-type':
      return record.resources?.find((resource) => resource.type !== undefined)?.type;
    case 'source-ip':
      return record.sourceIPAddress;
    case 'error-code':
      return errorOf(record);
    case 'access-key-id':
      return record.userIdentity?.accessKeyId;
    case 'region':
      return record.awsRegion;
    case 'read-only':
      return record.readOnly === undefined ? undefined : String(record.readOnly);
    case 'user-arn':
      return record.userIdentity?.arn;
    case 'account':
      return record.recipientAccountId;
    case 'category':
      return record.eventCategory;
    case 'event-id':
      return record.eventID;
  }
}
