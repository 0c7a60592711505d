/** Free-form JSON, as records carry it. */
export type Json = null | boolean | number | string | Json[] | { [member: string]: Json };
export type JsonObject = Record<string, Json>;

export interface SessionIssuer {
  type?: string;
  principalId?: string;
  arn?: string;
  accountId?: string;
  userName?: string;
}

export interface UserIdentity {
  type?: string;
  principalId?: string;
  arn?: string;
  accountId?: string;
  accessKeyId?: string;
  userName?: string;
  invokedBy?: string;
  identityProvider?: string;
  sessionContext?: {
    sessionIssuer?: SessionIssuer;
    attributes?: { creationDate?: string; mfaAuthenticated?: string };
    sourceIdentity?: string;
    webIdFederationData?: { federatedProvider?: string };
  };
}

/** The members of a CloudTrail record that the console reads; records have many more. Any may be absent. */
export interface TrailRecord {
  eventVersion?: string;
  userIdentity?: UserIdentity;
  eventTime?: string;
  eventSource?: string;
  eventName?: string;
  awsRegion?: string;
  sourceIPAddress?: string;
  userAgent?: string;
  errorCode?: string;
  errorMessage?: string;
  requestParameters?: JsonObject | null;
  responseElements?: JsonObject | null;
  additionalEventData?: JsonObject | null;
  serviceEventDetails?: JsonObject | null;
  requestID?: string;
  eventID?: string;
  readOnly?: boolean;
  resources?: { ARN?: string; accountId?: string; type?: string }[];
  eventType?: string;
  managementEvent?: boolean;
  eventCategory?: string;
  recipientAccountId?: string;
  sharedEventID?: string;
  vpcEndpointId?: string;
  tlsDetails?: { tlsVersion?: string; cipherSuite?: string; clientProvidedHostHeader?: string };
  sessionCredentialFromConsole?: string;
}

/** An event that a search found: its record, and the record's own text, which is what is copied and exported. */
export interface FoundEvent {
  id: string;
  /** ISO 8601, to the millisecond. */
  time: string;
  record: TrailRecord;
  text: string;
}

/** Reads what a line of a search's answer holds. Records of odd shape are shown as far as they go. */
export function foundEvent(line: { Time: string; Event: string; Position: number }): FoundEvent {
  const parsed = JSON.parse(line.Event) as unknown;
  const record = (isObject(parsed) ? parsed : {}) as TrailRecord;
  const id = typeof record.eventID === 'string' ? record.eventID : `position-${String(line.Position)}`;
  return { id, time: line.Time, record, text: line.Event };
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member of free-form JSON by its path (`credentials.accessKeyId`), if it is a text. */
export function textAt(json: Json | undefined, path: string): string | undefined {
  let at: Json | undefined = json;
  for (const member of path.split('.')) at = isObject(at) ? at[member] : undefined;
  return typeof at === 'string' && at !== '' ? at : undefined;
}
